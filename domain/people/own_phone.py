"""One's own telephone, changed at once: the account's e-mail is told, and the city is asked nothing."""

from city import City
from domain.common import audit
from domain.common.letters import Letters
from domain.people import corrections, household
from domain.people.corrections import Correction
from models import Account, Person, write


class NotVerified(Exception):
    """Tried to change the telephone by which the city asks whose an account is."""


def change(account: Account, phone: str, letters: Letters, city: City) -> None:
    """Write a telephone in the card's file; the nightly file does not undo it. The same number again is nothing.

    Raises: NotVerified, TooManyLetters, corrections.ChangedSince.
    """
    if not household.reads_contacts(account):
        raise NotVerified
    with write():
        person = Person.get_by_id(account.person_id)
        if person.phone == phone:
            return
        corrections.correct(person, {"phone": Correction(person.phone, phone)}, "")
        audit.by_resident(account, audit.Act.PHONE_CHANGED)
        household.tell_holder(account, "phone_changed", letters, city)
