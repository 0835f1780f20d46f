"""Whose price somebody pays is apart from whose hour is hers: her card, her town's agreement until its day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from city import City
from city_registration import Neighbour, Registration
from domain.activities.classes import folded, price_class, window_class
from models import Person

LAST = date(2027, 12, 31)
BOTH = Neighbour("Orford", "resident", "neighbours", LAST.isoformat())
HOUR_ONLY = Neighbour("Sainte-Catherine-de-Hatley", "non_resident", "residents", LAST.isoformat())
PRICE_ONLY = Neighbour("Eastman", "resident", "everyone", LAST.isoformat())


@pytest.fixture
def town(city: City) -> City:
    return replace(city, registration=Registration(neighbours=[BOTH, HOUR_ONLY, PRICE_ONLY]))


@pytest.mark.parametrize(
    ("card", "price", "window"),
    [
        ({"resident": True}, "resident", "residents"),
        ({"resident": False}, "non_resident", "everyone"),
        ({"resident": True, "price_class": "non_resident"}, "non_resident", "residents"),
        ({"resident": False, "price_class": "resident"}, "resident", "everyone"),
        ({"resident": True, "price_class": "organisation"}, "resident", "residents"),
        ({"resident": False, "city": "Orford"}, "resident", "neighbours"),
        ({"resident": False, "city": "Orford", "price_class": "non_resident"}, "non_resident", "neighbours"),
        ({"resident": False, "city": " ORFORD "}, "resident", "neighbours"),
        ({"resident": False, "city": "sainte-catherine-de-hatley"}, "non_resident", "residents"),
        ({"resident": False, "city": "Éastman"}, "resident", "everyone"),
        ({"resident": False, "city": "Orford-sur-le-Lac"}, "non_resident", "everyone"),
        ({"resident": True, "city": "Orford"}, "resident", "residents"),
    ],
)
def test_the_card_and_the_agreement_say_each_apart(town, card, price, window):
    person = Person(**{"city": "Magog"} | card)
    assert price_class(person, town, LAST) == price
    assert window_class(person, town, LAST) == window


def test_an_agreement_holds_until_its_last_day(town):
    person = Person(resident=False, city="Orford")
    after = LAST + timedelta(days=1)
    assert (price_class(person, town, LAST), window_class(person, town, LAST)) == ("resident", "neighbours")
    assert (price_class(person, town, after), window_class(person, town, after)) == ("non_resident", "everyone")


def test_accents_case_and_spaces_around_make_no_difference():
    assert folded(" Québec") == folded("QUEBEC ") == folded("Que\u0301bec") != folded("Quebec City")
