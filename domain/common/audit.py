"""Who saw or changed what, and when: written in the transaction it tells of, never changed afterwards."""

from peewee import fn

from models import Account, AuditEvent, Person, StaffAccount

PAGE_ROWS = 50


def by_resident(account: Account, action: str, person: Person | int | None = None, subject: str = "") -> None:
    """Note what a resident did, about herself unless told otherwise, in the caller's transaction."""
    about = account.person_id if person is None else person
    AuditEvent.create(
        actor_kind=AuditEvent.RESIDENT, actor=str(account.id), action=action, person=about, subject=subject
    )


def by_staff(staff: StaffAccount, action: str, person: Person | None = None, subject: str = "") -> None:
    """Note what a staff member saw or did, in the caller's transaction."""
    AuditEvent.create(actor_kind=AuditEvent.STAFF, actor=staff.username, action=action, person=person, subject=subject)


def by_system(action: str, person: Person | None = None, subject: str = "") -> None:
    """Note what a command or a job did, in the caller's transaction."""
    AuditEvent.create(actor_kind=AuditEvent.SYSTEM, action=action, person=person, subject=subject)


def page(number: int) -> tuple[list[AuditEvent], int]:
    """Return a page of the whole trail, the latest first, and how many pages there are.

    A page is fifty numbers, so that none is counted or passed over: where the database skipped one, it is a row short.
    """
    last = AuditEvent.select(fn.MAX(AuditEvent.id)).scalar() or 0
    up_to = last - (number - 1) * PAGE_ROWS
    rows = AuditEvent.select().where(AuditEvent.id > up_to - PAGE_ROWS, AuditEvent.id <= up_to)
    return list(rows.order_by(AuditEvent.id.desc())), -(-last // PAGE_ROWS)


def of(person: Person, limit: int = 100) -> list[AuditEvent]:
    """Return what concerns a person's file, the latest first."""
    return list(AuditEvent.select().where(AuditEvent.person == person).order_by(AuditEvent.id.desc()).limit(limit))
