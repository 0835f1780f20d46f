"""A subscription that was stopped reads nothing more."""

from tests.calendar_link.conftest import OVERVIEW, STOP


def test_stopped_it_opens_nothing(stranger, citizen, address):
    assert citizen.post(STOP, OVERVIEW).status_code == 303
    assert stranger.get(address).status_code == 404
    html = citizen.client.get_page(OVERVIEW)
    assert "L’abonnement est arrêté." in html
    assert "Créer mon adresse" in html
