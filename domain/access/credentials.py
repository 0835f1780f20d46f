"""Step 2: a user code and a password of one's own, and signing in with them."""

import re
import secrets
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from functools import cache
from importlib.metadata import distribution
from runpy import run_path
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerificationError
from peewee import IntegrityError

from domain.common import clock
from models import Account, AccountUse, Identification, Person, StaffAccount, digest, give_back, write
from settings import CHEAP, STRONG

Owner = TypeVar("Owner", Account, StaffAccount)

SHORTEST, LONGEST = 10, 128

HASHERS = {
    # t=2, m=19 MiB, p=1: OWASP's floor for argon2id, 18 ms a check instead of 104.
    STRONG: PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID),
    CHEAP: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID),
}
_hasher = HASHERS[STRONG]
# Of three threads that serve forms one hashes, one waits for it, and one is always left; a fourth serves the pages.
_at_the_door = threading.BoundedSemaphore(2)
_one_at_a_time = threading.Lock()
WAIT_SECONDS = 1


class WrongCredentials(Exception):
    """Tried to sign in with a user code and password that do not go together."""


class TooBusy(Exception):
    """Tried to hash a password while one is being hashed and another waits."""


class UsernameTaken(Exception):
    """Tried to create an account with a user code someone else has."""


class AccountExists(Exception):
    """Tried to create a second account for one card."""


class Weakness(StrEnum):
    """Why a password is refused; its words stand in views/messages/access."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    CITY = "city"
    OWN = "own"
    TEMPORARY = "temporary"


class WeakPassword(Exception):
    """Tried a password that others would guess."""

    def __init__(self, reason: Weakness) -> None:
        super().__init__(reason)
        self.reason = reason


def use_hashes(strength: str) -> None:
    """Hash passwords with one of HASHERS from now on, as the setting PASSWORD_HASHES says."""
    global _hasher
    _hasher = HASHERS[strength]
    _nobodys_hash.cache_clear()


def fold(text: str) -> str:
    """Return a text as it is compared: composed, without case, without the spaces around it."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def check_password(password: str, person: Person, username: str, refused_words: list[str]) -> None:
    """Refuse a password that is short, widely used, made of the city's words or of one's own name or card.

    Raises: WeakPassword.
    """
    check_words(password, [person.first_name, person.last_name, username], refused_words)
    if person.card_number[-6:] in password:
        raise WeakPassword(Weakness.OWN)


def check_words(password: str, own_words: list[str], refused_words: list[str]) -> None:
    """Refuse a password that is short, widely used, or made of the city's or of one's own words.

    The last of one's own words is the user code: it may not even stand inside. Raises: WeakPassword.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(Weakness.SHORT)
    if len(password) > LONGEST:
        raise WeakPassword(Weakness.LONG)
    folded = fold(password)
    if folded in _common_passwords() or len(set(folded)) < 4:
        raise WeakPassword(Weakness.COMMON)
    letters = re.sub(r"[^a-z]", "", _plain(folded))
    if _made_of(letters, [_plain(fold(word)) for word in refused_words]):
        raise WeakPassword(Weakness.CITY)
    own = [_plain(fold(word)) for word in own_words if word]
    if _made_of(letters, own) or fold(own_words[-1]) in folded:
        raise WeakPassword(Weakness.OWN)


@cache
def _common_passwords() -> frozenset[str]:
    """Return zxcvbn's common passwords that are long enough to be tried here.

    The file is read by its path: importing zxcvbn builds 12 MB of tables that nothing here uses.
    """
    source = distribution("zxcvbn").locate_file("zxcvbn/frequency_lists.py")
    lists = run_path(str(source))["FREQUENCY_LISTS"]
    return frozenset(word for word in lists["passwords"] if len(word) >= SHORTEST)


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _made_of(letters: str, words: list[str]) -> bool:
    """Tell whether nothing much is left of the letters once these words are taken out of them."""
    left = letters
    for word in sorted((word for word in words if len(word) >= 3), key=len, reverse=True):
        left = left.replace(re.sub(r"[^a-z]", "", word) or "\0", "")
    return left != letters and len(left) < 5


def create_account(token: str, username: str, password_hash: str, email: str) -> Account:
    """Create the account of the person identified by `token`, and spend that token.

    The e-mail is kept aside until confirmed. Raises: UsernameTaken, AccountExists (also when the token is spent: the
    form was sent twice).
    """
    with write():
        row = Identification.get_or_none(Identification.token_digest == digest(token))
        if row is None:
            raise AccountExists
        if Account.get_or_none(Account.username_key == fold(username)):
            raise UsernameTaken
        try:
            account = Account.create(
                person=row.person_id,
                username=username.strip(),
                username_key=fold(username),
                password_hash=password_hash,
                email=email.strip(),
                email_key=fold(email),
            )
        except IntegrityError:
            raise AccountExists from None
        AccountUse.create(account=account, used_at=clock.now())
        row.delete_instance()
    return account


@contextmanager
def hashing() -> Iterator[None]:
    """Hash alone, after one second's wait at most. Raises: TooBusy; peewee.OperationalError in a transaction."""
    give_back()  # who waits keeps no connection from the pages, and no other writer waiting
    if not _at_the_door.acquire(blocking=False):
        raise TooBusy
    try:
        if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
            raise TooBusy
        try:
            yield
        finally:
            _one_at_a_time.release()
    finally:
        _at_the_door.release()


