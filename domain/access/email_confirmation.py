"""Addresses that residents give: each counts once its link is pressed, and the one before is told."""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from peewee import IntegrityError, fn

from city import City
from domain.access import credentials, email_undo
from domain.access.credentials import fold
from domain.common import audit, clock, letter_limits, outbox
from domain.common.letters import Letters
from domain.people import household, mailboxes
from domain.people.corrections import ChangedSince, Correction, correct
from models import Account, EmailConfirmation, digest, write

LINK_VALID_FOR = timedelta(hours=48)


class BadLink(Exception):
    """Tried to confirm an address with a link that is unknown, used, too old, or replaced by a later one."""


class AddressTaken(Exception):
    """Tried to confirm an address (`email`) that another account has confirmed: a couple's mailbox, for one."""

    def __init__(self, email: str) -> None:
        super().__init__(email)
        self.email = email


def ask_confirmation(account: Account, email: str) -> str:
    """Record that an address waits for its confirmation; return the token of the link to send there."""
    token = secrets.token_urlsafe(32)
    with write():
        EmailConfirmation.create(
            token_digest=digest(token), account=account, email=email.strip(), expires_at=clock.now() + LINK_VALID_FOR
        )
    return token


def change(account: Account, password: str, email: str, letters: Letters, city: City) -> None:
    """Have a new address confirmed; until then the one before counts. The file hears of it.

    Raises: WrongCredentials, TooManyLetters.
    """
    checked = credentials.verify(account, password)
    with write():
        credentials.want_unchanged(checked)
        letter_limits.count_stranger(account.person_id, email)
        token = ask_confirmation(account, email)
        outbox.write(email.strip(), *letters.write("confirm_address", token=token), open_to_all=True)
        household.tell_of_change(account, "email_changing", letters, city)
        audit.by_resident(account, audit.Act.EMAIL_CHANGED)
        if not account.confirmed_email:
            Account.update(email=email.strip(), email_key=fold(email)).where(Account.id == account.id).execute()


def pending(token: str) -> EmailConfirmation:
    """Return what a link would confirm. Raises: BadLink."""
    row = EmailConfirmation.get_or_none(
        EmailConfirmation.token_digest == digest(token),
        EmailConfirmation.used_at.is_null(),
        EmailConfirmation.expires_at > clock.now(),
    )
    if row is None or row.id != _last_asked(row.account_id):
        raise BadLink
    return row


def _last_asked(account_id: int) -> int:
    rows = EmailConfirmation.select(EmailConfirmation.id).where(EmailConfirmation.account == account_id)
    return rows.order_by(EmailConfirmation.id.desc()).scalar()


def waiting(account: Account) -> str:
    """Return the address that an account waits to confirm, nothing when none does."""
    row = EmailConfirmation.get_or_none(
        EmailConfirmation.id == _last_asked(account.id),
        EmailConfirmation.used_at.is_null(),
        EmailConfirmation.expires_at > clock.now(),
    )
    return row.email if row else account.waiting_email


def cancel(account: Account) -> None:
    """Have no address wait any more: the links sent are void, the confirmed one stays."""
    with write():
        mine = EmailConfirmation.account == account
        EmailConfirmation.delete().where(mine, EmailConfirmation.used_at.is_null()).execute()
        never_confirmed = (Account.id == account.id) & Account.email_confirmed_at.is_null()
        Account.update(email="", email_key="").where(never_confirmed).execute()
        audit.by_resident(account, audit.Act.EMAIL_CHANGE_CANCELLED)


def asked_since(row: EmailConfirmation) -> datetime:
    """Return since when an account's address waits for its confirmation: the first link that was not pressed."""
    asked = EmailConfirmation.select(fn.MIN(EmailConfirmation.expires_at))
    unanswered = EmailConfirmation.used_at.is_null() | (EmailConfirmation.id == row.id)
    first: datetime = asked.where(EmailConfirmation.account == row.account_id, unanswered).scalar()
    return first - LINK_VALID_FOR


def want_owner(token: str, by: Account | None, password: str) -> None:
    """Want whoever presses a link to be signed in (`by`), or to know the password: before any transaction, it hashes.

    A mistyped address gives its stranger nothing. Raises: WrongCredentials, BadLink.
    """
    account = pending(token).account
    if by is None or by.id != account.id:
        credentials.verify(account, password)


def confirm(token: str, letters: Letters, city: City) -> EmailConfirmation:
    """Make an address count, once, its owner being there (`want_owner`); the one before is told.

    Her card's file says it too from then on, unless it may not (`_belongs_on_card`).
    Raises: BadLink, AddressTaken.
    """
    with write():
        row = pending(token)
        account = row.account
        on_card = account.person.email if _belongs_on_card(account, row.email, city) else None
        if fold(account.confirmed_email) != fold(row.email):
            email_undo.offer(account, letters, city, on_card)
        values = {"email": row.email, "email_key": fold(row.email), "email_confirmed_at": clock.now()}
        try:
            Account.update(**values).where(Account.id == row.account_id).execute()
        except IntegrityError:
            raise AddressTaken(row.email) from None
        if on_card is not None:
            with suppress(ChangedSince):  # somebody at the city corrects it at this moment: that holds
                correct(account.person, {"email": Correction(on_card, row.email)}, "")
        EmailConfirmation.update(used_at=clock.now()).where(EmailConfirmation.id == row.id).execute()
        audit.by_resident(account, audit.Act.EMAIL_CONFIRMED)
        mailboxes.settle(account.person, city)
    return row


def _belongs_on_card(account: Account, email: str, city: City) -> bool:
    """Tell whether an address that is confirmed takes the place of the one in the card's file.

    Only where there is none, or it is the one that the account confirmed before: who opened it may be a stranger, of
    whom the file's hears. Never while the city does not know whose the account is. Nor when either address is another
    adult's too: a mailbox that two read is nobody's way to recover, and would become one of whoever is left on it.
    """
    person = account.person
    if fold(person.email) == fold(email) or not household.reads_contacts(account):
        return False
    if person.email and fold(person.email) != fold(account.confirmed_email):
        return False
    return not any(household.is_anothers_too(one, person, city) for one in {person.email, email} - {""})
