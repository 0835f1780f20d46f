"""Activities of a file: what one says by itself, those of one hour together, what they name, and what has no price."""

from datetime import date, datetime

import pytest

from domain.imports import sheets
from domain.imports.activity_rules import is_sold
from domain.imports.outcome import Outcome, Problem, Reason
from models import Activity, PriceRule
from tests.domain.imports.test_sheets import NOT_SOLD, activity
from tests.factories import make_activity, make_place
from tests.imports import bring_in

pytestmark = pytest.mark.usefixtures("town")
EIGHT, NINE = datetime(2026, 10, 3, 12), datetime(2026, 10, 3, 13)


@pytest.fixture
def town(db):
    """The place that the rows name."""
    make_place(code="lieu1")


def brings(*rows: dict, absent: frozenset[str] = frozenset()) -> Outcome:
    return bring_in(sheets.activities.plan, *rows, absent=absent)


def refused(*rows: dict) -> list[tuple[int, str, Reason]]:
    return [(one.line, one.column, one.reason) for one in brings(*rows).rejected]


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"age_min": 6, "age_max": 5}, ("age_max", Reason.AGES_REVERSED)),
        ({"born_from": date(2020, 10, 2), "born_until": date(2020, 10, 1)}, ("born_until", Reason.BIRTHS_REVERSED)),
        ({"opens_residents": NINE, "closes": EIGHT}, ("closes", Reason.CLOSES_BEFORE)),
        ({"opens_residents": EIGHT, "opens_everyone": NINE, "closes": NINE}, ("closes", Reason.CLOSES_BEFORE)),
        ({"opens_residents": EIGHT, "opens_neighbours": NINE, "closes": NINE}, ("closes", Reason.CLOSES_BEFORE)),
        ({"activity": "club été", "capacity": 5}, ("activity", Reason.CODE_NOT_SOLD)),
        ({"activity": "club/ete", "capacity": 0}, ("activity", Reason.CODE_NOT_SOLD)),
        ({"activity": "club:1", "capacity": 5}, ("activity", Reason.CODE_NOT_SOLD)),
        ({"after": "club-avant"}, ("after", Reason.UNKNOWN_BEFORE)),
    ],
)
def test_what_cannot_be_is_refused(values, wrong):
    assert refused(activity(**values)) == [(2, *wrong)]
    assert not Activity.select().exists()


@pytest.mark.parametrize(
    "values",
    [
        {"age_min": 5, "age_max": 5},
        {"age_min": 0, "age_max": 0},
        {"age_min": 18},
        {"age_max": 0},
        {"born_from": date(2020, 10, 1), "born_until": date(2020, 10, 1)},
        {"opens_residents": EIGHT, "closes": NINE},
        {"closes": EIGHT},
        {"capacity": 0, "price_cents": 0},
        {"activity": "club été"},
        {"activity": "club été", "capacity": 5, "register_at": "https://example.org"},
        {"program": "tennis", "after": "tennis"},
    ],
)
def test_what_can_be_is_written(values):
    done = brings(activity(**values))
    assert (done.rejected, done.created, done.written) == ([], 1, {})
    row = Activity.get().__data__
    assert {name: row[name] for name in values if name != "activity"} == {
        name: value for name, value in values.items() if name != "activity"
    }


def test_a_file_without_the_new_columns_loads_as_before_and_changes_none_of_them():
    sold = {"program": "tennis", "capacity": 8, "price_cents": 5800, "age_min": 5, "opens_residents": EIGHT}
    brings(activity(**sold))
    before = Activity.get().__data__
    absent = frozenset(NOT_SOLD)
    assert brings(activity(), absent=absent).unchanged == 1
    assert brings(activity(title="Tennis, débutants"), absent=absent).updated == 1
    assert Activity.get().__data__ == before | {"title": "Tennis, débutants"}
    assert brings(activity(activity="yoga"), absent=absent).created == 1
    fresh = Activity.get(Activity.code == "yoga").__data__
    assert {name: fresh[name] for name in NOT_SOLD} == NOT_SOLD


def test_an_empty_cell_takes_away_what_was_there():
    brings(activity(capacity=8, price_cents=5800, age_min=5))
    assert brings(activity()).updated == 1
    row = Activity.get()
    assert (row.capacity, row.price_cents, row.age_min) == (None, None, None)


def test_a_column_is_weighed_against_what_stays_here():
    brings(activity(age_max=5))
    only_min = frozenset(NOT_SOLD) - {"age_min"}
    assert brings(activity(age_min=6), absent=only_min).rejected[0].reason == Reason.AGES_REVERSED
    assert brings(activity(age_min=4), absent=only_min).updated == 1


def hour(code: str, mode: str = Activity.QUEUE, **values) -> dict:
    return activity(activity=code, season="Été 2027", mode=mode, **({"opens_residents": EIGHT} | values))


def test_groups_of_one_season_and_hour_are_served_in_one_way():
    outcome = brings(hour("a"), hour("b", Activity.DRAW))
    assert outcome.rejected == [Problem(3, "mode", Reason.MODE_DIFFERS, {"key": "b", "other": "a"})]


@pytest.mark.parametrize(
    "other",
    [
        {"opens_residents": NINE},
        {"season": "Hiver 2027"},
        {"opens_residents": None},
        {"register_at": "https://example.org"},
    ],
)
def test_those_of_another_season_or_hour_or_elsewhere_may_be_served_otherwise(other):
    row = hour("b", Activity.DRAW) | other
    assert brings(hour("a"), row).created == 2


def test_the_hour_of_everyone_is_an_hour_too():
    assert refused(hour("a"), hour("b", Activity.DRAW, opens_residents=None, opens_everyone=EIGHT))[0][1] == "mode"


def test_a_group_that_is_here_and_not_in_the_file_counts_unless_the_file_changes_it_too():
    brings(hour("a"))
    [problem] = brings(hour("b", Activity.DRAW)).rejected
    assert problem.values == {"key": "b", "other": "a"}
    assert brings(hour("a", Activity.DRAW), hour("b", Activity.DRAW)).updated == 1


@pytest.mark.parametrize("known", ["club-avant", "camps"])
def test_what_was_taken_before_may_be_an_activity_or_a_programme_of_here_or_of_the_file(known):
    make_activity(code="club-avant", program="camps")
    assert brings(activity(after=f"{known} tennis")).created == 1
    assert brings(activity(activity="yoga", after="velo"), activity(activity="x", program="velo")).created == 2


def test_what_is_sold_without_any_price_is_written_and_said():
    done = brings(activity(capacity=8, program="club"))
    assert (done.created, done.written) == (1, {2: Problem(2, "price", Reason.NO_PRICE, {"key": "tennis"}, "tennis")})


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"program": "club"}, False),
        ({"program": "tennis"}, False),
        ({"program": "autre"}, True),
        ({"program": "club", "option": "garde"}, True),
        ({"program": "club", "amount_cents": None, "household_cap_cents": 46000}, True),
    ],
)
def test_a_price_of_the_prices_file_is_one(rule, said):
    PriceRule.create(**({"code": "t", "amount_cents": 5800} | rule))
    assert bool(brings(activity(capacity=8, program="club")).written) is said


def test_what_is_not_sold_here_needs_no_price():
    assert not is_sold(NOT_SOLD)
    assert not is_sold(NOT_SOLD | {"capacity": 3, "register_at": "https://example.org"})
    assert is_sold(NOT_SOLD | {"capacity": 0})
