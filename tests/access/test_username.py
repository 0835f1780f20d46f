"""Changing one's user code."""

import pytest

from models import Account, Message
from tests.factories import make_account
from tests.walker import PASSWORD

PATH = "/mon-dossier/acces/code"


@pytest.fixture
def member(citizen):
    citizen.joins()
    citizen.person.email = "file@example.com"
    citizen.person.save()
    return citizen


def test_the_new_code_opens_the_old_one_does_not_and_the_file_is_told(member):
    assert "genevieve" in member.client.get_page(PATH)
    assert member.post(PATH, username="Geneviève.T", current=PASSWORD).status_code == 303
    assert "est changé" in member.client.get("/mon-dossier/acces").text
    assert "code d’utilisateur a été changé" in Message.get().subject
    member.signs_out()
    assert member.signs_in().status_code == 422
    assert member.signs_in(username="GENEVIÈVE.T").status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"username": ""}, {"username": "a b"}, {"username": "x@y.ca"}, {"username": "é" * 51}, {"current": "non"}]
)
def test_a_wrong_form_changes_nothing(member, wrong):
    assert member.post(PATH, **({"username": "autre", "current": PASSWORD} | wrong)).status_code == 422
    assert Account.get().username == "genevieve"


def test_somebody_elses_code_is_taken_whatever_its_case(member):
    make_account(username="marc")
    answer = member.post(PATH, username="MARC", current=PASSWORD)
    assert answer.status_code == 422
    assert "déjà pris" in answer.text
    assert not Message.select().exists()
