"""An address that was changed is told, with a link that puts it back for a week: its owner may not have changed it."""

import secrets
from contextlib import suppress
from datetime import timedelta

from peewee import IntegrityError

from city import City
from domain.access import credentials, doors, password_reset
from domain.common import audit, clock, outbox
from domain.common.letters import Letters
from domain.people import household
from domain.people.corrections import ChangedSince, Correction, correct
from models import Account, Person, PreviousEmail, digest, write

VALID_FOR = timedelta(days=7)


class BadUndo(Exception):
    """Tried to put an address back with a link that is unknown, used or too old, or somebody else has the address."""


def offer(account: Account, letters: Letters, city: City, on_card: str | None = None) -> None:
    """Tell an account's confirmed address, in the caller's transaction, that another is about to take its place.

    `on_card` is what her card's file said, if that changes too: it is put back with the rest.

    Someone the city set apart may be leaving a mailbox that another reads: nothing goes there, nor to one that stands
    on another adult's card.
    """
    before = account.confirmed_email
    if not before or household.is_set_apart(account.person_id):
        return
    if household.is_anothers_too(before, account.person, city):
        return
    token = secrets.token_urlsafe(32)
    values = {"email": before, "on_card": on_card, "expires_at": clock.now() + VALID_FOR}
    PreviousEmail.create(token_digest=digest(token), account=account, **values)
    outbox.write(before, *letters.write("email_changed", person=account.person, moment=clock.now(), token=token))


def waiting(token: str) -> PreviousEmail:
    """Return what a link puts back. Raises: BadUndo."""
    row = PreviousEmail.get_or_none(PreviousEmail.token_digest == digest(token), PreviousEmail.expires_at > clock.now())
    if row is None:
        raise BadUndo
    return row


def undo(token: str) -> str:
    """Put an address back and close every way into the account, its password too; return a new password's token.

    Addresses given since were in other hands: their links are void. Raises: BadUndo.
    """
    lost = credentials.hash_password(secrets.token_urlsafe(32))
    with write():
        row = waiting(token)
        account = row.account
        values = {"email": row.email, "email_key": credentials.fold(row.email), "email_confirmed_at": clock.now()}
        try:
            Account.update(**values).where(Account.id == account.id).execute()
        except IntegrityError:
            raise BadUndo from None
        _put_back_on_card(account, row)
        PreviousEmail.delete().where(PreviousEmail.account == account, PreviousEmail.id >= row.id).execute()
        doors.close(account)
        credentials.change_password(account, lost)
        audit.by_resident(account, audit.Act.EMAIL_PUT_BACK)
        return password_reset.open_link(account)


def _put_back_on_card(account: Account, row: PreviousEmail) -> None:
    """Have a card say what it said before, unless the city or its file changed it since."""
    person = account.person
    if row.on_card is None or credentials.fold(person.email) != credentials.fold(account.confirmed_email):
        return
    with suppress(ChangedSince):
        correct(person, {"email": Correction(person.email, row.on_card)}, "")


def forget_of(person: Person) -> None:
    """Delete the links of who is set apart, in the caller's transaction: another may read the mailbox of before."""
    PreviousEmail.delete().where(PreviousEmail.account.in_(Account.select().where(Account.person == person))).execute()


def forget_expired() -> None:
    """Delete the links whose week is over."""
    with write():
        PreviousEmail.delete().where(PreviousEmail.expires_at <= clock.now()).execute()
