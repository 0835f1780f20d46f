"""Every table of people stands in one series; the city says how long each is kept, and the law how little."""

from pathlib import Path

import pytest
from peewee import ForeignKeyField

import models
from city import City, Retention, SettingError, load_city
from domain.privacy import series
from domain.privacy.series import ALL, NOBODYS, PAST_A_TIME
from models import Table

STANDING = [table for one in ALL for table in one.tables]


def astray(tables: tuple[type[Table], ...]) -> list[type[Table]]:
    """Return the tables that stand in no series, nor among those that tell of nobody."""
    return [table for table in tables if table not in {*STANDING, *NOBODYS}]


def test_every_table_stands_in_a_series_or_tells_of_nobody():
    assert astray(models.TABLES) == []
    assert len(STANDING) == len(set(STANDING)), "in one, not in two"
    assert not set(STANDING) & set(NOBODYS)


def test_a_table_of_people_that_is_new_is_seen():
    new = type("KnownFace", (models.Table,), {"person": ForeignKeyField(models.Person)})
    assert astray((*models.TABLES, new)) == [new]


@pytest.mark.parametrize("table", NOBODYS, ids=lambda table: table.__name__)
def test_what_tells_of_nobody_refers_to_nobody(table):
    referred = {field.rel_model for field in table._meta.sorted_fields if isinstance(field, ForeignKeyField)}
    assert referred <= set(NOBODYS)


def test_each_series_that_goes_has_a_period_of_the_city(city: City):
    assert all(one.period_of(city).length for one in PAST_A_TIME)
    used = {one.period or one.kind for one in PAST_A_TIME}
    assert used == set(Retention.__dataclass_fields__) - {"unused_account_notice"}


def test_the_city_as_shipped_names_a_number_for_each(city: City):
    assert [one.kind for one in PAST_A_TIME if not one.period_of(city).number] == []


def test_a_city_that_says_nothing_keeps_as_long_as_the_law_wants():
    assert list(Retention().problems()) == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("cards = { years = 6 }", "retention.cards.years doit être 7 ou plus"),
        ("incidents = { days = 400 }", "retention.incidents.years doit être 5 ou plus"),
        ("messages = { days = 0 }", "retention.messages doit être de 1 jour"),
        ("messages = { days = -3 }", "retention.messages doit être de 1 jour"),
        ("messages = { years = 200 }", "retention.messages doit être de 1 jour"),
        ("mesages = { days = 30 }", "retention.mesages n’est pas un réglage"),
        ('messages = { days = "30" }', "retention.messages.days doit être un nombre entier"),
    ],
)
def test_a_wrong_period_stops_the_start_and_is_named(tmp_path, line, problem):
    text = Path("city.toml").read_text(encoding="utf-8")
    text = text[: text.index("[retention]")] + f"[retention]\n{line}\n"
    file = tmp_path / "city.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingError, match=problem.replace(".", r"\.")):
        load_city(file)


def test_money_and_the_trail_have_no_end():
    endless = {one.kind for one in ALL if one.rule is None}
    assert {series.Kind.PAYMENTS, series.Kind.TRAIL} <= endless
