"""Step 1: a card and a birth date, what they open, and what a refusal must not tell."""

from datetime import date, timedelta

import pytest

from domain.access import identification
from domain.access.identification import (
    CardExpired,
    CardHasAccount,
    CardLost,
    CardOfChild,
    NotIdentified,
)
from domain.common import clock, rate_limits
from domain.common.rate_limits import TooManyHere
from models import Attempt, Identification, Person, WrongDate
from settings import LIMITS
from tests.factories import make_account, make_person

TODAY = date(2026, 11, 23)
HERE = "203.0.113.77"
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def person(app) -> Person:
    return make_person()


@pytest.fixture
def identify(city):
    """Return what identifies someone by her card, and her birth date or another."""

    def try_card(person: Person, born: date | None = None) -> str:
        return identification.identify(person.card_number, born or person.birth_date, HERE, city, TODAY)

    return try_card


def test_who_she_is_is_known_by_the_token_for_an_hour(stopped, person, identify):
    token = identify(person)
    assert identification.identified_at(token) == clock.now()
    stopped.shift(timedelta(minutes=60) - SECOND)
    assert identification.identified(token) == person
    stopped.shift(SECOND)
    assert identification.identified(token) is None


def test_the_token_is_not_kept_and_one_of_ones_own_making_is_nobodys(person, identify):
    token = identify(person)
    assert token not in str(Identification.select().tuples().get())
    assert identification.identified("invented") is None
    assert identification.identified_at("invented") is None


def test_a_success_counts_against_nobody(person, identify):
    identify(person)
    assert not Attempt.select().exists()
    assert not WrongDate.select().exists()


def test_an_unknown_card_a_wrong_date_and_someone_who_died_are_refused_alike_and_counted(person, identify, city):
    dead = make_person(status=Person.DECEASED)
    tried = [
        (person.card_number, person.birth_date + DAY),
        (dead.card_number, dead.birth_date),
        ("QMAGB99999999", person.birth_date),
        ("no card at all", person.birth_date),
    ]
    refusals = set()
    for number, born in tried:
        with pytest.raises(NotIdentified) as refused:
            identification.identify(number, born, HERE, city, TODAY)
        refusals.add(str(refused.value))
    assert refusals == {""}
    assert Attempt.select().where(
        Attempt.kind == rate_limits.ADDRESS, Attempt.key == rate_limits.kept(HERE)
    ).count() == len(tried)
    assert not Identification.select().exists()


def test_a_card_with_which_too_many_dates_were_tried_identifies_nobody(person, identify):
    for days in range(LIMITS[rate_limits.CARD].most):
        with pytest.raises(NotIdentified):
            identify(person, person.birth_date + (days + 1) * DAY)
    with pytest.raises(NotIdentified):
        identify(person)


def test_from_an_address_with_too_many_failures_nobody_is_looked_for(person, identify):
    Attempt.insert_many(
        [{"kind": rate_limits.ADDRESS, "key": rate_limits.kept(HERE)}] * LIMITS[rate_limits.ADDRESS].most
    ).execute()
    before = Attempt.select().count()
    for born in (None, person.birth_date + DAY):
        with pytest.raises(TooManyHere):
            identify(person, born)
    assert Attempt.select().count() == before


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"expires_on": TODAY}, None),
        ({"expires_on": TODAY - DAY}, CardExpired),
        ({"birth_date": date(2008, 11, 23)}, None),
        ({"birth_date": date(2008, 11, 24)}, CardOfChild),
        ({"status": Person.LOST}, CardLost),
        ({"status": Person.LOST, "expires_on": TODAY - DAY}, CardLost),
    ],
)
def test_a_right_card_that_opens_no_account_is_said_to_its_holder(app, identify, values, refusal):
    person = make_person(**values)
    if refusal is None:
        assert identify(person)
        return
    with pytest.raises(refusal) as refused:
        identify(person)
    assert refused.value.person == person
    assert not Identification.select().exists()


def test_a_card_that_has_its_account_opens_no_second_one(person, identify):
    make_account(person)
    with pytest.raises(CardHasAccount):
        identify(person)


def test_what_is_past_its_time_is_deleted(stopped, person, identify):
    token = identify(person)
    stopped.shift(identification.VALID_FOR)
    identification.forget_expired()
    assert Identification.select().count() == 1
    stopped.shift(SECOND)
    identification.forget_expired()
    assert identification.identified_at(token) is None
