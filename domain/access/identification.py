"""Step 1: a citizen card and a birth date tell who is there. They open the way to an account, never to a file."""

import secrets
from datetime import date, datetime, timedelta

from city import City
from domain.access import refused_tries
from domain.common import clock, rate_limits
from domain.people.card_number import NotACardNumber, normalise
from models import Account, Identification, Person, digest, write

VALID_FOR = timedelta(minutes=60)


class NotIdentified(Exception):
    """Tried a card number and birth date that do not go together, or a card that does not exist."""


class CardUnusable(Exception):
    """Tried to create an account with a right card that cannot open one. `person` is its holder."""

    page = ""

    def __init__(self, person: Person) -> None:
        super().__init__(self.page)
        self.person = person


class CardExpired(CardUnusable):
    """Tried with a card past its expiry date."""

    page = "expired"


class CardLost(CardUnusable):
    """Tried with a card reported lost."""

    page = "lost"


class CardOfChild(CardUnusable):
    """Tried with the card of someone younger than the city's adult age."""

    page = "child"


class CardHasAccount(CardUnusable):
    """Tried with a card that already has an account."""

    page = "taken"


def identify(card_number: str, birth_date: date, address: str, city: City, today: date) -> str:
    """Find the holder of a card by number and birth date; return a token for the next step.

    Raises: NotIdentified (the same for an unknown card, a wrong date, a deceased holder, and a card with which too many
    dates were tried), TooManyHere, CardExpired, CardLost, CardOfChild, CardHasAccount.
    """
    person = holder(card_number, birth_date, address, city)
    _refuse_unusable(person, city, today)
    token = secrets.token_urlsafe(32)
    with write():
        Identification.create(token_digest=digest(token), person=person, expires_at=clock.now() + VALID_FOR)
    return token


def holder(card_number: str, birth_date: date, address: str, city: City) -> Person:
    """Return who holds a card of this number and was born that day. Raises: NotIdentified, TooManyHere."""
    if rate_limits.is_crowded(rate_limits.IDENTIFICATIONS, address):
        refused_tries.note(refused_tries.Way.CLOSED)
        raise rate_limits.TooManyHere
    number = known_form(card_number, city)
    is_closed = rate_limits.is_closed(number)
    person = Person.get_or_none(Person.card_number == number, Person.birth_date == birth_date)
    if is_closed or person is None or person.status == Person.DECEASED:
        rate_limits.note_failure(number, birth_date, address)
        refused_tries.note(refused_tries.Way.CLOSED if is_closed else refused_tries.Way.CARD)
        raise NotIdentified
    return person


def known_form(card_number: str, city: City) -> str:
    """Return a card number as it is kept; nothing when it cannot be one."""
    try:
        return normalise(card_number, city.card.prefix, city.card.digits)
    except NotACardNumber:
        return ""


def _refuse_unusable(person: Person, city: City, today: date) -> None:
    if Account.get_or_none(Account.person == person):
        raise CardHasAccount(person)
    if person.status == Person.LOST:
        raise CardLost(person)
    if person.age_on(today) < city.adult_age:
        raise CardOfChild(person)
    if person.expires_on < today:
        raise CardExpired(person)


def is_usable(person: Person, city: City, today: date) -> bool:
    """Tell whether a card's holder may create an account with it."""
    try:
        _refuse_unusable(person, city, today)
    except CardUnusable:
        return False
    return True


def identified(token: str) -> Person | None:
    """Return who was identified with this token, while it is valid."""
    row = (
        Identification.select(Identification, Person)
        .join(Person)
        .where(Identification.token_digest == digest(token), Identification.expires_at > clock.now())
        .first()
    )
    return row.person if row else None


def identified_at(token: str) -> datetime | None:
    """Return when someone was identified with this token, in UTC."""
    return Identification.select(Identification.created_at).where(Identification.token_digest == digest(token)).scalar()


def forget_expired() -> None:
    """Delete identifications past their time."""
    with write():
        Identification.delete().where(Identification.expires_at < clock.now()).execute()
