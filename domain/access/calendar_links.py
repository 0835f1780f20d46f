"""The private address by which a resident's calendar asks for her days: whoever has it reads them, without signing in.

It is worked out of a nonce under the portal's own key: the database alone, or a copy of it, opens no calendar.
"""

import hmac
import secrets

from domain.common import clock
from domain.common.pseudonyms import pseudonym
from models import Account, CalendarLink, Person, write

LETTERS = 40  # of the address: 20 of the nonce, 20 of its seal: 80 bits each


class NoSuchLink(Exception):
    """Tried to read a calendar by an address that is nobody's, or is nobody's any more."""


def make(account: Account) -> None:
    """Give an account an address; the one before opens nothing any more."""
    with write():
        _forget(account)
        CalendarLink.create(account=account, nonce=secrets.token_hex(LETTERS // 4), made_at=clock.now())


def revoke(account: Account) -> None:
    """Take an account's address back."""
    with write():
        _forget(account)


def token_of(account: Account) -> str:
    """Return what an account's address ends with, empty when it has none."""
    link = CalendarLink.get_or_none(CalendarLink.account == account)
    return _token(link.nonce) if link else ""


def account_of(token: str) -> Account:
    """Return whose address it is. Raises: NoSuchLink."""
    nonce = token[: LETTERS // 2]
    link = CalendarLink.get_or_none(CalendarLink.nonce == nonce)
    if not hmac.compare_digest(_token(nonce).encode(), token.encode()) or link is None:
        raise NoSuchLink
    account = Account.get_by_id(link.account_id)
    if account.person.status == Person.DECEASED:
        raise NoSuchLink
    return account


def _forget(account: Account) -> None:
    CalendarLink.delete().where(CalendarLink.account == account).execute()


def _token(nonce: str) -> str:
    return nonce + pseudonym(f"calendar {nonce}")[: LETTERS // 2]
