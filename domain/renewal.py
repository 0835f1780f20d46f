"""A new password for someone signed in."""

from domain import credentials, household, outbox
from domain.notices import Letters
from models import Session, utcnow, write


def change_password(mine: Session, current: str, new: str, refused_words: list[str], letters: Letters) -> None:
    """Change a password, the present one being known; every other session ends and the file is told.

    Raises: WrongCredentials, WeakPassword.
    """
    account = mine.account
    credentials.verify(account, current)
    credentials.check_password(new, account.person, account.username, refused_words)
    hashed = credentials.hash_password(new)
    with write():
        credentials.change_password(account, hashed)
        Session.delete().where(Session.account == account, Session.id != mine.id).execute()
        values = {"person": account.person, "moment": utcnow()}
        outbox.write(household.address_of(account.person), *letters.write("password_changed", **values))
