"""The city's places: all of them, in order, and each by its code."""

import pytest

from domain.rentals import places
from models import Place
from tests.factories import make_place

pytestmark = pytest.mark.usefixtures("db")


def test_kinds_come_in_the_citys_order_whatever_came_first():
    for kind in reversed(Place.KINDS):
        make_place(kind=kind)
    assert tuple(places.by_kind()) == Place.KINDS


def test_places_of_a_kind_come_by_name_and_kinds_without_any_are_left_out():
    for name, kind in (("Salle B", "room"), ("Salle A", "room"), ("Glace", "ice")):
        make_place(name=name, kind=kind)
    names = {kind: [place.name for place in found] for kind, found in places.by_kind().items()}
    assert names == {"ice": ["Glace"], "room": ["Salle A", "Salle B"]}


def test_a_city_without_places_has_no_kinds():
    assert places.by_kind() == {}


def test_a_place_is_found_by_its_code_and_not_its_name():
    place = make_place(code="arena", name="Aréna")
    make_place()
    assert places.find("arena") == place
    for code in ("Aréna", "arena2", ""):
        with pytest.raises(places.NoSuchPlace):
            places.find(code)
