"""Whom to call for someone."""

import pytest

from models import AuditEvent, EmergencyContact
from tests.factories import make_household, make_person


def path(person) -> str:
    return f"/mon-dossier/famille/{person.id}/urgence"


def test_a_contact_is_kept_shown_and_replaced(home):
    citizen, _spouse, child = home
    citizen.client.get_page(path(child))
    for name in ("Ginette", "Réjean"):
        answer = citizen.post(path(child), name=name, phone="819 843-1330", relation="voisin")
        assert answer.status_code == 303
    html = citizen.client.get("/mon-dossier/famille").text
    assert "Réjean (voisin)" in html
    assert "Ginette" not in html
    assert EmergencyContact.select().count() == 1
    assert AuditEvent.select().where(AuditEvent.action == "emergency contact").count() == 2
    assert 'value="Réjean"' in citizen.client.get(path(child)).text


@pytest.mark.parametrize("wrong", [{"name": ""}, {"phone": ""}, {"phone": "12"}, {"name": "x" * 300}, {"name": "a\0"}])
def test_a_wrong_value_is_said_and_nothing_is_kept(home, wrong):
    citizen, _spouse, child = home
    answer = citizen.post(path(child), **({"name": "Ginette", "phone": "819 843-1330"} | wrong))
    assert answer.status_code == 422
    assert not EmergencyContact.select().exists()


def test_only_oneself_and_children_of_the_household(home):
    citizen, spouse, _child = home
    stranger = make_person(make_household())
    for person in (spouse, stranger):
        for page in ("urgence", "changement"):
            assert citizen.client.get(f"/mon-dossier/famille/{person.id}/{page}").status_code == 404
    assert citizen.client.get(path(citizen.person)).status_code == 200
