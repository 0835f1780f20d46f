"""29 February: someone born then has an age every year, and identifies."""

from datetime import date

import pytest

from models import Person


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 2, 28), 17),
        (date(2026, 3, 1), 18),
        (date(2028, 2, 28), 19),
        (date(2028, 2, 29), 20),
    ],
)
def test_the_birthday_of_a_common_year_is_the_first_of_march(day: date, age: int):
    assert Person(birth_date=date(2008, 2, 29)).age_on(day) == age


def test_a_date_that_exists_is_taken(citizen):
    citizen.person.birth_date = date(1984, 2, 29)
    citizen.person.save()
    assert citizen.identifies().status_code == 303
