"""A child's health form: filled by her home, read by it alone, refused to everybody else."""

import re

import pytest

from domain.access import verification
from domain.common import clock
from models import Account, AuthorisedPerson, HealthForm, Membership, Message
from tests.factories import make_health_form, make_household, make_person
from tests.registering.family import child_of
from tests.walker import Citizen

FILLED = {
    "allergies": "Arachides : EpiPen",
    "auto_injector": "Poche avant",
    "medication": "Ventolin à midi",
    "conditions": "Asthme",
    "swimming": "vest",
    "leaves_alone": "no",
    "name_1": "Ginette",
    "phone_1": "819 843-1111",
    "relation_1": "grand-mère",
    "name_3": "Paul",
    "phone_3": "8198432222",
}
SECRETS = ("Arachides", "Ventolin", "Asthme", "Ginette", "Poche avant")


def path(child) -> str:
    return f"/mon-dossier/famille/{child.id}/sante"


def test_it_is_filled_shown_again_and_replaced(family, camp):
    citizen, zoe, _lea = family
    citizen.client.get_page(path(zoe))
    answer = citizen.post(path(zoe), **FILLED)
    assert (answer.status_code, answer.location) == (303, "/mon-dossier/pret")
    html = citizen.client.get_page(path(zoe))
    for words in ("Arachides", "Ventolin", 'value="Ginette"', 'value="Paul"'):
        assert words in html
    assert len(re.findall(r"<input checked[^>]*|<input[^>]* checked[^>]*", html)) == 2
    citizen.post(path(zoe), **{**FILLED, "name_1": "", "phone_1": "", "name_2": "", "phone_2": ""})
    assert [one.name for one in AuthorisedPerson.select()] == ["Paul"]
    assert HealthForm.get().good_until > camp.ends_on


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"swimming": ""}, "dans l’eau"),
        ({"swimming": "fish"}, "dans l’eau"),
        ({"leaves_alone": ""}, "oui ou non"),
        ({"allergies": "carte 4111 1111 1111 1111"}, "carte de crédit"),
        ({"name_2": "4111111111111111"}, "carte de crédit"),
        ({"name_4": "x" * 201}, "trop long"),
        ({"medication": "x" * 2001}, "trop long"),
        ({"conditions": "a\0b"}, "caractère invisible"),
        ({"phone_2": "819 843-3333"}, "Écrivez le nom"),
        ({"name_2": "Léo"}, "dix chiffres du téléphone"),
        ({"name_2": "Léo", "phone_2": "12"}, "dix chiffres du téléphone"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(family, camp, wrong, words):
    citizen, zoe, _lea = family
    answer = citizen.post(path(zoe), **{**FILLED, **wrong})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Ventolin" in answer.text or "medication" in wrong
    assert not HealthForm.select().exists()


def test_it_can_be_filled_though_nothing_is_announced(family):
    citizen, zoe, _lea = family
    assert citizen.post(path(zoe), **FILLED).status_code == 303
    assert HealthForm.get().good_until >= clock.today()


def test_of_a_child_of_two_homes_each_reads_its_own(family, app):
    citizen, zoe, _lea = family
    father = Citizen(app.test_client(), make_household())
    Membership.create(household=father.household, person=zoe)
    father.joins(username="marc")
    citizen.post(path(zoe), **FILLED)
    html = father.client.get(path(zoe)).text
    assert not [word for word in SECRETS if word in html]
    father.post(path(zoe), **{**FILLED, "allergies": "Kiwi", "name_1": "Réjean"})
    assert HealthForm.select().count() == 2
    html = citizen.client.get_page(path(zoe))
    assert "Kiwi" not in html
    assert "Réjean" not in html
    assert "Arachides" in html


def test_an_adult_a_stranger_and_another_homes_child_have_no_page(family):
    citizen, _zoe, _lea = family
    stranger = child_of(Citizen(citizen.client, make_household()), 8)
    for person in (citizen.person, make_person(citizen.household), stranger):
        assert citizen.client.get(path(person)).status_code == 404
        assert citizen.post(path(person), "/mon-dossier", **FILLED).status_code == 404
        assert citizen.post(f"{path(person)}/confirmer", "/mon-dossier").status_code == 404
    assert not HealthForm.select().exists()


def test_an_account_the_city_has_not_verified_neither_reads_nor_writes(citizen):
    zoe = child_of(citizen, 8)
    make_health_form(zoe, allergies="Arachides")
    account = citizen.joins(verified=False)
    html = citizen.client.get_page(path(zoe))
    assert "identité vérifiée" in html
    assert "Arachides" not in html
    citizen.post(path(zoe), "/mon-dossier/famille", **FILLED, csrf="x")
    citizen.post(f"{path(zoe)}/confirmer", "/mon-dossier")
    assert HealthForm.get().allergies == "Arachides"
    verification.verify(Account.get_by_id(account.id))
    assert "Arachides" in citizen.client.get_page(path(zoe))


def test_no_letter_leaves_and_none_says_what_was_written(family):
    citizen, zoe, _lea = family
    before = Message.select().count()
    citizen.post(path(zoe), **FILLED)
    assert Message.select().count() == before
    assert not [one for one in Message.select() for word in SECRETS if word in one.body]


def test_ones_download_has_it_and_the_other_homes_has_not(family, app):
    citizen, zoe, _lea = family
    father = Citizen(app.test_client(), make_household())
    Membership.create(household=father.household, person=zoe)
    father.joins(username="marc")
    citizen.post(path(zoe), **FILLED)
    for kind in ("json", "csv"):
        address = f"/mon-dossier/renseignements.{kind}"
        assert "Arachides" in citizen.client.get(address).get_data(as_text=True)
        assert not [word for word in SECRETS if word in father.client.get(address).get_data(as_text=True)]
