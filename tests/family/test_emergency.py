"""Whom to call for someone: several, in order."""

import pytest

from domain.people import contacts
from models import AuditEvent, EmergencyContact
from tests.factories import make_household, make_person


def path(person) -> str:
    return f"/mon-dossier/famille/{person.id}/urgence"


def enters(citizen, person, *names: str) -> None:
    for name in names:
        answer = citizen.post(path(person), name=name, phone="819 843-1330", relation="voisin")
        assert answer.status_code == 303


def test_several_contacts_are_kept_and_shown_in_order(home):
    citizen, _spouse, child = home
    citizen.client.get_page(path(child))
    names = ["Ginette", "Réjean", "Ahmed", "Ève"]
    enters(citizen, child, *names)
    for page in ("/mon-dossier/famille", path(child)):
        html = citizen.client.get_page(page)
        places = [html.index(name) for name in names]
        assert places == sorted(places)
    assert "Réjean (voisin)" in citizen.client.get("/mon-dossier/famille").text
    assert AuditEvent.select().where(AuditEvent.action == "emergency contact").count() == 4


def test_a_full_list_offers_no_room_and_takes_no_more(home):
    citizen, _spouse, child = home
    enters(citizen, child, *(f"Contact {number}" for number in range(contacts.MOST)))
    assert 'name="phone"' not in citizen.client.get_page(path(child))
    answer = citizen.post(path(child), "/mon-dossier/famille/ajouter", name="De trop", phone="819 843-1330")
    assert answer.status_code == 422
    assert EmergencyContact.select().count() == contacts.MOST


def test_from_what_must_be_ready_one_comes_back_there(home):
    citizen, _spouse, child = home
    answer = citizen.post(f"{path(child)}?suite=/mon-dossier/pret", name="Ginette", phone="819 843-1330")
    assert answer.location == "/mon-dossier/pret"


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
