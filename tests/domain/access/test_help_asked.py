"""Help is noted alike whatever is known; the worker looks up and answers."""

from datetime import date

import pytest

from city import City
from domain.access import help_asked, password_reset
from domain.common import rate_limits
from models import Attempt, HelpAsked, Message, Person, WrongDate
from settings import LIMITS
from tests.databases import statements
from tests.factories import make_account, make_person

HERE, BORN = "203.0.113.77", date(1984, 2, 29)


@pytest.fixture
def letters(app):
    return app.extensions["portal"].letters


@pytest.fixture
def known(app):
    return make_account(make_person(email="file@example.com", birth_date=BORN)).person


def ask(card_number: str, born: date = BORN) -> None:
    help_asked.ask_by_card(password_reset.PASSWORD, card_number, born, HERE)


def test_what_is_asked_takes_the_same_statements_whatever_is_known(known):
    """The page's time tells nothing: it does the same, and looks nobody up."""
    told, wrong = [], date(1990, 1, 1)
    for number, born in ((known.card_number, BORN), (known.card_number, wrong), ("QMAGB9", BORN), ("", BORN)):
        with statements() as made:
            ask(number, born)
        told.append(list(made))
    assert told[0]
    assert all(one == told[0] for one in told)
    assert not any("person" in sql or "account" in sql for sql in told[0])
    assert Message.select().count() == 0


def test_the_worker_answers_once(known, letters, city: City):
    ask(known.card_number)
    assert help_asked.answer_due(letters, city) == 1
    assert help_asked.answer_due(letters, city) == 0
    assert [(row.recipient, row.priority) for row in Message.select()] == [("file@example.com", 1)]
    assert not HelpAsked.select().exists()


@pytest.mark.parametrize(("born", "status"), [(date(1990, 1, 1), Person.ACTIVE), (BORN, Person.DECEASED)])
def test_a_wrong_date_or_the_card_of_who_died_counts_as_a_failed_identification(known, letters, city, born, status):
    Person.update(status=status).execute()
    ask(known.card_number, born)
    help_asked.answer_due(letters, city)
    assert WrongDate.select().count() == 1
    counted = {(row.kind, row.key) for row in Attempt.select()}
    assert (rate_limits.ADDRESS, rate_limits.kept(HERE)) in counted
    assert (rate_limits.SITE, "") in counted


def test_past_an_addresss_limit_nothing_more_is_asked(app):
    counted = {"kind": rate_limits.ADDRESS, "key": rate_limits.kept(HERE)}
    Attempt.insert_many([counted] * LIMITS[rate_limits.ADDRESS].most).execute()
    with pytest.raises(rate_limits.TooManyHere):
        ask("QMAGB9")


def test_by_email_the_confirmed_one_alone_is_answered(known, letters, city):
    help_asked.ask_by_email(password_reset.PASSWORD, "file@example.com", HERE)
    help_asked.answer_due(letters, city)
    assert not Message.select().exists()
