"""Addresses that residents give: each counts once its link is pressed, and the one before is told."""

import secrets
from datetime import timedelta

from peewee import IntegrityError

from city import City
from domain.access import credentials
from domain.access.credentials import fold
from domain.common import audit, clock, outbox
from domain.common.letters import Letters
from domain.people import household
from models import Account, EmailConfirmation, digest, write

LINK_VALID_FOR = timedelta(hours=48)


class BadLink(Exception):
    """Tried to confirm an address with a link that is unknown, used, too old, or replaced by a later one."""


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

    Raises: WrongCredentials.
    """
    credentials.verify(account, password)
    with write():
        token = ask_confirmation(account, email)
        outbox.write(email.strip(), *letters.write("confirm_address", person=account.person, token=token))
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


def confirm(token: str) -> EmailConfirmation:
    """Make an address count, once. Raises: BadLink, also when someone else has confirmed it already."""
    with write():
        row = pending(token)
        values = {"email": row.email, "email_key": fold(row.email), "email_confirmed_at": clock.now()}
        try:
            Account.update(**values).where(Account.id == row.account_id).execute()
        except IntegrityError:
            raise BadLink from None
        EmailConfirmation.update(used_at=clock.now()).where(EmailConfirmation.id == row.id).execute()
    return row
