"""How the portal is doing: what waits, what is late, when the last copy was made; and a database that fails."""

from datetime import datetime, timedelta

import pytest
import time_machine

import models
from domain.common.outbox import FAR
from domain.operations import health
from models import Message, Payment

NOON = datetime(2026, 11, 23, 12)
SECOND = timedelta(seconds=1)


@pytest.fixture
def stopped(db):
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


def report() -> dict[str, object]:
    return health.report("0008_later", "1.2")


def make_message(age: timedelta = timedelta(0), **values) -> Message:
    values |= {"recipient": "marie@example.org", "subject": "Votre reçu", "body": "Bonjour"}
    return Message.create(created_at=NOON - age, due_at=values.pop("due_at", NOON), **values)


def test_an_empty_portal_is_well(stopped):
    assert report() == {
        "status": "ok",
        "version": "1.2",
        "schema": "0008_later",
        "gateway": "ok",
        "payments_unresolved": 0,
        "mail_waiting": 0,
        "last_backup": None,
    }


@pytest.mark.parametrize(("age", "status"), [(timedelta(hours=2), "ok"), (timedelta(hours=2) + SECOND, "mail late: 1")])
def test_mail_is_late_past_two_hours(stopped, age, status):
    make_message(age)
    make_message()
    assert (report()["status"], report()["mail_waiting"]) == (status, 2)


def test_mail_that_left_or_was_given_up_neither_waits_nor_is_late(stopped):
    make_message(timedelta(days=1), sent_at=NOON)
    make_message(timedelta(days=9), due_at=FAR)
    assert (report()["status"], report()["mail_waiting"]) == ("ok", 0)


def test_mail_tried_again_later_waits_still(stopped):
    make_message(timedelta(hours=3), due_at=NOON + timedelta(hours=1))
    assert report()["status"] == "mail late: 1"


def test_a_payment_is_unresolved_while_its_outcome_is_not_known(stopped):
    states = (*Payment.OPEN_STATES, Payment.PAID, Payment.REFUSED, Payment.UNEXPECTED, Payment.SETTLED)
    for number, state in enumerate(states):
        Payment.create(reference=f"P{number}", amount_cents=1, state=state)
    assert report()["payments_unresolved"] == 3


def test_the_last_copy_is_told_in_utc(stopped):
    assert health.last_copied() is None
    health.copied()
    stopped.shift(timedelta(days=1))
    health.copied()
    assert health.last_copied() == NOON + timedelta(days=1)
    assert report()["last_backup"] == "2026-11-24T12:00:00Z"


def test_a_database_without_tables_is_said_and_nothing_else_of_it(databases, tmp_path):
    opened = models.open_database(databases.empty(tmp_path, "bare"))
    told = report()
    opened.close()
    opened.close_all()
    databases.forget(tmp_path)
    assert told.pop("status").removeprefix("database: ").isidentifier(), "the error's name, not its words"
    assert told == {"version": "1.2", "schema": "0008_later"}
