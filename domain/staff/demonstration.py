"""The demonstration's accounts of the city's people, whose passwords and second factor everybody knows."""

import pyotp

from domain.access import credentials
from domain.staff import accounts, second_factor
from models import StaffAccount, StaffSession, digest, write


def open_account(username: str, role: str, password: str, secret: str, refused_words: list[str]) -> None:
    """Open an account by the way everybody takes, on a phone of this secret (base32); nothing when it is open.

    Raises: WeakPassword, UnknownRole.
    """
    temporary = _temporary(username, role)
    if temporary is None:
        return
    mine = StaffAccount.username_key == credentials.fold(username)
    token = accounts.sign_in(username, temporary)
    with write():  # after signing in, which has a phone set up anew
        StaffAccount.update(totp_secret=secret).where(mine).execute()
    session = StaffSession.get(StaffSession.token_digest == digest(token))
    second_factor.begin(session, password, pyotp.TOTP(secret).now(), refused_words)
    accounts.end_session(session)
    with write():  # the digits that opened it serve once more
        StaffAccount.update(totp_last_step=0).where(mine).execute()


def _temporary(username: str, role: str) -> str | None:
    """Return a temporary password of an account that is new, or was cut before it was ready."""
    try:
        return accounts.add(username, role)
    except accounts.NameTaken:
        staff = StaffAccount.get(StaffAccount.username_key == credentials.fold(username))
        return None if staff.totp_confirmed_at else accounts.reset(username)
