"""A contact is corrected."""

import pytest

from models import EmergencyContact, Membership
from tests.factories import make_household, make_person
from tests.family.test_emergency import enters, path


@pytest.fixture
def contact(home) -> EmergencyContact:
    citizen, _spouse, child = home
    enters(citizen, child, "Ginette", "Réjean")
    return EmergencyContact.get(EmergencyContact.name == "Ginette")


def test_it_is_corrected_in_its_place(home, contact):
    citizen, _spouse, child = home
    page = f"{path(child)}/{contact.id}"
    assert 'value="Ginette"' in citizen.client.get_page(page)
    assert citizen.post(page, name="Gigi", phone="819 843-9999", relation="tante").status_code == 303
    html = citizen.client.get("/mon-dossier/famille").text
    assert html.index("Gigi (tante)") < html.index("Réjean")


@pytest.mark.parametrize("wrong", [{"name": ""}, {"phone": "12"}, {"name": "Réjean"}])
def test_what_is_wrong_is_said_and_nothing_changes(home, contact, wrong):
    citizen, _spouse, child = home
    answer = citizen.post(f"{path(child)}/{contact.id}", **({"name": "Gigi", "phone": "819 843-1330"} | wrong))
    assert answer.status_code == 422
    assert EmergencyContact.get_by_id(contact.id).name == "Ginette"


def test_one_of_another_home_of_the_same_child_or_of_another_child_is_not_found(home, contact):
    citizen, _spouse, child = home
    second = make_household()
    Membership.create(household=second, person=child)
    theirs = EmergencyContact.create(person=child, household=second, name="Autre", phone="819 843-2222")
    of_another = EmergencyContact.create(person=make_person(), household=second, name="Autre", phone="819 843-2222")
    for one in (theirs, of_another):
        assert citizen.client.get(f"{path(child)}/{one.id}").status_code == 404
        for act in ("retirer", "premier"):
            answer = citizen.post(f"{path(child)}/{one.id}/{act}", path(child))
            assert answer.status_code == (404 if act == "premier" else 303)
    assert EmergencyContact.select().count() == 4
