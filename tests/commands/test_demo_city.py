"""The invented city: its files load in their order, and its season is one that Magog would recognise."""

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from demo.city import __main__ as city
from demo.city import leisure, season
from demo.city.people import HOUSEHOLDS
from domain.common import clock
from models import Activity, PlacesTaken, PriceRule, Registration
from tests.commands.rows import everything
from tests.server import ROOT

DAYS = [date(2026, 11, 27), date(2027, 1, 1), date(2027, 5, 31), date(2027, 6, 1), date(2027, 6, 30)]
DAYS += [date(2027, 9, 30), date(2027, 10, 1), date(2027, 12, 31), date(2028, 2, 29)]


@pytest.fixture
def folder(tmp_path) -> Path:
    """The city's files, made today."""
    subprocess.run([sys.executable, "-m", "demo.city", tmp_path], check=True, capture_output=True, cwd=ROOT)
    return tmp_path


@pytest.fixture
def loaded(folder, flask) -> Path:
    for kind in city.TABLES:
        result = flask("import", kind, folder / f"{kind}.csv")
        assert (result.exit_code, "laissé" in result.output.split(", ")[0]) == (0, False), result.output
        assert ", 0 laissé(s)" in result.output
        assert "à traiter" not in result.output
    return folder


def rows(folder: Path, kind: str) -> Iterator[dict]:
    with (folder / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_the_files_load_in_their_order_and_again_change_nothing(loaded, flask):
    before = everything()
    for kind in city.TABLES:
        assert ", 0 modifié(s)" in flask("import", kind, loaded / f"{kind}.csv").output
    assert everything() == before


def test_nobody_is_in_a_group_of_another_age(loaded):
    for one in Registration.select():
        group, person = one.activity, one.person
        age = person.age_on(group.age_counts_on)
        assert group.born_from is None or group.born_from <= person.birth_date <= group.born_until, (group.code, person)
        assert (group.age_min or 0) <= age <= (group.age_max or 150)
        assert "préscolaire" not in group.title or age <= 6


def test_nobody_swims_without_water(loaded):
    swimming = [one for one in Activity.select() if any(word in one.title for word in ("Nat", "Nager", "Aqua"))]
    assert {one.place.code for one in swimming} == {"ruche", "plage-cantons"}


OUT_OF_DOORS = {"omerville", "parc-horan", "parc-princess-elizabeth", "plage-cantons", "terrain-soccer"}


@pytest.mark.parametrize("today", DAYS)
def test_each_thing_is_in_its_season_whatever_the_day(today):
    for code, title, _season, first, _last, _days, _from, _to, place, *_ in leisure.activities(today):
        if title.startswith("Club été"):
            assert first.month in (6, 7, 8), (code, first)
        if "relâche" in title:
            assert (first.month, first.weekday()) == (3, 0)
            assert first > today
        if place in OUT_OF_DOORS:
            assert 5 <= first.month <= 9, (code, first)
    for _number, _household, issued_on, due_on, _whom, description, *_ in city.invoices(today):
        assert issued_on <= min(today, due_on)
        if "hiver" in description:
            assert issued_on.month < 4


@pytest.mark.parametrize("today", DAYS)
def test_nothing_is_paid_tomorrow(today):
    assert all(paid_on <= today for _payment, _number, paid_on, *_ in city.payments(today))


def test_eight_weeks_at_two_schools_by_birth_date_with_refunds_and_instalments(loaded):
    camps = list(Activity.select().where(Activity.program == "club-ete", Activity.capacity.is_null(False)))
    assert len(camps) == 8 * 2 * 4
    assert {(one.refund, one.instalments, one.category, one.tax_code) for one in camps} == {
        ("moins-10", "trois", "child_care", "exempt")
    }
    assert {one.starts_on.weekday() for one in camps} == {0}


def test_the_ladder_is_magogs(loaded):
    ladder = PriceRule.select().where(PriceRule.program == "club-ete").order_by(PriceRule.code)
    assert {(one.option, one.who, one.rank): one.amount_cents for one in ladder} == {
        ("", "resident", 1): 5800, ("", "resident", 2): 4400, ("", "resident", 3): 0,
        ("", "non_resident", 1): 19300, ("", "non_resident", 2): 17900, ("", "non_resident", 3): 13500,
        ("garde", "", 1): 3500, ("garde", "", 2): 2700, ("garde", "", 3): 0,
    }  # fmt: skip
    assert {one.rank_over for one in ladder} == {"dates"}


def test_some_is_full_some_has_two_places_left_and_most_is_free(loaded):
    left = Counter(one.capacity - one.taken for one in PlacesTaken.select().where(PlacesTaken.capacity.is_null(False)))
    assert (left[0], left[2]) == (2, 2)
    assert sum(count for places, count in left.items() if places > 5) > 60


def test_some_is_open_to_everyone_some_opens_soon_and_some_is_elsewhere(loaded):
    now = clock.now()
    sold = list(Activity.select().where(Activity.capacity.is_null(False)))
    assert {one.program for one in sold if one.opens_everyone < now} >= {"club-ete", "nager-pour-la-vie"}
    assert {one.program for one in sold if one.opens_residents > now} == {"club-ados", "nager-a-la-plage"}
    assert [one.code for one in sold if one.provider == "partenaire"] == ["judo-enfants"]
    assert [one.code for one in Activity.select().where(Activity.register_at != "")] == ["patinage-club"]
    assert {one.code for one in sold if one.tax_code == "taxable"} >= {"aquaforme-hiver", "mise-en-forme"}


@pytest.mark.parametrize("today", DAYS)
def test_whatever_day_it_is_made_the_printed_cards_children_have_a_group_each_week(today):
    born = [city.birth_date(HOUSEHOLDS[0][person][2], person, today) for person in (2, 3, 4)]
    known = {row["activity"] for row in season.activities(today)}
    for week in range(1, 9):
        groups = {season.camp(week, one, today, school) for one in born for school in season.SCHOOLS}
        assert len(groups) == 6
        assert groups <= known
    assert season.first_monday(today) >= today


@pytest.mark.parametrize("today", DAYS)
def test_whatever_day_it_is_made_everyone_registered_is_of_the_age(today):
    groups = {row["activity"]: row for row in season.activities(today)}
    born = {row[0]: row[3] for row in city.cards(today)}
    in_camps = [row for row in city.registrations(today) if row[1] in groups]
    assert len(in_camps) > 30
    for _code, group, number, _status, registered_on in in_camps:
        assert groups[group]["born_from"] <= born[number] <= groups[group]["born_until"]
        assert registered_on < today


@pytest.mark.parametrize("today", DAYS)
def test_summer_is_the_next_one(today):
    monday = season.first_monday(today)
    assert monday.weekday() == 0
    assert date(monday.year, 6, 25) <= monday <= date(monday.year, 7, 1)
    assert today - timedelta(days=1) < monday
