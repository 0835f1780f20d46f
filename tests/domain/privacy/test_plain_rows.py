"""Rows as a download holds them, and as JSON has them."""

from datetime import date, datetime

from domain.privacy.plain_rows import Columns, Section, item, plain
from models import Person, RefusedTry

PERSON = Person(first_name="Zoé", last_name="Roy", birth_date=date(2018, 5, 1), phone="")


def test_days_and_moments_are_iso_8601_in_json():
    moment = Columns(RefusedTry, only=("since",)).of([RefusedTry(since=datetime(2026, 11, 23, 17))])
    assert plain(Columns(Person, only=("birth_date",)).of([PERSON])) == [{"birth_date": "2018-05-01"}]
    assert plain(moment) == [{"since": "2026-11-23T17:00:00"}]


def test_columns_are_left_out_or_alone_kept():
    assert "phone" not in Columns(Person, without=("phone",)).of([PERSON]).rows[0]
    assert item(PERSON, only=("first_name", "last_name")) == {"first_name": "Zoé", "last_name": "Roy"}


def test_what_is_told_stands_instead_of_a_column():
    told = Columns(Person, ("first_name",), instead={"name": lambda row: row.name}).of([PERSON])
    assert told.rows[0]["name"] == "Zoé Roy"
    assert "first_name" not in told.rows[0]


def test_a_section_has_every_field_that_its_rows_may_have_also_without_a_row():
    columns = Columns(Person, without=("id",), instead={"name": lambda row: row.name})
    assert columns.of([PERSON]).fields == columns.of([]).fields == tuple(columns.of([PERSON]).rows[0])
    assert plain(Section(("a",), [])) == []
