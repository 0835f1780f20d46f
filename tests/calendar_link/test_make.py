"""An address is made, and made anew: there is one at a time."""

from models import CalendarLink
from tests.calendar_link.conftest import MAKE, OVERVIEW, path_on


def test_an_address_is_made_where_there_was_none(citizen):
    citizen.joins()
    assert "Créer mon adresse" in citizen.client.get_page(OVERVIEW)
    answer = citizen.post(MAKE, OVERVIEW)
    assert answer.location == f"{OVERVIEW}#calendrier"
    assert "Créer mon adresse" not in citizen.client.get_page(OVERVIEW)


def test_another_takes_the_place_of_the_first(stranger, citizen, address):
    citizen.post(MAKE, OVERVIEW)
    assert stranger.get(address).status_code == 404
    assert stranger.get(path_on(citizen)).status_code == 200
    assert CalendarLink.select().count() == 1


def test_nobody_makes_one_without_signing_in_or_a_form(stranger, citizen):
    citizen.joins()
    citizen.client.post(MAKE)
    assert stranger.post(MAKE).location.startswith("/connexion")
    assert not CalendarLink.select().exists()
