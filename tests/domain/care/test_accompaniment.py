"""Accompaniment is asked for before the opening, decided once, told without a word of it, and erased."""

from datetime import date, timedelta

import pytest

from domain.care import accompaniment
from domain.care.accompaniment import AlreadyDecided, Season
from domain.common import clock
from models import Accompaniment, Alert, Message, write
from tests.factories import make_accompaniment, make_account, make_group, make_household, make_person

NOW, TODAY = clock.now(), clock.today()
OPENS = NOW + timedelta(days=60)


@pytest.fixture
def mother(app):
    return make_account(make_person(make_household(), email="mere@example.com"))


@pytest.fixture
def home(mother):
    return mother.person.memberships.get().household


@pytest.fixture
def child(home):
    return make_person(home, first_name="Zoé", birth_date=date(TODAY.year - 7, 1, 1))


@pytest.fixture
def ask(mother, home, child, letters, city):
    """Return what asks for the child, for the summer."""

    def send(words: str = "Quelqu’un à ses côtés", opens_at=OPENS) -> None:
        season = Season("Été", opens_at, None, TODAY + timedelta(days=300))
        accompaniment.ask(mother, child, home.id, season, words, letters, city)

    return send


def test_a_season_says_when_it_opens_and_the_last_day_to_ask_in_time(app, city):
    groups = [make_group(opens_residents=OPENS), make_group(opens_residents=OPENS + timedelta(days=1))]
    [season] = accompaniment.seasons(groups, city, NOW)
    last_day = clock.local(OPENS).date() - timedelta(days=city.health_forms.accompaniment_days)
    assert (season.name, season.opens_at, season.last_day) == ("Été", OPENS, last_day)
    assert season.is_in_time(last_day)
    assert not season.is_in_time(last_day + timedelta(days=1))


def test_one_that_is_open_has_no_day_and_is_never_in_time(app, city):
    [season] = accompaniment.seasons([make_group(), make_group(opens_residents=OPENS)], city, NOW)
    assert (season.opens_at, season.last_day) == (None, None)
    assert not season.is_in_time(TODAY)


def test_asked_again_it_is_the_same_request_and_the_city_is_written_to_once(ask, city):
    ask("Une personne")
    ask("Une personne, et un groupe plus petit")
    assert Accompaniment.get().words == "Une personne, et un groupe plus petit"
    [message] = Message.select()
    assert message.recipient == city.help.email
    assert "Zoé" not in message.body
    assert "personne, et" not in message.body


def decide(letters, decision="granted") -> None:
    with write():
        accompaniment.decide(Accompaniment.get(), decision, "Oui, avec Julie", "p.roy", letters)


def test_it_is_decided_once_and_who_asked_is_told_that_there_is_an_answer(ask, letters):
    ask()
    decide(letters)
    with pytest.raises(AlreadyDecided):
        decide(letters, "refused")
    asked = Accompaniment.get()
    assert (asked.decision, asked.answer, asked.decided_by) == ("granted", "Oui, avec Julie", "p.roy")
    told = [one for one in Message.select() if one.recipient == "mere@example.com"]
    assert len(told) == 1
    assert not [word for word in ("Zoé", "Julie", "côtés", "accordé") if word in told[0].subject + told[0].body]


def test_what_was_decided_does_not_change_any_more(ask, letters):
    ask()
    decide(letters)
    with pytest.raises(AlreadyDecided):
        ask("Autre chose")


def test_what_must_be_decided_first_comes_first(child):
    late = make_accompaniment(child, season="B", decide_by=NOW + timedelta(days=9))
    soon = make_accompaniment(child, season="A", decide_by=NOW + timedelta(days=3))
    make_accompaniment(child, season="C", decided_at=NOW)
    assert accompaniment.to_decide() == [soon, late]


def test_a_week_before_the_opening_what_is_not_decided_is_put_before_a_person_once(child, letters):
    make_accompaniment(child, decide_by=NOW + timedelta(days=8))
    assert accompaniment.warn_undecided(NOW) == 0
    for _ in range(2):
        accompaniment.warn_undecided(NOW + timedelta(days=2))
    assert Alert.select().where(Alert.closed_at.is_null()).count() == 1
    decide(letters)
    assert not Alert.select().where(Alert.closed_at.is_null()).exists()


def test_past_its_year_it_is_erased(child):
    make_accompaniment(child, good_until=TODAY)
    assert accompaniment.erase_past(TODAY) == 0
    assert accompaniment.erase_past(TODAY + timedelta(days=1)) == 1


def test_of_a_home_only_its_own(child, home):
    make_accompaniment(child)
    assert len(accompaniment.of_home(child, home.id)) == 1
    assert accompaniment.of_home(child, make_household().id) == []
