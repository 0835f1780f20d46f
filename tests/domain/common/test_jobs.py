"""A job is a row: how often, when it last ended, what went wrong, and which day it has done."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from domain.common import clock, jobs
from models import Job

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def stopped(db):
    with time_machine.travel(NOON, tick=False) as stopped:
        yield stopped


def test_one_that_never_ran_is_due(stopped):
    assert jobs.is_due("reminders", HOUR)
    assert jobs.last_run("reminders") is None


def test_one_is_due_again_once_its_time_has_passed(stopped):
    jobs.note("reminders", HOUR)
    stopped.shift(HOUR - SECOND)
    assert not jobs.is_due("reminders", HOUR)
    stopped.shift(SECOND)
    assert jobs.is_due("reminders", HOUR)


def test_one_that_ran_tomorrow_ran_before_the_clock_was_set_back(stopped):
    jobs.note("reminders", HOUR)
    stopped.shift(-HOUR)
    assert not jobs.is_due("reminders", HOUR)
    stopped.shift(-SECOND)
    assert jobs.is_due("reminders", HOUR)


def test_the_row_tells_the_schedule_and_the_last_problem_until_it_is_over(stopped):
    jobs.note("reminders", HOUR, "OperationalError")
    row = Job.get()
    assert (row.every_seconds, row.last_run_at, row.last_problem) == (3_600, clock.now(), "OperationalError")
    jobs.note("reminders", HOUR)
    assert Job.get().last_problem == ""


def test_one_of_every_turn_is_noted_once_a_minute_unless_something_changed(stopped):
    each_turn = timedelta(0)
    jobs.note("mail", each_turn)
    stopped.shift(59 * SECOND)
    jobs.note("mail", each_turn)
    assert jobs.last_run("mail") == clock.now() - 59 * SECOND
    jobs.note("mail", each_turn, "MailNotSent")
    assert jobs.last_run("mail") == clock.now()
    assert jobs.is_due("mail", each_turn)


def test_a_day_done_leaves_the_rest_of_the_row(stopped):
    jobs.note("daily match", HOUR, "Uncertain")
    jobs.done("daily match", date(2026, 11, 22))
    jobs.done("another", date(2026, 11, 1))
    assert jobs.done_until("daily match") == date(2026, 11, 22)
    assert Job.get(Job.name == "daily match").last_problem == "Uncertain"
    assert jobs.done_until("nothing") is None
