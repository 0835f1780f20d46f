"""Prices of a file: an amount or a household's cap, of something known, and no two for the same thing."""

from datetime import date

import pytest

from domain.imports import sheets
from domain.imports.outcome import Outcome, Problem, Reason
from models import PriceRule
from tests.domain.imports.test_sheets import price
from tests.factories import make_activity
from tests.imports import bring_in

pytestmark = pytest.mark.usefixtures("town")
MARCH, APRIL, MAY = date(2027, 3, 1), date(2027, 4, 1), date(2027, 5, 1)


@pytest.fixture
def town(db):
    """An activity of a programme."""
    make_activity(code="yoga1", program="yoga")


def brings(*rows: dict) -> Outcome:
    return bring_in(sheets.prices.plan, *rows)


def cap(**values) -> dict:
    return price(amount_cents=None, household_cap_cents=46000) | values


def fee(**values) -> dict:
    return price(option="dossier", label="Dossier", fee="child", refund="moins-10") | values


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (price(amount_cents=None), "amount", Reason.NO_AMOUNT),
        (price(household_cap_cents=46000), "household_cap", Reason.TWO_AMOUNTS),
        (cap(option="garde"), "household_cap", Reason.CAP_OF_A_PART),
        (cap(rank=2), "household_cap", Reason.CAP_OF_A_PART),
        (price(first_day=APRIL, last_day=MARCH), "until", Reason.LAST_DAY_FIRST),
        (fee(option=""), "fee", Reason.FEE_UNNAMED),
        (fee(label=""), "fee", Reason.FEE_UNNAMED),
        (fee(rank=2), "fee", Reason.FEE_UNNAMED),
        (cap(fee="child"), "fee", Reason.FEE_UNNAMED),
        (price(refund="moins-10"), "refund", Reason.REFUND_OF_A_PLACE),
        (price(program="judo"), "program", Reason.UNKNOWN_PROGRAM),
    ],
)
def test_what_cannot_be_is_refused(row, column, reason):
    assert [(one.line, one.column, one.reason) for one in brings(row).rejected] == [(2, column, reason)]
    assert not PriceRule.select().exists()


@pytest.mark.parametrize(
    "row",
    [
        price(program="yoga"),
        price(program="yoga1"),
        price(amount_cents=0, rank=3),
        price(first_day=MARCH, last_day=MARCH),
        price(first_day=MARCH),
        cap(),
        cap(household_cap_cents=0, who="resident"),
        fee(),
        fee(fee="household", refund=None),
    ],
)
def test_what_can_be_is_written(row):
    assert brings(row).created == 1
    stored = PriceRule.get().__data__
    assert {name: stored[name] for name in row if name != "price"} == {n: v for n, v in row.items() if n != "price"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"rank": 2}, {"rank": 2}),
        ({"who": "resident"}, {"who": "resident"}),
        ({"option": "garde"}, {"option": "garde"}),
        ({"rank": 2, "rank_over": "season"}, {"rank": 2, "rank_over": "dates"}),
        ({"first_day": MARCH, "last_day": APRIL}, {"first_day": APRIL, "last_day": MAY}),
        ({"last_day": APRIL}, {"first_day": APRIL}),
        ({"first_day": MARCH}, {"first_day": MAY}),
    ],
)
def test_two_for_the_same_thing_on_the_same_day_are_refused_and_both_named(one, other):
    rows = price(**one), price(price="t2", amount_cents=4400) | other
    [problem] = brings(*rows).rejected
    assert problem == Problem(3, "amount", Reason.PRICES_DIFFER, {"key": "t2", "other": "t1"})
    assert brings(rows[0], rows[1] | {"amount_cents": 5800}).created == 2, "the same amount is no matter"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"program": "yoga"}),
        ({"rank": 1}, {"rank": 2}),
        ({}, {"rank": 1}),
        ({"who": "resident"}, {"who": "non_resident"}),
        ({}, {"who": "resident"}),
        ({}, {"option": "garde"}),
        ({}, {"first_day": MARCH}),
        ({"first_day": MARCH, "last_day": APRIL}, {"first_day": date(2027, 4, 2)}),
        ({}, {"amount_cents": None, "household_cap_cents": 46000}),
    ],
)
def test_one_that_is_more_precise_or_of_other_days_stands_beside_it(one, other):
    assert brings(price(**one), price(price="t2", amount_cents=4400) | other).created == 2


def test_the_tax_is_part_of_a_price():
    rows = price(tax_code="exempt"), price(price="t2", tax_code="taxable")
    assert [one.reason for one in brings(*rows).rejected] == [Reason.PRICES_DIFFER]


@pytest.mark.parametrize("other", [{"fee": "household"}, {"refund": None}, {"fee": None, "refund": None}])
def test_of_whom_a_fee_is_asked_and_whether_it_is_given_back_are_part_of_it(other):
    rows = fee(), fee(price="t2") | other
    assert [one.reason for one in brings(*rows).rejected] == [Reason.PRICES_DIFFER]


def test_two_caps_of_one_programme_are_refused():
    assert [one.line for one in brings(cap(), cap(price="c2", household_cap_cents=1)).rejected] == [3]


def test_a_price_that_is_here_and_not_in_the_file_counts_unless_the_file_changes_it_too():
    brings(price())
    [problem] = brings(price(price="t0", amount_cents=4400)).rejected
    assert (problem.line, problem.values) == (2, {"key": "t0", "other": "t1"})
    assert brings(price(rank=1), price(price="t0", amount_cents=4400)).updated == 1


def test_days_that_overlap_across_a_long_price_are_found():
    rows = (
        price(first_day=MARCH, last_day=MAY),
        price(price="t2", first_day=MARCH, last_day=MARCH),
        price(price="t3", first_day=APRIL, last_day=APRIL, amount_cents=1),
    )
    assert [one.values for one in brings(*rows).rejected] == [{"key": "t3", "other": "t1"}]
