"""Rows as JSON has them."""

from datetime import date, datetime

from domain.privacy.plain_rows import item, items
from models import Person, RefusedTry

PERSON = Person(first_name="Zoé", last_name="Roy", birth_date=date(2018, 5, 1), phone="")


def test_days_and_moments_are_iso_8601():
    assert item(PERSON, only=("birth_date",)) == {"birth_date": "2018-05-01"}
    assert item(RefusedTry(since=datetime(2026, 11, 23, 17)), only=("since",)) == {"since": "2026-11-23T17:00:00"}


def test_columns_are_left_out_or_alone_kept():
    assert "phone" not in item(PERSON, without=("phone",))
    assert item(PERSON, only=("first_name", "last_name")) == {"first_name": "Zoé", "last_name": "Roy"}


def test_what_is_told_stands_instead_of_a_column():
    told = items([PERSON], ("first_name",), {"name": lambda row: row.name})
    assert told[0]["name"] == "Zoé Roy"
    assert "first_name" not in told[0]
