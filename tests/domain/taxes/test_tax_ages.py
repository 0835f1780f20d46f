"""Whom a credit is for: on the limits, year by year, and never guessed."""

from datetime import date

import pytest

from domain.taxes import tax_ages
from domain.taxes.tax_ages import RL24, Unfit
from models import Person, TaxReceipt
from tests.domain.taxes.conftest import knowing_until

ACTIVITY, CHILD_CARE, DONATION = TaxReceipt.ACTIVITY, TaxReceipt.CHILD_CARE, TaxReceipt.DONATION


@pytest.fixture
def city_of_2026(city):
    """A city that looked up the ages until 2026."""
    return knowing_until(city, 2026)


def why(kind: str, year: int, born: date | None, city) -> str:
    person = Person(birth_date=born) if born else None
    found = tax_ages.unfit(kind, year, person, city)
    return found.key if found else ""


@pytest.mark.parametrize(
    ("kind", "year", "born", "is_fit"),
    [
        (ACTIVITY, 2026, date(2021, 1, 1), True),  # five on 1 January
        (ACTIVITY, 2026, date(2021, 1, 2), False),
        (ACTIVITY, 2026, date(2010, 1, 2), True),  # sixteen the day after
        (ACTIVITY, 2026, date(2010, 1, 1), False),
        (ACTIVITY, 2026, date(1984, 5, 4), False),  # 42 years old
        (ACTIVITY, 2025, date(2020, 1, 1), True),
        (ACTIVITY, 2025, date(2021, 1, 1), False),
        (ACTIVITY, 2013, date(2008, 2, 29), False),  # born on a leap day, five in February
        (ACTIVITY, 2014, date(2008, 2, 29), True),
        (CHILD_CARE, 2026, date(2026, 12, 31), True),  # a baby
        (CHILD_CARE, 2026, date(2010, 1, 1), True),  # fifteen until that day
        (CHILD_CARE, 2026, date(2009, 12, 31), False),
        (CHILD_CARE, 2026, date(1984, 5, 4), False),
        (RL24, 2025, date(2009, 1, 1), True),
        (RL24, 2025, date(2008, 12, 31), False),
        (RL24, 2026, date(2012, 1, 1), True),  # under 14 from 2026
        (RL24, 2026, date(2011, 12, 31), False),
    ],
)
def test_ages_are_counted_to_the_day(city_of_2026, kind, year, born, is_fit):
    age = Unfit.AGE_FOR_ACTIVITIES if kind == ACTIVITY else Unfit.AGE_FOR_CARE
    assert why(kind, year, born, city_of_2026) == ("" if is_fit else age)


@pytest.mark.parametrize("kind", [ACTIVITY, CHILD_CARE, RL24])
@pytest.mark.parametrize("year", [2012, 2027])
def test_a_year_without_data_is_said_and_not_guessed(city_of_2026, kind, year):
    assert tax_ages.of(kind, year, city_of_2026) is None
    assert why(kind, year, date(year - 8, 5, 4), city_of_2026) == Unfit.YEAR_UNKNOWN


@pytest.mark.parametrize("year", [2012, 2026, 2027])
def test_a_gift_has_no_age(city_of_2026, year):
    assert why(DONATION, year, date(1984, 5, 4), city_of_2026) == why(DONATION, year, None, city_of_2026) == ""


def test_nobody_is_no_child_for_activities_and_is_named_as_missing_for_care(city_of_2026):
    assert why(ACTIVITY, 2026, None, city_of_2026) == Unfit.NOBODY
    assert why(CHILD_CARE, 2026, None, city_of_2026) == ""


def test_the_ages_said_are_those_of_the_year(city_of_2026):
    found = tax_ages.unfit(RL24, 2026, Person(birth_date=date(1984, 5, 4)), city_of_2026)
    assert found.values == {"least": 0, "last": 13, "under": 14, "year": 2026}
