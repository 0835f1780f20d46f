"""The private address by which a resident's calendar asks for her days: whoever has it reads them, without signing in.

It is worked out of a nonce under the portal's own key: the database alone, or a copy of it, opens no calendar.
"""

import hmac
import secrets
from contextlib import suppress
from datetime import datetime

from city import City
from domain.common import audit, clock, letter_limits, outbox
from domain.common.letters import Letters
from domain.common.pseudonyms import pseudonym
from domain.people import household
from models import Account, CalendarLink, Person, write

LENGTH = 40  # of the address: 20 of the nonce, 20 of its seal: 80 bits each


class NoSuchLink(Exception):
    """Tried to read a calendar by an address that is nobody's, or is nobody's any more."""


def make(account: Account, letters: Letters, city: City) -> str:
    """Give an account an address, and tell its holder; return what it ends with, for the only time.

    The one before opens nothing any more. Whoever has a minute at a browser left open would read her days for years,
    and no session would show it; but she cannot read the address that is there without ending it.
    """
    nonce = secrets.token_hex(LENGTH // 4)
    with write():
        _forget(account)
        CalendarLink.create(account=account, nonce=nonce, made_at=clock.now())
        audit.by_resident(account, audit.Act.CALENDAR_MADE)
        _tell(account, letters, city)
    return _token(nonce)


def revoke(account: Account) -> None:
    """Take an account's address back."""
    with write():
        _forget(account)
        audit.by_resident(account, audit.Act.CALENDAR_STOPPED)


def made_at(account: Account) -> datetime | None:
    """Return when an account's address was made, in UTC; None when it has none."""
    link = CalendarLink.get_or_none(CalendarLink.account == account)
    return link.made_at if link else None


def account_of(token: str) -> Account:
    """Return whose address it is. Raises: NoSuchLink."""
    nonce = token[: LENGTH // 2]
    link = CalendarLink.get_or_none(CalendarLink.nonce == nonce)
    if not hmac.compare_digest(_token(nonce).encode(), token.encode()) or link is None:
        raise NoSuchLink
    account = Account.get_by_id(link.account_id)
    if account.person.status == Person.DECEASED:
        raise NoSuchLink
    return account


def _forget(account: Account) -> None:
    CalendarLink.delete().where(CalendarLink.account == account).execute()


def _tell(account: Account, letters: Letters, city: City) -> None:
    """Write to an account's holder, in the caller's transaction, unless whoever she was set apart from may read it."""
    address = household.address_of(account.person)
    if not address or household.is_read_by_who_is_apart(account, city):
        return
    with suppress(letter_limits.TooManyLetters):
        letter_limits.count("calendar_made", address)
        outbox.write(address, *letters.write("calendar_made", person=account.person, moment=clock.now()))


def _token(nonce: str) -> str:
    return nonce + pseudonym(f"calendar {nonce}")[: LENGTH // 2]
