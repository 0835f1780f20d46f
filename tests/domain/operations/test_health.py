"""How the portal is doing: what waits, what is late, when the last copy was made; and a database that fails."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine

import models
from domain.common import alerts, jobs
from domain.common.outbox import FAR
from domain.operations import health
from domain.operations.health import Seen, Wrong
from models import Alert, Counter, Message, Payment
from tests.factories import make_household, make_invoice

NOON = datetime(2026, 11, 23, 12)
SECOND = timedelta(seconds=1)


@pytest.fixture
def stopped(db):
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


WELL = Seen("0008_later", lambda: True, 60, True)


def report(**changed) -> dict[str, object]:
    return health.report(replace(WELL, **changed), "1.2")


def make_message(age: timedelta = timedelta(0), **values) -> Message:
    values |= {"recipient": "marie@example.org", "subject": "Votre reçu", "body": "Bonjour"}
    return Message.create(created_at=NOON - age, due_at=values.pop("due_at", NOON), **values)


def test_an_empty_portal_is_well(stopped):
    assert report() == {
        "status": "ok",
        "wrong": [],
        "version": "1.2",
        "schema": "0008_later",
        "payments_unresolved": 0,
        "mail_waiting": 0,
        "last_backup": None,
    }


@pytest.mark.parametrize(
    ("changed", "wrong", "status"),
    [
        ({"schema_is_there": lambda: False}, Wrong.SCHEMA, "down"),
        ({"free_percent": 0}, Wrong.DISK_FULL, "down"),
        ({"workers_turn": False}, Wrong.WORKERS, "down"),
        ({"free_percent": 1}, Wrong.DISK, "attention"),
        ({"free_percent": 9}, Wrong.DISK, "attention"),
    ],
)
def test_what_only_the_process_sees(stopped, changed, wrong, status):
    assert (report(**changed)["status"], report(**changed)["wrong"]) == (status, [wrong])
    assert report(free_percent=10)["status"] == report(free_percent=None)["status"] == "ok"


@pytest.mark.parametrize(
    ("kind", "wrong", "status"),
    [
        (alerts.Kind.BOOKS, Wrong.BOOKS, "down"),
        (alerts.Kind.ACCOUNT_REFUSED, Wrong.GATEWAY_REFUSES, "attention"),
    ],
)
def test_what_an_alert_says(stopped, kind, wrong, status):
    alerts.raise_alert(kind, "x", amount_cents=1, answer="no")
    assert (report()["status"], report()["wrong"]) == (status, [wrong])
    alerts.settle(kind, "x")
    assert report()["status"] == "ok"


def test_alerts_open_for_more_than_a_day(stopped):
    alerts.raise_alert(alerts.Kind.GUESSING, "x", count=1)
    Alert.update(created_at=NOON - timedelta(days=1)).execute()
    assert report()["wrong"] == []
    stopped.shift(SECOND)
    assert (report()["status"], report()["wrong"]) == ("attention", [Wrong.ALERTS])


@pytest.mark.parametrize(("age", "wrong"), [(timedelta(hours=2), []), (timedelta(hours=2) + SECOND, [Wrong.MAIL_LATE])])
def test_mail_is_late_past_two_hours(stopped, age, wrong):
    make_message(age)
    make_message()
    assert (report()["wrong"], report()["mail_waiting"]) == (wrong, 2)


def test_mail_that_left_neither_waits_nor_is_late(stopped):
    make_message(timedelta(days=1), sent_at=NOON)
    assert (report()["status"], report()["mail_waiting"]) == ("ok", 0)


def test_mail_given_up_is_told_for_as_long_as_it_stays(stopped):
    make_message(timedelta(days=9), due_at=FAR)
    assert (report()["status"], report()["wrong"]) == ("attention", [Wrong.MAIL_GIVEN_UP])


def test_mail_tried_again_later_waits_still(stopped):
    make_message(timedelta(hours=3), due_at=NOON + timedelta(hours=1))
    assert report()["wrong"] == [Wrong.MAIL_LATE]


@pytest.mark.parametrize(("minutes", "wrong"), [(10, []), (11, [Wrong.GATEWAY_SILENT])])
def test_a_gateway_that_has_been_silent_for_ten_minutes(stopped, minutes, wrong):
    Counter.keep_moment(health.SILENT_SINCE, NOON - timedelta(minutes=minutes))
    assert report()["wrong"] == wrong


@pytest.mark.parametrize(("hours", "wrong"), [(24, []), (26, [Wrong.JOB_LATE]), (31 * 24, [])])
def test_a_job_of_every_hour_that_did_not_run_for_a_day(stopped, hours, wrong):
    """The last is a job of a version that is no more."""
    jobs.note("reminders", timedelta(hours=1))
    stopped.shift(timedelta(hours=hours, seconds=1))
    assert report()["wrong"] == wrong


@pytest.mark.parametrize(("problem", "wrong"), [("GatewayDown", []), ("KeyError", [Wrong.JOB_FAILS]), ("", [])])
def test_a_job_that_fails(stopped, problem, wrong):
    jobs.note("reminders", timedelta(hours=1), problem)
    assert report()["wrong"] == wrong


@pytest.mark.sqlite_only
def test_a_copy_missing_or_old_once_there_is_something_to_lose(stopped):
    make_invoice(make_household())
    assert report()["wrong"] == []
    stopped.shift(timedelta(hours=48) + SECOND)
    assert report()["wrong"] == [Wrong.COPY]
    health.copied()
    assert report()["wrong"] == []
    stopped.shift(timedelta(hours=48) + SECOND)
    assert report()["wrong"] == [Wrong.COPY]


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
    assert told == {"status": "down", "wrong": [Wrong.DATABASE], "version": "1.2", "schema": "0008_later"}
