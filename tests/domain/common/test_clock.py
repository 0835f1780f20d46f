"""The clock: moments are UTC's, days are Montreal's, wherever the machine is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from domain.common import clock

SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)  # the days of 23 and of 25 hours


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 24, 1, 30), date(2026, 11, 23)),
        (datetime(2026, 11, 24, 4, 59, 59), date(2026, 11, 23)),
        (datetime(2026, 11, 24, 5), date(2026, 11, 24)),
        (datetime(2026, 7, 1, 3, 59, 59), date(2026, 6, 30)),
        (datetime(2026, 7, 1, 4), date(2026, 7, 1)),
    ],
)
def test_the_day_changes_at_montreals_midnight(moment, day):
    with time_machine.travel(moment, tick=False):
        assert clock.today() == day


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "Pacific/Honolulu"])
def test_the_machines_zone_changes_nothing(zone):
    moment = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    with time_machine.travel(moment.astimezone(ZoneInfo(zone)), tick=False):
        assert clock.now() == datetime(2026, 11, 24, 1, 30)
        assert clock.today() == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("there", "utc"),
    [
        (datetime(2026, 7, 1, 9), datetime(2026, 7, 1, 13)),
        (datetime(2026, 12, 1, 9), datetime(2026, 12, 1, 14)),
    ],
)
def test_an_hour_of_montreal_is_kept_in_utc_and_read_back(there, utc):
    assert clock.stored(there) == utc
    assert clock.local(utc).replace(tzinfo=None) == there
    assert clock.stored(clock.local(utc)) == utc


def test_a_moment_that_bears_its_zone_is_taken_at_its_word():
    assert clock.stored(datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Europe/Paris"))) == datetime(2026, 7, 1, 7)


def test_of_an_hour_that_comes_twice_the_first_is_meant():
    assert clock.stored(datetime(2026, 11, 1, 1, 30)) == datetime(2026, 11, 1, 5, 30)


def test_an_hour_that_the_spring_skips_is_the_next_one():
    assert clock.stored(datetime(2026, 3, 8, 2, 30)) == clock.stored(datetime(2026, 3, 8, 3, 30))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 11, 23), 24), (SPRING, 23), (AUTUMN, 25)])
def test_a_day_has_all_its_hours_and_no_other(day, hours):
    first, after = clock.montreal_day(day)
    assert after - first == timedelta(hours=hours)
    assert clock.local(first).date() == day
    assert clock.local(after - timedelta(microseconds=1)).date() == day
    assert clock.montreal_day(day + timedelta(days=1))[0] == after


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 7, 1), SPRING, AUTUMN])
def test_noon_is_noon_there_and_of_the_same_day_in_utc(day):
    there = clock.local(clock.noon(day))
    assert (there.date(), there.hour, there.minute) == (day, 12, 0)
    assert clock.noon(day).date() == day


def test_days_are_all_those_from_the_first_to_the_last():
    first, last = date(2028, 2, 28), date(2028, 3, 1)
    assert list(clock.days(first, last)) == [first, date(2028, 2, 29), last]
    assert list(clock.days(last, last)) == [last]
    assert not list(clock.days(last, first))
