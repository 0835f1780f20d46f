"""Step 2 as one thing: the account exists and those concerned are told of it, or neither."""

from city import City
from domain import credentials, notices
from domain.notices import Letters
from models import Account, write


def join(token: str, username: str, password: str, email: str, letters: Letters, city: City) -> Account:
    """Create the account of the person identified by `token`, and write the messages that follow.

    Raises: UsernameTaken, AccountExists.
    """
    password_hash = credentials.hash_password(password)
    with write():
        account = credentials.create_account(token, username, password_hash, email)
        notices.account_created(account, letters, city)
    return account
