"""What residents ask of the city that only a person can decide."""

from city import City
from domain.common import audit, outbox
from domain.common.letters import Letters
from domain.people import household
from models import Account, ChangeRequest, Person, write

MOST_OPEN = 5


class TooManyRequests(Exception):
    """Tried to ask for one more correction while several wait."""


def by(person: Person) -> list[ChangeRequest]:
    """Return what a person asked, for herself and for others, the latest first: words go to who wrote them."""
    return list(ChangeRequest.select().where(ChangeRequest.asked_by == person).order_by(ChangeRequest.id.desc()))


def ask_correction(account: Account, person: Person, words: str, letters: Letters, city: City) -> None:
    """Ask the city to correct the file of someone of the household; both sides and its other adults get a message.

    The same words sent twice are one request. Raises: TooManyRequests.
    """
    mine = ChangeRequest.select().where(ChangeRequest.asked_by == account.person_id, ChangeRequest.person == person)
    waiting = mine.where(ChangeRequest.decided_at.is_null())
    with write():
        if waiting.where(ChangeRequest.words == words).exists():
            return
        if waiting.count() >= MOST_OPEN:
            raise TooManyRequests
        asked = ChangeRequest.create(
            kind=ChangeRequest.CORRECTION, person=person, asked_by=account.person_id, words=words
        )
        audit.by_resident(account, audit.Act.CORRECTION_ASKED, subject=str(asked.id))
        outbox.write(household.address_of(account.person), *letters.write("correction_asked", person=account.person))
        homes = household.homes_of_both(account.person, person)
        household.tell_other_adults(
            account.person, "asked_at_home", letters, city, homes, concerned=person, added=False
        )
        outbox.write(city.help.email, *letters.write("correction_to_decide", asked=asked))
