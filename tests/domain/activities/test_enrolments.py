"""Which child is the first: among those of the same days or of the season, settled ones before, each counted once."""

from datetime import date

import pytest

from domain.activities.enrolments import Enrolment, Ranks, in_order
from models import PriceRule
from tests.domain.activities.pricing_world import person, place, week

DATES, SEASON = PriceRule.DATES, PriceRule.SEASON


def ranks(places: list[Enrolment], over: str, settled=(), first_child: str = "order", option: str = "") -> list[int]:
    counted = Ranks(places, settled, first_child, lambda one, _option: one.activity.price_cents)
    return [counted.of(one, option, over) for one in places]


def test_over_the_season_a_child_keeps_one_rank():
    lea, tom = person(), person()
    places = [place(lea, week(1)), place(tom, week(2)), place(lea, week(2)), place(tom, week(3))]
    assert ranks(places, SEASON) == [1, 2, 1, 2]


def test_over_dates_a_rank_counts_those_who_start_the_same_day():
    lea, tom, eve = person(), person(), person()
    places = [place(lea, week(1)), place(tom, week(2)), place(lea, week(2)), place(eve, week(2)), place(eve, week(3))]
    assert ranks(places, DATES) == [1, 1, 2, 3, 1]


def test_a_child_with_two_places_of_the_same_day_counts_once():
    lea, tom = person(), person()
    places = [place(lea, week(1)), place(lea, week(1)), place(tom, week(1))]
    assert ranks(places, DATES) == [1, 1, 2]


@pytest.mark.parametrize("over", [DATES, SEASON])
def test_another_programme_or_season_does_not_count(over):
    places = [place(person(), week(1)), place(person(), week(1, program="")), place(person(), week(1, season="2026"))]
    assert ranks(places, over) == [1, 1, 1]


def test_for_an_option_only_those_who_have_it_count():
    places = [place(person(), week(1)), place(person(), week(1), "garde"), place(person(), week(1), "bus", "garde")]
    assert ranks(places[1:], DATES, option="garde") == [1, 2]
    counted = Ranks(places, (), "order", lambda _one, _option: 0)
    assert [counted.of(places[2], option, DATES) for option in ("", "garde", "bus")] == [3, 2, 1]


@pytest.mark.parametrize("over", [DATES, SEASON])
def test_those_settled_come_before_whoever_would_be_first(over):
    lea, tom, eve = (person(birth_date=date(year, 1, 1)) for year in (2020, 2019, 2015))
    settled = [place(tom, week(1)), place(lea, week(1))]
    new = [place(eve, week(1)), place(lea, week(1))]
    for first_child in ("order", "oldest", "dearest"):
        assert ranks(new, over, settled, first_child) == [3, 2]


@pytest.mark.parametrize(
    ("first_child", "expected"), [("order", [1, 2, 3]), ("oldest", [3, 2, 1]), ("dearest", [2, 1, 3])]
)
@pytest.mark.parametrize("over", [DATES, SEASON])
def test_the_city_chooses_who_is_first(over, first_child, expected):
    prices = {2020: 50_00, 2018: 70_00, 2016: 40_00}
    places = [place(person(birth_date=date(year, 1, 1)), week(1, price_cents=cents)) for year, cents in prices.items()]
    assert ranks(places, over, first_child=first_child) == expected


@pytest.mark.parametrize("first_child", ["oldest", "dearest"])
def test_those_alike_are_ranked_as_taken(first_child):
    places = [place(person(), week(1)) for _ in range(3)]
    assert ranks(places[::-1], DATES, first_child=first_child) == [3, 2, 1]


def test_the_dearest_over_a_season_is_who_costs_most_in_all():
    lea, tom = person(), person()
    places = [place(lea, week(1, price_cents=90_00)), place(tom, week(1)), place(tom, week(2))]
    assert ranks(places, SEASON, first_child="dearest") == [2, 1, 1]


def test_the_order_is_as_taken_whatever_the_order_given():
    places = [place(person(), week()) for _ in range(4)]
    assert in_order(places[::-1]) == places


def test_settled_ones_that_nothing_tells_apart_stay_in_the_order_given():
    lea, tom = person(), person()
    settled = [
        Enrolment(f"registration {number}", child, week(1), (), date(2027, 4, 3), 0)
        for number, child in ((9, lea), (10, tom))
    ]
    assert ranks([place(tom, week(2)), place(lea, week(2))], SEASON, settled) == [2, 1]
