"""Fermer les autres."""

from models import Session
from tests.access.test_overview import PHONE, elsewhere


def test_the_others_are_signed_out_and_this_one_is_not(app, citizen):
    citizen.joins()
    other = elsewhere(app, citizen, PHONE)
    assert other.client.get("/mon-dossier").status_code == 200
    assert citizen.post("/mon-dossier/acces/fermer", "/mon-dossier/acces").status_code == 303
    assert other.client.get("/mon-dossier").status_code == 303
    assert "autres appareils sont déconnectés" in citizen.client.get("/mon-dossier/acces").text


def test_a_forged_form_closes_nothing(app, citizen):
    citizen.joins()
    elsewhere(app, citizen, PHONE)
    citizen.client.post("/mon-dossier/acces/fermer")
    assert Session.select().count() == 2
