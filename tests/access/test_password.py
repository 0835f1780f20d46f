"""Changing one's password while signed in."""

import pytest

from domain.common import rate_limits
from models import Attempt, Message
from settings import LIMITS
from tests.access.test_overview import PHONE, elsewhere
from tests.walker import PASSWORD

NEW = "érable patient 81"
PATH = "/mon-dossier/acces/mot-de-passe"


@pytest.fixture
def member(citizen):
    citizen.joins()
    citizen.person.email = "file@example.com"
    citizen.person.save()
    return citizen


def changes(member, current=PASSWORD, new=NEW, again=""):
    return member.post(PATH, current=current, password=new, password_again=again or new)


def test_page_comes_whole_and_as_fragment(member):
    assert "Mot de passe actuel" in member.client.get_page(PATH)


def test_the_new_one_opens_the_old_one_does_not_and_the_file_is_told(app, member):
    other = elsewhere(app, member, PHONE)
    assert changes(member).status_code == 303
    assert "Votre mot de passe est changé" in member.client.get("/mon-dossier/acces").text
    assert other.client.get("/mon-dossier").status_code == 303
    assert "mot de passe a été changé" in Message.get().subject
    member.signs_out()
    assert member.signs_in(password=PASSWORD).status_code == 422
    assert member.signs_in(password=NEW).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"current": "not this one 12"}, "pas votre mot de passe actuel"),
        ({"new": "court"}, "trop court"),
        ({"again": "another one 12"}, "sont différents"),
        ({"current": ""}, "Écrivez votre mot de passe actuel"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(member, wrong, words):
    answer = changes(member, **wrong)
    assert answer.status_code == 422
    assert words in answer.text
    member.signs_out()
    assert member.signs_in().status_code == 303


def test_a_browser_left_open_is_no_place_to_guess(member):
    key = str(member.person.id)
    Attempt.insert_many([{"kind": rate_limits.PRESENT, "key": key}] * LIMITS[rate_limits.PRESENT].most).execute()
    answer = changes(member)
    assert answer.status_code == 422
    assert "Trop d’essais" in answer.text
