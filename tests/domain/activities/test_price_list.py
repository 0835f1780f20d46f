"""Which row holds: activity before programme, who before both, rank before none, dated before undated."""

from datetime import date, timedelta
from random import Random

import pytest

from domain.activities import price_list
from domain.activities.price_list import Asked
from models import PriceRule
from tests.domain.activities.pricing_world import HELD_ON, ladder, person, row, week
from tests.factories import make_activity, make_group, make_price

DAY = timedelta(days=1)
ACTIVITY = week(code="camp-A")
DATES = {"first_day": HELD_ON - DAY, "last_day": HELD_ON + DAY}
FROM_VAGUE_TO_PRECISE = [
    row(1),
    row(2, **DATES),
    row(3, rank=1),
    row(4, rank=1, **DATES),
    row(5, rank=2),
    row(6, who="resident"),
    row(7, rank=1, who="resident"),
    row(8, program="camp-A"),
    row(9, program="camp-A", **DATES),
    row(10, program="camp-A", rank=1),
    row(11, program="camp-A", who="resident"),
    row(12, program="camp-A", who="resident", rank=1, **DATES),
]
OF_OTHERS = [
    row(90, program="soccer", who="resident", rank=2),
    row(91, program="camp-B"),
    row(92, program="camp-A", who="non_resident", rank=2),
    row(93, program="camp-A", who="resident", rank=3),
    row(94, program="camp-A", who="resident", rank=2, option="garde"),
    row(95, program="camp-A", who="resident", rank=2, first_day=HELD_ON + DAY),
    row(96, program="camp-A", who="resident", rank=2, last_day=HELD_ON - DAY),
    row(None, program="camp-A", who="resident", rank=2, household_cap_cents=97),
]


def holding(rules: list[PriceRule], rank: int = 2, day: date = HELD_ON, option: str = "", who: str = "resident"):
    found = price_list.row_of(Asked(ACTIVITY, option, who, day), rules, lambda _over: rank)
    return found and found.amount_cents


@pytest.mark.parametrize("so_many", range(1, len(FROM_VAGUE_TO_PRECISE) + 1))
def test_the_most_precise_row_holds_whatever_the_order_of_the_file(so_many):
    rules = [*FROM_VAGUE_TO_PRECISE[:so_many], *OF_OTHERS]
    for seed in range(5):
        Random(seed).shuffle(rules)
        assert holding(rules) == so_many


def test_without_any_row_none_holds():
    assert holding(OF_OTHERS) is None
    assert holding([]) is None


@pytest.mark.parametrize(("rank", "cents"), [(1, 58_00), (2, 44_00), (3, 0), (4, 0), (9, 0)])
def test_the_last_rank_given_holds_for_those_after(rank, cents):
    assert holding(ladder(58_00, 44_00, 0), rank) == cents


@pytest.mark.parametrize(("rank", "cents"), [(1, 50_00), (2, 40_00), (3, 40_00)])
def test_a_ladder_may_begin_at_the_second_child(rank, cents):
    assert holding([row(50_00), row(40_00, rank=2)], rank) == cents


@pytest.mark.parametrize(("after", "cents"), [(-1, 1), (0, 2), (3, 2), (4, 1)])
def test_both_days_are_in_it(after, cents):
    rules = [row(1), row(2, first_day=HELD_ON, last_day=HELD_ON + 3 * DAY)]
    assert holding(rules, day=HELD_ON + after * DAY) == cents


@pytest.mark.parametrize(("after", "cents"), [(-1, 120_00), (0, 120_00), (1, 159_00)])
def test_an_end_that_is_open_holds_for_ever(after, cents):
    rules = [row(120_00, last_day=HELD_ON), row(159_00, first_day=HELD_ON + DAY)]
    assert holding(rules, day=HELD_ON + after * DAY) == cents


def test_of_two_periods_the_later_to_begin_and_the_sooner_to_end_is_the_more_precise():
    began = [row(1, code="z", first_day=HELD_ON - 9 * DAY), row(2, code="a", first_day=HELD_ON - DAY)]
    ends = [row(3, code="a", last_day=HELD_ON + DAY), row(4, code="z", last_day=HELD_ON + 9 * DAY)]
    assert (holding(began), holding(began[::-1])) == (2, 2)
    assert (holding(ends), holding(ends[::-1])) == (3, 3)


def test_rows_alike_are_decided_by_their_code():
    alike = [row(1, code="a"), row(2, code="b")]
    assert holding(alike) == holding(alike[::-1])


def test_caps_are_of_the_programme_and_of_the_activity():
    of_camp, of_camp_resident = (row(household_cap_cents=cents, **values) for cents, values in
                                 ((460_00, {}), (400_00, {"who": "resident"})))  # fmt: skip
    of_activity, of_care = row(household_cap_cents=50_00, program="camp-A"), row(household_cap_cents=9, option="garde")
    rules = [of_care, of_camp_resident, of_camp, of_activity, row(5)]
    asked = Asked(ACTIVITY, "", "resident", HELD_ON)
    assert price_list.caps_of(asked, rules) == [of_activity, of_camp_resident]
    assert price_list.caps_of(Asked(ACTIVITY, "", "non_resident", HELD_ON), rules) == [of_activity, of_camp]
    assert price_list.caps_of(Asked(ACTIVITY, "garde", "resident", HELD_ON), rules) == [of_care]


def test_options_are_those_that_have_a_price_for_her_that_day(city):
    rules = [
        row(35_00, option="garde", label="Service de garde", rank=1),
        row(27_00, option="garde", rank=2),
        row(30_00, option="transport", who="non_resident"),
        row(30_00, option="diner", last_day=HELD_ON - DAY),
        row(30_00, option="piscine"),
        row(30_00, option="ski", program="soccer"),
        row(None, option="judo", household_cap_cents=1),
    ]
    hers = price_list.options_for(ACTIVITY, person(), HELD_ON, rules, city)
    assert hers == {"garde": "Service de garde", "piscine": "piscine"}
    assert "transport" in price_list.options_for(ACTIVITY, person(resident=False), HELD_ON, rules, city)


@pytest.mark.usefixtures("db")
def test_one_query_reads_the_rows_of_many_activities(queries):
    activities = [make_activity(code=f"camp-{n}", program="camp") for n in range(3)] + [make_activity(code="seul")]
    for program in ("camp", "camp-1", "seul", "soccer"):
        row(1, program=program).save(force_insert=True)
    with queries() as made:
        rules = price_list.rules_for(activities)
    assert ({rule.program for rule in rules}, len(made)) == ({"camp", "camp-1", "seul"}, 1)


def test_an_option_is_named_by_what_its_labels_begin_with_else_by_its_code(db, queries):
    group = make_group()
    for rank, who in enumerate(("1er enfant", "2e enfant"), 1):
        make_price(option="garde", label=f"Service de garde, {who}", rank=rank)
    make_price(option="bus", label="Matin")
    make_price(option="bus", label="Autobus")
    named = price_list.option_names([(group, "garde bus"), (group, "x"), (group, "")])
    assert named == {(group.id, "garde"): "Service de garde", (group.id, "bus"): "Autobus", (group.id, "x"): "x"}
    with queries() as made:
        assert price_list.option_names([(group, "")]) == {}
    assert not made
