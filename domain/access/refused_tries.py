"""What every way in refused, counted by the hour. What was typed is never kept: people type passwords."""

from datetime import datetime, timedelta
from enum import StrEnum

from peewee import fn

from domain.common import clock, rate_limits
from domain.common.audit import ENTRIES
from models import Account, AuditEvent, RefusedTry, StaffAccount, write

KEPT_FOR = timedelta(days=366)
EVER = datetime(2000, 1, 1)  # before anybody came in


class Way(StrEnum):
    """What was refused; its words stand in views/messages/access."""

    PASSWORD = "password"  # noqa: S105  which way, no password
    PRESENT_PASSWORD = "present password"  # noqa: S105
    SECOND_FACTOR = "second factor"
    ONE_TIME_CODE = "one-time code"
    CARD = "card and birth date"
    PROOF = "proof of work"
    CLOSED = "closed for a while"  # a limit is reached: the right answer would be refused too


def note(way: Way, account: Account | None = None, staff: StaffAccount | None = None) -> None:
    """Count a refused try, whose account it was if that can be told: as much work when it cannot."""
    since = max(clock.now().replace(minute=0, second=0, microsecond=0), _last_entry(account))
    row = {"kind": way, "account": account, "staff": staff, "since": since}
    same = (RefusedTry.kind == way) & (RefusedTry.since == since)
    same &= RefusedTry.account.is_null() if account is None else RefusedTry.account == account
    same &= RefusedTry.staff.is_null() if staff is None else RefusedTry.staff == staff
    with write():
        RefusedTry.insert(row).on_conflict_ignore().execute()
        RefusedTry.update(count=RefusedTry.count + 1).where(same).execute()


def forget_expired() -> None:
    """Forget what was refused long ago: nobody asks any more what happened."""
    with write():
        RefusedTry.delete().where(RefusedTry.since < clock.now() - KEPT_FOR).execute()


def _last_entry(account: Account | None) -> datetime:
    """Return when somebody last came in: what was refused before is not counted with what is after."""
    person = account.person_id if account else 0
    last = AuditEvent.select(fn.MAX(AuditEvent.at)).where(AuditEvent.person == person, AuditEvent.action.in_(ENTRIES))
    return last.scalar() or EVER


def wrong_code(address: str) -> None:
    """Count a one-time code, or a link, that opens nothing."""
    rate_limits.note_from(rate_limits.WRONG_CODES, address)
    note(Way.ONE_TIME_CODE)


def takes_codes(address: str) -> bool:
    """Tell whether codes and links are taken from an address; past the limit the right one is refused too."""
    if rate_limits.is_crowded(rate_limits.WRONG_CODES, address):
        note(Way.CLOSED)
        return False
    return True


def wrong_present_password(account: Account) -> None:
    """Count a present password that is wrong, tried where somebody is signed in or holds a link."""
    rate_limits.note(rate_limits.PRESENT, str(account.person_id))
    note(Way.PRESENT_PASSWORD, account)


def takes_present_password(account: Account) -> bool:
    """Tell whether an account's present password may be tried; past the limit the right one is refused too."""
    if rate_limits.is_reached(rate_limits.PRESENT, str(account.person_id)):
        note(Way.CLOSED, account)
        return False
    return True


def count_since(account: Account, moment: datetime) -> int:
    """Return how many tries at an account were refused from the entry of that moment on."""
    rows = RefusedTry.select(fn.SUM(RefusedTry.count))
    return rows.where(RefusedTry.account == account, RefusedTry.since >= moment).scalar() or 0


def latest(limit: int) -> list[RefusedTry]:
    """Return the latest rows of everyone, the last first."""
    return list(RefusedTry.select().order_by(RefusedTry.since.desc(), RefusedTry.id.desc()).limit(limit))
