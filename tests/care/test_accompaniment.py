"""Accompaniment: asked for a season, with its deadline; the answer stands on the page."""

from datetime import timedelta

import pytest

from domain.common import clock
from models import Accompaniment, Membership
from tests.factories import make_accompaniment, make_group, make_household
from tests.walker import Citizen


def path(child) -> str:
    return f"/mon-dossier/famille/{child.id}/accompagnement"


def test_it_is_asked_for_a_season_before_its_day_and_waits(family, camp):
    citizen, zoe, _lea = family
    assert "au plus tard le" in citizen.client.get_page(path(zoe))
    answer = citizen.post(path(zoe), season="Été", words="Une personne à ses côtés")
    assert (answer.status_code, answer.location) == (303, path(zoe))
    html = citizen.client.get_page(path(zoe))
    assert "La Ville répond avant le" in html
    assert "En attente" in html
    asked = Accompaniment.get()
    assert (asked.person_id, asked.household_id, asked.asked_by_id) == (
        zoe.id,
        citizen.household.id,
        citizen.person.id,
    )
    assert asked.decide_by == camp.opens_residents


def test_past_its_day_it_is_taken_and_said_to_be_late(family):
    citizen, zoe, _lea = family
    make_group(opens_residents=clock.now() + timedelta(days=10))
    citizen.post(path(zoe), season="Été", words="Une personne")
    assert "La date limite est passée" in citizen.client.get_page(path(zoe))
    assert Accompaniment.get().decide_by


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"season": "Hiver"}, "Choisissez une saison"),
        ({"words": " "}, "Écrivez ce qui aiderait"),
        ({"words": "5555 5555 5555 4444"}, "carte de crédit"),
    ],
)
def test_what_is_wrong_is_said(family, camp, wrong, words):
    citizen, zoe, _lea = family
    answer = citizen.post(path(zoe), **({"season": "Été", "words": "Une personne"} | wrong))
    assert answer.status_code == 422
    assert words in answer.text
    assert not Accompaniment.select().exists()


def test_nothing_announced_nothing_to_ask(family):
    citizen, zoe, _lea = family
    assert "Aucun camp n’est annoncé" in citizen.client.get_page(path(zoe))


def test_what_was_answered_stands_there_and_does_not_change(family, camp):
    citizen, zoe, _lea = family
    make_accompaniment(zoe, decision="granted", answer="Oui, avec Julie", decided_at=clock.now())
    html = citizen.client.get_page(path(zoe))
    assert "Accordé" in html
    assert "Oui, avec Julie" in html
    answer = citizen.post(path(zoe), season="Été", words="Autre chose")
    assert answer.status_code == 422
    assert "déjà répondu" in answer.text


def test_the_other_home_sees_none_of_it(family, camp, app):
    citizen, zoe, _lea = family
    father = Citizen(app.test_client(), make_household())
    Membership.create(household=father.household, person=zoe)
    father.joins(username="marc")
    citizen.post(path(zoe), season="Été", words="Une personne à ses côtés")
    assert "à ses côtés" not in father.client.get_page(path(zoe)).partition("<form")[0]


def test_an_adult_has_none_and_who_is_not_verified_reads_none(family):
    citizen, _zoe, _lea = family
    assert citizen.client.get(path(citizen.person)).status_code == 404
