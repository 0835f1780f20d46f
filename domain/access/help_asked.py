"""Help that somebody not signed in asks for: noted alike whatever is known, looked up and answered by the worker.

What a page answers, and how long it takes, then tells nothing: neither whether a card and a date go together,
nor whether there is an account.
"""

import secrets
from datetime import date

from city import City
from domain.access import identification, password_reset
from domain.common import clock, outbox, rate_limits
from domain.common.letters import Letters
from domain.people import household
from models import Account, HelpAsked, Identification, Person, digest, write

CLOSED_CARD = "closed_card"
AT_ONCE = 50


def ask_by_card(what: str, card_number: str, birth_date: date, address: str) -> None:
    """Note what the holder of a card asks; `address` is whence. Raises: TooManyHere, whatever the card."""
    if rate_limits.is_crowded(rate_limits.IDENTIFICATIONS, address):
        raise rate_limits.TooManyHere
    with write():
        HelpAsked.create(what=what, card_number=card_number, birth_date=birth_date, address=address)


def ask_by_email(what: str, email: str, address: str) -> None:
    """Note what the owner of a confirmed e-mail asks."""
    with write():
        HelpAsked.create(what=what, email=email.strip(), address=address)


def answer_due(letters: Letters, city: City) -> int:
    """Answer what was asked, the oldest first; return how many there were."""
    waiting = list(HelpAsked.select().order_by(HelpAsked.id).limit(AT_ONCE))
    for asked in waiting:
        with write():
            if asked.delete_instance():  # another process may have been first
                _answer(asked, letters, city)
    return len(waiting)


def _answer(asked: HelpAsked, letters: Letters, city: City) -> None:
    if asked.what == CLOSED_CARD:
        _open_closed_card(asked, letters, city)
        return
    account = password_reset.account_of_email(asked.email) if asked.email else _account_of_card(asked)
    password_reset.help_with(asked.what, account, letters, city)


def _account_of_card(asked: HelpAsked) -> Account | None:
    person = _holder(asked)
    return Account.get_or_none(Account.person == person) if person else None


def _holder(asked: HelpAsked) -> Person | None:
    """Return the living holder of the card, if the date is hers; one that is not counts as in an identification."""
    if asked.birth_date is None:
        return None
    goes_together = (Person.card_number == asked.card_number) & (Person.birth_date == asked.birth_date)
    person = Person.get_or_none(goes_together, Person.status != Person.DECEASED)
    if person is None:
        rate_limits.note_failure(asked.card_number, asked.birth_date, asked.address)
    return person


def _open_closed_card(asked: HelpAsked, letters: Letters, city: City) -> None:
    """Write a link past step 1 to the address on file, which whoever tried the wrong dates cannot read."""
    person = _holder(asked)
    if person is None or not identification.is_usable(person, city, clock.today()):
        return
    address, key = household.address_of(person), f"person {person.id}"
    if not address or household.is_anothers_too(address, person, city):
        return
    if rate_limits.is_reached(rate_limits.RECOVERIES, key):
        return
    rate_limits.count(rate_limits.RECOVERIES, key)
    token = secrets.token_urlsafe(32)
    expires_at = clock.now() + identification.VALID_FOR
    Identification.create(token_digest=digest(token), person=person, expires_at=expires_at)
    outbox.write(address, *letters.write("closed_card", person=person, token=token), urgent=True)
