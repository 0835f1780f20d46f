"""Reservations: each is either to come or past, and each household sees its own."""

from datetime import datetime, timedelta

import pytest
import time_machine

from domain.rentals import reservations
from models import Household, Reservation
from tests.factories import make_household, make_reservation

NOON = datetime(2026, 11, 23, 12)
HOUR = timedelta(hours=1)


@pytest.fixture
def home(db) -> Household:
    with time_machine.travel(NOON, tick=False):
        yield make_household()


def at(home: Household, starts: timedelta, **values) -> Reservation:
    """Make a reservation of two hours that begins so long after noon."""
    return make_reservation(home, starts_at=NOON + starts, ends_at=NOON + starts + 2 * HOUR, **values)


def past(*homes: Household, page: int = 1, rows: int = 10) -> list[Reservation]:
    return reservations.past([one.id for one in homes], page, rows)[0]


@pytest.mark.parametrize(
    ("starts", "status", "is_to_come"),
    [
        (HOUR, Reservation.CONFIRMED, True),
        (HOUR, Reservation.REQUESTED, True),
        (HOUR, Reservation.CANCELLED, False),
        (-HOUR, Reservation.CONFIRMED, True),
        (timedelta(seconds=1) - 2 * HOUR, Reservation.CONFIRMED, True),
        (-2 * HOUR, Reservation.CONFIRMED, False),
        (-3 * HOUR, Reservation.REQUESTED, False),
        (-3 * HOUR, Reservation.CANCELLED, False),
    ],
)
def test_it_is_to_come_until_it_ends_unless_it_is_cancelled(home, starts, status, is_to_come):
    one = at(home, starts, status=status)
    assert reservations.upcoming([home.id]) == [one] * is_to_come
    assert past(home) == [one] * (not is_to_come)


def test_the_next_comes_first_and_of_those_past_the_last(home):
    second, first = at(home, 3 * HOUR), at(home, HOUR)
    before, last = at(home, -9 * HOUR), at(home, -4 * HOUR)
    assert reservations.upcoming([home.id]) == [first, second]
    assert past(home) == [last, before]


def test_those_past_come_by_pages(home):
    made = [at(home, -hours * HOUR) for hours in range(3, 8)]
    pages = [reservations.past([home.id], number, 2) for number in (1, 2, 3)]
    assert [found for found, _ in pages] == [made[:2], made[2:4], made[4:]]
    assert {count for _, count in pages} == {3}


def test_each_sees_those_of_all_her_households_and_no_others(home):
    second, other = make_household(), make_household()
    mine = [at(home, HOUR), at(second, 2 * HOUR)]
    mine_past = [at(home, -3 * HOUR), at(second, -4 * HOUR)]
    at(other, HOUR)
    at(other, -3 * HOUR)
    assert reservations.upcoming([home.id, second.id]) == mine
    assert past(home, second) == mine_past
    assert reservations.upcoming([]) == past() == []


def test_their_places_come_along(home, queries):
    for _ in range(3):
        at(home, HOUR)
        at(home, -3 * HOUR)
    with queries() as made:
        names = [one.place.name for one in [*reservations.upcoming([home.id]), *past(home)]]
    assert len(names) == 6
    assert len(made) == 3, "to come, past, and how many"
