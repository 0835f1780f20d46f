"""The register has the eight fields the law asks for."""

from datetime import timedelta

import pytest

from domain.common import clock
from models import AuditEvent, Incident

PATH = "/personnel/incidents"
FIELDS = {
    "data_concerned": "Noms et factures",
    "circumstances": "Un rapport imprimé,\noublié au comptoir",
    "happened": "vers le 20 novembre",
    "known_on": "2026-11-22",
    "persons": "environ 12",
    "risk": "Faible : retrouvé dans l’heure",
    "notices": "Aucun, le risque n’est pas sérieux",
    "measures": "Impression à code",
}


def test_page_comes_whole_and_as_fragment(admin):
    assert "Le registre est vide" in admin.client.get_page(PATH)


def test_others_may_not(treasurer):
    assert treasurer.client.get(PATH).status_code == 403


def test_an_incident_is_kept_whole_and_shown(admin):
    assert admin.post(PATH, **FIELDS).status_code == 303
    page = admin.client.get_page(PATH)
    assert all(words.split("\n")[0] in page for name, words in FIELDS.items() if name != "known_on")
    assert Incident.get().recorded_by == admin.username
    assert AuditEvent.select().where(AuditEvent.action == "incident recorded").exists()


@pytest.mark.parametrize("missing", FIELDS)
def test_every_field_is_wanted(admin, missing):
    answer = admin.post(PATH, **{**FIELDS, missing: ""})
    assert answer.status_code == 422
    assert not Incident.select().exists()
    kept = next(words for name, words in FIELDS.items() if name not in (missing, "known_on"))
    assert kept in answer.text


def test_it_is_not_known_before_it_is(admin):
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert "dans le futur" in admin.post(PATH, **{**FIELDS, "known_on": tomorrow}).text
