"""A new password or user code for someone signed in."""

from peewee import IntegrityError

from city import City
from domain.access import credentials, doors
from domain.common import audit
from domain.common.letters import Letters
from domain.people import household
from models import Account, Session, write


def change_password(mine: Session, current: str, new: str, letters: Letters, city: City) -> None:
    """Change a password, the present one being known; every other way in is closed and the file is told.

    Raises: WrongCredentials, WeakPassword.
    """
    account = mine.account
    checked = credentials.verify(account, current)
    credentials.check_password(new, account.person, account.username, city.passwords.refused)
    hashed = credentials.hash_password(new)
    with write():
        credentials.want_unchanged(checked)
        credentials.change_password(account, hashed)
        doors.close(account, but=mine)
        household.tell_of_change(account, "password_changed", letters, city)
        audit.by_resident(account, audit.Act.PASSWORD_CHANGED)


def close_others(mine: Session) -> int:
    """Close every way into an account but one browser; return how many others were signed out."""
    with write():
        audit.by_resident(mine.account, audit.Act.OTHERS_CLOSED)
        return doors.close(mine.account, but=mine)


def change_username(account: Account, current: str, username: str, letters: Letters, city: City) -> None:
    """Change a user code, the password being known; the file is told. Raises: WrongCredentials, UsernameTaken."""
    checked = credentials.verify(account, current)
    try:
        with write():
            credentials.want_unchanged(checked)
            Account.update(username=username, username_key=credentials.fold(username)).where(
                Account.id == account.id
            ).execute()
            household.tell_of_change(account, "username_changed", letters, city)
            audit.by_resident(account, audit.Act.USERNAME_CHANGED)
    except IntegrityError:
        raise credentials.UsernameTaken from None
