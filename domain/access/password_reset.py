"""A forgotten user code or password: mail goes to the e-mail on file, nothing shown tells whether an account exists."""

import secrets
from datetime import timedelta

from city import City
from domain.access import credentials, doors
from domain.common import audit, clock, outbox, rate_limits
from domain.common.codes import readable_secret
from domain.common.letters import Letters, Told
from domain.people import household
from models import Account, PasswordReset, Person, PreviousEmail, UnverifiedAccount, digest, write

LINK_VALID_FOR = timedelta(minutes=30)
CODE_VALID_FOR = timedelta(minutes=30)
LONGEST_CODE = 20  # ten letters, and what somebody may type around them
USERNAME, PASSWORD = "forgotten_username", "forgotten_password"


class BadReset(Exception):
    """Tried a link or a code that is unknown, used, or too old."""


def account_of_holder(card_number: str) -> Account | None:
    """Return the account of a card's holder, for those who have checked who asks."""
    return Account.select(Account, Person).join(Person).where(Person.card_number == card_number).first()


def account_of_email(email: str) -> Account | None:
    """Return the account that confirmed an e-mail."""
    key = credentials.fold(email)
    return Account.get_or_none(Account.email_key == key, Account.email_confirmed_at.is_null(False)) if key else None


def help_with(what: str, account: Account | None, letters: Letters, city: City) -> None:
    """Write to the e-mail on file what was forgotten; an account asked for too often is not written to again.

    An address that stands on two adults' cards is nobody's way in, nor is one of before the city set its holder apart:
    the counter reads out a code.
    """
    if account is None or rate_limits.is_reached(rate_limits.RECOVERIES, str(account.person_id)):
        rate_limits.note(rate_limits.RECOVERIES)  # as much work as for an account that exists
        return
    with write():
        rate_limits.count(rate_limits.RECOVERIES, str(account.person_id))
        address = household.address_of(account.person)
        another = household.is_anothers_too(address, account.person, city)
        if not address or another or household.is_read_by_who_is_apart(account, city):
            return
        values: dict[str, Told] = {"account": account, "person": account.person}
        if what == PASSWORD:
            values["token"] = open_link(account)
        outbox.write(address, *letters.write(what, **values), urgent=True)


def read_out(account: Account) -> str:
    """Return a one-time code for someone whose identity the counter has checked."""
    letters = readable_secret(10)
    with write():
        _open_way(account, letters, CODE_VALID_FOR)
    return f"{letters[:5]}-{letters[5:]}"


def plain(token_or_code: str) -> str:
    """Return a link's token as it is, a code as it was made: people type it small, with or without its hyphen."""
    bare = token_or_code.replace("-", "").replace(" ", "").upper()
    return bare if len(bare) == 10 else token_or_code


def is_code(secret: str) -> bool:
    """Tell a code, short enough to be guessed if nobody counted, from a link's 256 bits."""
    return len(secret) <= LONGEST_CODE


def open_link(account: Account) -> str:
    """Return the token of a link to a new password, in the caller's transaction."""
    token = secrets.token_urlsafe(32)
    _open_way(account, token, LINK_VALID_FOR)
    return token


def _open_way(account: Account, secret: str, valid_for: timedelta) -> None:
    PasswordReset.create(token_digest=digest(secret), account=account, expires_at=clock.now() + valid_for)


def waiting(token: str) -> PasswordReset:
    """Return what a link or a code opens. Raises: BadReset."""
    row = PasswordReset.get_or_none(PasswordReset.token_digest == digest(token), PasswordReset.expires_at > clock.now())
    if row is None:
        raise BadReset
    return row


def opens(token: str) -> bool:
    """Tell whether a link or a code opens something."""
    try:
        waiting(token)
    except BadReset:
        return False
    return True


def set_password(token: str, password: str, letters: Letters, city: City) -> Account:
    """Give an account a new password, once: every other way in is closed, the file is told.

    Raises: BadReset, also to the second of two who use one link at the same moment.
    """
    account = waiting(token).account
    hashed = credentials.hash_password(password)
    now = clock.now()
    with write():
        spent = (
            PasswordReset.update(used_at=now)
            .where(PasswordReset.token_digest == digest(token), PasswordReset.used_at.is_null())
            .execute()
        )
        if not spent:  # somebody was a moment ahead: the row is gone, with every other way in
            raise BadReset
        credentials.change_password(account, hashed)  # first: who is coming in by the one before waits, and is refused
        doors.close(account)
        if is_code(token):
            _is_its_holders(account)
        household.tell_of_change(account, "password_changed", letters, city, whatever=True)
        audit.by_resident(account, audit.Act.PASSWORD_RECOVERED)
    return account


def _is_its_holders(account: Account) -> None:
    """Let an account that the city had yet to verify be its holder's, in the caller's transaction: the counter saw her.

    A stranger may have opened it: the addresses given until then, and their links to be put back, are nobody's.
    """
    if not UnverifiedAccount.delete().where(UnverifiedAccount.account == account).execute():
        return
    PreviousEmail.delete().where(PreviousEmail.account == account).execute()
    nothing = {"email": "", "email_key": "", "email_confirmed_at": None}
    Account.update(**nothing).where(Account.id == account.id).execute()


def forget_expired() -> None:
    """Delete the ways that are closed."""
    with write():
        PasswordReset.delete().where(PasswordReset.expires_at < clock.now()).execute()
