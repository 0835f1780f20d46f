"""Which copies are kept: a day of hours, two weeks of days; and what is not a copy stays."""

from datetime import datetime, timedelta

import pytest

from domain.operations import copies

BEGAN = datetime(2026, 11, 1)


def hourly(hours: int) -> list[str]:
    return [copies.name(BEGAN + timedelta(hours=hour), sealed=False) for hour in range(hours)]


def kept(names: list[str]) -> list[str]:
    return sorted(set(names) - copies.superfluous(names))


def test_a_name_tells_its_hour():
    assert copies.name(datetime(2026, 11, 28, 8, 59), sealed=False) == "copie-20261128T08Z.db"
    assert copies.hour("copie-20261128T08Z.db.age") == datetime(2026, 11, 28, 8)


@pytest.mark.parametrize(
    "name", ["copie-3.db", "guichet.db", ".copie-20261128T08Z.db.part", "copie-20261128T08Z.db-wal"]
)
def test_what_is_no_copy_is_never_taken_away(name):
    assert copies.hour(name) is None
    assert name not in copies.superfluous([*hourly(2_000), name])


def test_of_forty_days_a_day_of_hours_and_two_weeks_of_days_are_kept():
    names = hourly(40 * 24 + 10)
    last_hours = [copies.name(BEGAN + timedelta(days=day, hours=23), sealed=False) for day in range(27, 39)]
    assert kept(names) == [*last_hours, *names[-24:]]  # whose hours are of the two days left of the fourteen


def test_hour_after_hour_comes_to_the_same():
    """Thinned each time, as the timer does it, no day is lost that thinning once would keep."""
    folder: list[str] = []
    for name in hourly(40 * 24):
        folder = kept([*folder, name])
    assert folder == kept(hourly(40 * 24))


def test_a_machine_that_was_off_keeps_what_it_has():
    names = [*hourly(20), copies.name(BEGAN + timedelta(days=200), sealed=False)]
    assert copies.superfluous(names) == set()


def test_the_latest_is_the_newest_sealed_or_not():
    assert copies.latest(["copie-20261128T09Z.db.age", "copie-20261128T08Z.db", "zzz"]) == "copie-20261128T09Z.db.age"
    assert copies.latest(["zzz"]) is None
