"""When a card and a birth date are not enough: the counter, which has seen who it is, reads out a code or says so.

Someone set apart opens her account with a code: a former spouse knows her card and her birth date. An account whose
opening could be told to nobody shows no telephone, e-mail or address until the city has verified whose it is.
"""

from datetime import timedelta

from peewee import Expression

from domain.access.password_reset import plain
from domain.common import clock
from domain.common.codes import readable_secret
from domain.people import household
from models import Account, Person, SignUpCode, UnverifiedAccount, digest, write

CODE_VALID_FOR = timedelta(minutes=30)


class BadCode(Exception):
    """Tried to open an account for someone set apart with a code that is wrong, another's, used or too old."""


def wants_code(person: Person) -> bool:
    """Tell whether someone opens her account with a code from the counter."""
    return household.is_set_apart(person.id)


def read_out(person: Person) -> str:
    """Return a one-time code to open an account with, for someone whose identity the counter has checked."""
    letters = readable_secret(10)
    with write():
        SignUpCode.create(token_digest=digest(letters), person=person, expires_at=clock.now() + CODE_VALID_FOR)
    return f"{letters[:5]}-{letters[5:]}"


def check(person: Person, code: str) -> None:
    """Want a code that was read out to this person. Raises: BadCode."""
    if not SignUpCode.select().where(*_good(person, code)).exists():
        raise BadCode


def spend(person: Person, code: str) -> None:
    """Take a code, in the caller's transaction; the person's others go with it. Raises: BadCode."""
    if not SignUpCode.delete().where(*_good(person, code)).execute():
        raise BadCode
    SignUpCode.delete().where(SignUpCode.person == person).execute()


def _good(person: Person, code: str) -> tuple[Expression, ...]:
    return (
        SignUpCode.token_digest == digest(plain(code)),
        SignUpCode.person == person,
        SignUpCode.expires_at > clock.now(),
    )


def is_owed(account: Account) -> None:
    """Note, in the caller's transaction, that the city has yet to verify whose an account is."""
    UnverifiedAccount.create(account=account)


def owed() -> list[UnverifiedAccount]:
    """Return the accounts to verify, the oldest first."""
    rows = UnverifiedAccount.select(UnverifiedAccount, Account, Person).join(Account).join(Person)
    return list(rows.where(Person.status != Person.DECEASED).order_by(UnverifiedAccount.id))


def verify(account: Account) -> bool:
    """Note that an account is whose it says; return whether that was owed."""
    with write():
        return bool(UnverifiedAccount.delete().where(UnverifiedAccount.account == account).execute())


def forget_expired() -> None:
    """Delete the codes that are too old."""
    with write():
        SignUpCode.delete().where(SignUpCode.expires_at < clock.now()).execute()
