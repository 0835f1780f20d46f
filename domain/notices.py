"""The messages that follow what happens: written to the outbox, sent afterwards."""

from datetime import date
from typing import Protocol

from domain import credentials, household, outbox
from models import Account, utcnow, write
from settings import City


class Letters(Protocol):
    """Turns a message's name and values into its subject and body."""

    def write(self, name: str, **values: object) -> tuple[str, str]:
        """Return (subject, body)."""


def account_created(account: Account, letters: Letters, city: City) -> None:
    """Tell the address on file and the household's other adults that an account exists, and ask to confirm an e-mail.

    A former spouse may know a card number and a birth date: whoever is concerned must hear of it.
    """
    person = account.person
    values = {"person": person, "moment": utcnow()}
    with write():
        outbox.write(person.email, *letters.write("account_created", other=None, **values))
        for other in household.other_adults(person, city.adult_age, date.today()):
            outbox.write(household.address_of(other), *letters.write("account_created", other=other, **values))
        if account.email:
            token = credentials.ask_confirmation(account, account.email)
            outbox.write(account.email, *letters.write("confirm_address", person=person, token=token))