@contextmanager
def in_turn() -> Iterator[None]:
    """Hash alone, however long one must wait: for a thread that serves no page. Raises: as `hashing`, but TooBusy."""
    give_back()
    with _one_at_a_time:
        yield


Alone = Callable[[], AbstractContextManager[None]]


def hash_password(password: str) -> str:
    """Return a password's argon2id hash. Raises: TooBusy."""
    with hashing():
        return _hasher.hash(password)


def sign_in(login: str, password: str, alone: Alone = hashing) -> Account:
    """Return the account of a user code, or of a confirmed e-mail, and its password.

    An unknown code takes as long as a wrong password; nobody enters as someone who died. `alone` is how one
    waits to hash. Raises: WrongCredentials, TooBusy.
    """
    account = check_hash(by_login(login), password, alone)
    if account.person.status == Person.DECEASED:
        raise WrongCredentials
    return account


def check_hash(account: Owner | None, password: str, alone: Alone = hashing) -> Owner:
    """Return an account that need not exist, if this is its whole password; an old hash is made anew.

    Raises: WrongCredentials.
    """
    fits = len(password) <= LONGEST
    with alone():
        kept = account.password_hash if account and fits else _nobodys_hash()
        try:
            _hasher.verify(kept, password[:LONGEST])
        except VerificationError:
            raise WrongCredentials from None
        anew = _hasher.hash(password) if account and fits and _hasher.check_needs_rehash(kept) else ""
    if account is None or not fits:
        raise WrongCredentials
    if anew:
        with write():
            want_unchanged(account)
            account.password_hash = anew
            account.save(only=["password_hash"])
    return account


def want_unchanged(account: Owner) -> None:
    """Want the password that was checked to count still, in the caller's transaction, and keep it so until its end.

    It was checked before, for who hashes holds no transaction: a separation or a reset may have voided it since.
    Raises: WrongCredentials.
    """
    table, checked = type(account), account.password_hash
    same = (table.id == account.id) & (table.password_hash == checked)
    if not table.update(password_hash=checked).where(same).execute():
        raise WrongCredentials


def by_login(login: str) -> Account | None:
    """Return the account of a user code, or of a confirmed e-mail."""
    key = fold(login)
    by_username = Account.get_or_none(Account.username_key == key)
    if by_username or not key:
        return by_username
    return Account.get_or_none(Account.email_key == key, Account.email_confirmed_at.is_null(False))


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


def hash_of_nobody() -> str:
    """Return the hash of a password that nobody has: it opens nothing until another is chosen. Raises: TooBusy."""
    return hash_password(secrets.token_urlsafe(16))


def verify(account: Account, password: str) -> Account:
    """Want an account's present password before something that matters; return it as it was checked.

    Raises: WrongCredentials.
    """
    return sign_in(account.username, password)


def change_password(account: Account, password_hash: str) -> None:
    """Write a new password, in the caller's transaction."""
    Account.update(password_hash=password_hash).where(Account.id == account.id).execute()
