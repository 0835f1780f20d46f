"""Who saw or changed what, and when: written in the transaction it tells of, never changed afterwards."""

from enum import StrEnum

from peewee import fn

from models import Account, AuditEvent, NotedLook, Person, StaffAccount, StaffSession, write

PAGE_ROWS = 50


class Act(StrEnum):
    """What may be noted; its words stand in views/messages/staff."""

    STAFF_ADDED = "staff added"
    STAFF_RESET = "staff reset"
    STAFF_ROLE = "staff role"
    STAFF_CLOSED = "staff closed"
    STAFF_PASSWORD = "staff password"  # noqa: S105  what happened, no password
    STAFF_SIGNED_IN = "staff signed in"
    STAFF_SIGNED_OUT = "staff signed out"
    SIGNED_IN = "signed in"
    SIGNED_IN_ANEW = "signed in, new browser"
    SIGNED_OUT = "signed out"
    SECOND_FACTOR_SET_UP = "second factor set up"
    RECOVERY_CODE_USED = "recovery code used"
    FILE_OPENED = "file opened"
    REGISTERING_OPENED = "registering opened"
    PAYMENT_OPENED = "payment opened"
    INVOICE_OPENED = "invoice opened"
    CHANGE_READ = "change read"
    ACCOUNT_READ = "account to verify read"
    REQUEST_READ = "request read"
    REQUEST_ACCEPTED = "request accepted"
    REQUEST_REFUSED = "request refused"
    ALERT_SETTLED = "alert settled"
    MAIL_SENT_AGAIN = "mail sent again"
    OVERPAYMENT_RETURNED = "overpayment returned"
    CHARGE_HANDED_BACK = "charge handed back"
    ONE_TIME_CODE = "one-time code"
    CARD_UNBLOCKED = "card unblocked"
    SESSIONS_ENDED = "sessions ended"
    REFUND_ASKED = "refund asked"
    REFUND_HANDED_OVER = "refund handed over"
    PAYMENTS_EXPORTED = "payments exported"
    INCIDENT_RECORDED = "incident recorded"
    ACCOUNT_CREATED = "account created"
    ACCOUNT_CLOSED = "account closed"
    PASSWORD_CHANGED = "password changed"  # noqa: S105
    PASSWORD_RECOVERED = "password recovered"  # noqa: S105
    USERNAME_CHANGED = "username changed"
    PHONE_CHANGED = "phone changed"
    EMAIL_CHANGED = "email changed"
    EMAIL_CHANGE_CANCELLED = "email change cancelled"
    EMAIL_CONFIRMED = "email confirmed"
    EMAIL_PUT_BACK = "email put back"
    OTHERS_CLOSED = "others closed"
    CALENDAR_MADE = "calendar made"
    CALENDAR_STOPPED = "calendar stopped"
    CORRECTION_ASKED = "correction asked"
    DATA_DOWNLOADED = "data downloaded"
    FILE_CORRECTED = "file corrected"
    CHANGE_KEYED = "change keyed"
    CHANGE_KEPT = "change kept"
    CHANGE_GIVEN_UP = "change given up"
    RECEIPTS_ONLINE = "electronic receipts accepted"
    RECEIPTS_BY_MAIL = "electronic receipts declined"
    HOUSEHOLD_SPLIT = "household split"
    HOUSEHOLD_JOINED = "household joined"
    MEMBER_ASKED = "member asked"
    EMERGENCY_CONTACT = "emergency contact"
    ACCOUNT_VERIFIED = "account verified"
    REGISTERED_ON_BEHALF = "registered on behalf"
    RULES_PASSED = "rules passed"
    REGISTERED_FROM_PAPER = "registered from paper"
    DAY_PRINTED = "day printed"
    DESTRUCTION_APPROVED = "destruction approved"
    REVIEW_ASKED = "review asked"
    REVIEW_ANSWERED = "review answered"
    HEALTH_FORM_FILLED = "health form filled"
    HEALTH_FORM_CONFIRMED = "health form confirmed"
    HEALTH_FORM_READ = "health form read"
    ACCOMPANIMENT_ASKED = "accompaniment asked"
    ACCOMPANIMENT_READ = "accompaniment read"
    ACCOMPANIMENT_DECIDED = "accompaniment decided"


ENTRIES = (Act.SIGNED_IN, Act.SIGNED_IN_ANEW)  # of residents; their subject is the browser, such as Chrome, Android
COMINGS_AND_GOINGS = (*ENTRIES, Act.SIGNED_OUT)


def by_resident(account: Account, action: Act, person: Person | int | None = None, subject: str = "") -> None:
    """Note what a resident did, about herself unless told otherwise, in the caller's transaction."""
    about = account.person_id if person is None else person
    AuditEvent.create(
        actor_kind=AuditEvent.RESIDENT, actor=str(account.id), action=Act(action), person=about, subject=subject
    )


def by_staff(staff: StaffAccount, action: Act, person: Person | int | None = None, subject: str = "") -> None:
    """Note what a staff member saw or did, in the caller's transaction."""
    AuditEvent.create(
        actor_kind=AuditEvent.STAFF, actor=staff.username, action=Act(action), person=person, subject=subject
    )


def look(session: StaffSession, action: Act, person: Person | int | None = None, subject: str = "") -> None:
    """Note a look at somebody's file, once a visit: a staff session, which lasts a working day at most."""
    whose = person.id if isinstance(person, Person) else person
    with write():
        first = NotedLook.insert(session=session, look=f"{Act(action)} {whose} {subject}").on_conflict_ignore()
        if first.as_rowcount().execute():
            by_staff(session.staff, action, whose, subject)


def by_system(action: Act, person: Person | None = None, subject: str = "") -> None:
    """Note what a command or a job did, in the caller's transaction."""
    AuditEvent.create(actor_kind=AuditEvent.SYSTEM, action=Act(action), person=person, subject=subject)


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
