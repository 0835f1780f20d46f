"""Whose price somebody pays, and with whom her hour comes: a town may agree on one and not on the other."""

import unicodedata
from datetime import date

from city import City
from city_registration import Neighbour
from models import Person, PriceRule

AS_TYPED = {0x153: "oe", 0xE6: "ae", 0x2019: "'"}  # ligatures, and the apostrophe that phones curl
RESIDENTS, NEIGHBOURS, EVERYONE = Neighbour.WINDOWS


def price_class(person: Person, city: City, day: date) -> str:
    """Return whose price somebody pays that day: her card's class, else a resident's, a neighbour's by agreement."""
    if person.price_class in Neighbour.PRICES:
        return person.price_class
    if person.resident:
        return PriceRule.RESIDENT
    agreement = agreement_of(person, city, day)
    return agreement.price if agreement else PriceRule.NON_RESIDENT


def window_class(person: Person, city: City, day: date) -> str:
    """Return with whom somebody's hour comes, as of that day."""
    if person.resident:
        return RESIDENTS
    agreement = agreement_of(person, city, day)
    return agreement.window if agreement else EVERYONE


def agreement_of(person: Person, city: City, day: date) -> Neighbour | None:
    """Return the agreement with the town on somebody's card, until its last day."""
    town = folded(person.city)
    for one in city.registration.neighbours:
        if folded(one.city) == town and day <= date.fromisoformat(one.until):
            return one
    return None


def folded(text: str) -> str:
    """Return a text as it is compared: no accents, no capitals, no space around it, ligatures as two letters."""
    apart = unicodedata.normalize("NFKD", text.strip().casefold().translate(AS_TYPED))
    return "".join(character for character in apart if not unicodedata.combining(character))
