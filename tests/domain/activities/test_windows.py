"""When an activity opens, for whom, and when it closes; each to the second, through changes of clocks too."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from city import City
from city_registration import Neighbour, Registration
from domain.activities import windows
from domain.common import clock
from models import Activity, Person

SECOND = timedelta(seconds=1)
FIRST = clock.stored(datetime(2027, 4, 3, 8))
SECOND_HOUR, THIRD = FIRST + timedelta(days=1), FIRST + timedelta(days=7)
RESIDENT = Person(resident=True, city="Magog")
NEIGHBOUR = Person(resident=False, city="Orford")
STRANGER = Person(resident=False, city="Sherbrooke")


@pytest.fixture
def town(city: City) -> City:
    agreement = Neighbour("Orford", "resident", "neighbours", "2027-12-31")
    return replace(city, registration=Registration(neighbours=[agreement]))


def activity(**values) -> Activity:
    defaults = {"starts_on": date(2027, 6, 28), "ends_on": date(2027, 7, 2), "starts_at": time(9), "ends_at": time(16)}
    return Activity(**(defaults | {"capacity": 12} | values))


def of_classes(residents=None, neighbours=None, everyone=None) -> Activity:
    return activity(opens_residents=residents, opens_neighbours=neighbours, opens_everyone=everyone)


@pytest.mark.parametrize(
    ("opens", "hours"),
    [
        ((None, None, None), (windows.ALWAYS, windows.ALWAYS, windows.ALWAYS)),
        ((FIRST, None, None), (FIRST, None, None)),
        ((FIRST, None, THIRD), (FIRST, THIRD, THIRD)),
        ((FIRST, SECOND_HOUR, THIRD), (FIRST, SECOND_HOUR, THIRD)),
        ((FIRST, SECOND_HOUR, None), (FIRST, SECOND_HOUR, None)),
        ((None, None, THIRD), (THIRD, THIRD, THIRD)),
        ((THIRD, None, FIRST), (FIRST, FIRST, FIRST)),
        ((None, SECOND_HOUR, None), (windows.ALWAYS, windows.ALWAYS, windows.ALWAYS)),
    ],
)
def test_each_class_has_its_hour_or_comes_with_everyone_or_never(town, opens, hours):
    made = of_classes(*opens)
    people = (RESIDENT, NEIGHBOUR, STRANGER)
    assert tuple(windows.opening_for(one, made, town, date(2027, 4, 1)) for one in people) == hours


def test_her_hour_is_told_until_it_comes(town):
    made = of_classes(FIRST, None, THIRD)
    assert windows.opens_at(made, RESIDENT, town, FIRST - SECOND) == FIRST
    assert windows.opens_at(made, RESIDENT, town, FIRST) is None
    assert windows.opens_at(made, STRANGER, town, FIRST) == THIRD
    assert windows.opens_at(of_classes(FIRST), STRANGER, town, FIRST - SECOND) is None
    assert windows.opens_at(of_classes(), STRANGER, town, FIRST) is None


@pytest.mark.parametrize(
    ("free", "after", "state"),
    [
        (5, -SECOND, "soon"),
        (0, -SECOND, "soon"),
        (5, 0 * SECOND, "open"),
        (1, SECOND, "open"),
        (0, SECOND, "full"),
        (-1, SECOND, "full"),
        (None, SECOND, "open"),
    ],
)
def test_it_is_open_as_soon_as_any_window_is(free, after, state):
    assert windows.state(of_classes(FIRST, None, THIRD), free, FIRST + after) == state


def test_it_closes_when_the_city_says_or_when_it_starts():
    at = clock.stored(datetime(2027, 6, 1, 16))
    said, unsaid = activity(closes=at), activity()
    starts = clock.stored(datetime(2027, 6, 28, 9))
    assert [windows.state(said, 5, at + after) for after in (-SECOND, 0 * SECOND)] == ["open", "closed"]
    assert [windows.state(unsaid, 5, starts + after) for after in (-SECOND, 0 * SECOND)] == ["open", "closed"]
    assert windows.state(said, 0, at) == "closed"


def test_what_is_registered_elsewhere_or_not_sold_here_is_never_open():
    assert windows.state(activity(register_at="https://club.example.org", closes=FIRST), None, FIRST) == "elsewhere"
    assert windows.state(activity(capacity=None), None, FIRST) == "closed"
    assert windows.is_closed(activity(register_at="https://club.example.org"), FIRST)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2027, 3, 14, 1, 59), datetime(2027, 3, 14, 6, 59)),
        (datetime(2027, 3, 14, 3), datetime(2027, 3, 14, 7)),
        (datetime(2027, 3, 14, 8), datetime(2027, 3, 14, 12)),
        (datetime(2027, 11, 7, 8), datetime(2027, 11, 7, 13)),
    ],
)
def test_a_window_on_the_day_the_clocks_change_opens_at_its_hour(town, local, utc):
    made = activity(opens_residents=clock.stored(local), starts_on=date(2027, 11, 8))
    assert windows.opens_at(made, RESIDENT, town, utc - SECOND) == utc
    assert windows.state(made, 5, utc - SECOND) == "soon"
    assert windows.state(made, 5, utc) == "open"


def test_one_that_starts_on_the_day_the_clocks_change_closes_at_its_hour():
    assert windows.closes_at(activity(starts_on=date(2027, 3, 14))) == datetime(2027, 3, 14, 13)


@pytest.mark.parametrize(
    ("opens", "at", "phase"),
    [
        ((FIRST, SECOND_HOUR, THIRD), FIRST - SECOND, "residents"),
        ((FIRST, SECOND_HOUR, THIRD), FIRST, "residents"),
        ((FIRST, SECOND_HOUR, THIRD), SECOND_HOUR - SECOND, "residents"),
        ((FIRST, SECOND_HOUR, THIRD), SECOND_HOUR, "neighbours"),
        ((FIRST, SECOND_HOUR, THIRD), THIRD, "everyone"),
        ((FIRST, None, THIRD), THIRD - SECOND, "residents"),
        ((FIRST, None, None), THIRD, "residents"),
        ((None, None, None), FIRST, "everyone"),
    ],
)
def test_a_phase_lasts_until_the_next_class_comes(opens, at, phase):
    assert windows.phase(of_classes(*opens), at) == phase
