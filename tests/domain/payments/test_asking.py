"""One question that fails stops nothing behind it; a gateway that is away is not asked for ever."""

import sqlite3
from contextlib import closing

import pytest
from peewee import OperationalError

import models
from domain.payments import asking
from domain.payments.gateway import AccountRefused, GatewayDown, NoSuchCharge, Uncertain
from models import Counter, write


@pytest.fixture
def asked() -> list[int]:
    return []


def answering(asked: list[int], failing: dict[int, Exception]):
    def ask(row: int) -> None:
        asked.append(row)
        if row in failing:
            raise failing[row]

    return ask


@pytest.mark.parametrize("problem", [Uncertain("odd"), NoSuchCharge("x"), GatewayDown("x")])
def test_those_behind_one_that_fails_are_asked_and_the_failure_is_told(asked, problem):
    failed: list[int] = []
    with pytest.raises(type(problem)):
        asking.each(range(6), answering(asked, {0: problem, 3: problem}), failed.append)
    assert (asked, failed) == ([0, 1, 2, 3, 4, 5], [0, 3])


def test_nothing_fails_nothing_is_raised(asked):
    asking.each(range(3), answering(asked, {}))
    assert asked == [0, 1, 2]


def test_a_gateway_that_answers_nothing_is_left_alone(asked):
    with pytest.raises(Uncertain):
        asking.each(range(100), answering(asked, dict.fromkeys(range(1, 100), Uncertain("away"))))
    assert len(asked) == 1 + asking.AWAY_AFTER


def test_a_refused_account_ends_it_at_once(asked):
    with pytest.raises(AccountRefused):
        asking.each(range(3), answering(asked, {0: AccountRefused("keys")}))
    assert asked == [0]


def test_a_fault_of_ours_is_no_silence_of_the_gateways_and_stops_nothing_behind_it(asked):
    with pytest.raises(ZeroDivisionError):
        asking.each(range(4), answering(asked, {0: ZeroDivisionError(), 2: Uncertain("odd")}))


@pytest.fixture
def rows(db):
    """Three rows, read as they come."""
    for number in range(3):
        Counter.keep(f"row {number}", 0)
    return filter(None, Counter.select().where(Counter.name.startswith("row")))


@pytest.fixture
def book(environment):
    """Return what books something of a row, another process having written since it was read."""

    def booked(row: Counter) -> None:
        with closing(sqlite3.connect(models.sqlite_file(environment["DATABASE_URL"]))) as other:
            other.execute("UPDATE counter SET value = value + 1 WHERE name = 'row 0'")
            other.commit()
        with write():
            Counter.update(value=7).where(Counter.name == row.name).execute()

    return booked


@pytest.mark.sqlite_only
def test_what_is_booked_of_a_row_stands_though_another_process_wrote_meanwhile(rows, book):
    """A query still being read holds what SQLite had then: no write may follow it once another has written."""
    asking.each(rows, book)
    assert {row.value for row in Counter.select().where(Counter.name.in_(["row 1", "row 2"]))} == {7}


@pytest.mark.sqlite_only
def test_the_control_reads_as_it_writes_and_is_refused_at_once(rows, book):
    with pytest.raises(OperationalError, match="locked"):
        any(map(book, rows))
