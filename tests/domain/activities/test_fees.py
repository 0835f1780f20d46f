"""Fees beside places: asked once of whom they are asked, by themselves, each a line that says why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from city_registration import RefundPolicy, Tier
from domain.activities import fees, price_list, pricing
from models import PriceRule
from tests.domain.activities.pricing_world import HELD_ON, ladder, nets, person, place, priced, row, week
from views.messages import cart

HOUSEHOLD, CHILD, PLACE = PriceRule.FEES
WEEK = 58_00


def fee(cents: int, once: str, **values) -> PriceRule:
    return row(cents, **({"option": "dossier", "label": "Ouverture de dossier", "fee": once} | values))


@pytest.mark.parametrize(
    ("once", "expected"),
    [
        (HOUSEHOLD, [35_00, 0, 0, 0]),
        (CHILD, [35_00, 0, 35_00, 0]),
        (PLACE, [35_00, 35_00, 35_00, 35_00]),
    ],
)
def test_it_is_asked_once_a_household_once_a_child_or_with_each_place(city, once, expected):
    lea, tom = person(), person()
    places = [place(lea, week(1)), place(lea, week(2)), place(tom, week(1)), place(tom, week(2))]
    assert nets(city, [fee(35_00, once)], *places) == [WEEK + cents for cents in expected]


def test_35_a_child_and_20_a_week_as_one_town_has_it(city):
    rules = [fee(35_00, CHILD), fee(20_00, PLACE, option="semaine", label="Frais de la semaine")]
    lea, tom = person(), person()
    places = [place(lea, week(1)), place(lea, week(2)), place(tom, week(1))]
    lines = [[line.net_cents for line in one] for one in priced(city, rules, *places)]
    assert lines == [[WEEK, 35_00, 20_00], [WEEK, 20_00], [WEEK, 35_00, 20_00]]


@pytest.mark.parametrize(("once", "expected"), [(HOUSEHOLD, [0, 0]), (CHILD, [0, 35_00])])
def test_who_has_a_place_of_the_season_was_asked_already(city, once, expected):
    lea, tom = person(), person()
    new = [place(lea, week(2)), place(tom, week(2))]
    found = nets(city, [fee(35_00, once)], *new, settled=[place(lea, week(1))])
    assert found == [WEEK + cents for cents in expected]


def test_another_season_or_programme_asks_its_own(city):
    lea = person()
    rules = [fee(35_00, CHILD), fee(10_00, CHILD, program="soccer")]
    places = [place(lea, week(1)), place(lea, week(1, season="hiver")), place(lea, week(1, program="soccer"))]
    assert nets(city, rules, *places) == [WEEK + 35_00, WEEK + 35_00, WEEK + 10_00]


def test_one_that_begins_in_mid_season_is_asked_of_who_came_before_it_once(city):
    lea, rules = person(), [fee(35_00, CHILD, first_day=HELD_ON)]
    before = place(lea, week(1), held_on=HELD_ON - timedelta(days=1))
    assert nets(city, rules, place(lea, week(2)), place(lea, week(3)), settled=[before]) == [WEEK + 35_00, WEEK]


def test_it_is_of_her_class_and_of_its_days_and_at_nothing_has_no_line(city):
    rules = [fee(0, CHILD, who="resident"), fee(50_00, CHILD, who="non_resident", last_day=HELD_ON)]
    away = person(resident=False)
    places = [place(person(), week(1)), place(away, week(1)), place(person(resident=False), week(1))]
    places[2] = replace(places[2], held_on=HELD_ON + timedelta(days=1))
    assert [len(lines) for lines in priced(city, rules, *places)] == [1, 2, 1]


def test_no_cap_counts_it_and_no_ladder(city):
    rules = [fee(35_00, HOUSEHOLD), row(household_cap_cents=100_00), *ladder(58_00, 44_00)]
    lea, tom = person(), person()
    assert nets(city, rules, place(lea, week(1)), place(tom, week(1))) == [58_00 + 35_00, 42_00]


def test_nobody_chooses_it(city):
    lea, group, rules = person(), week(1), [fee(35_00, CHILD), row(20_00, option="garde")]
    assert list(price_list.options_for(group, lea, HELD_ON, rules, city)) == ["garde"]
    assert price_list.options_of([group], rules) == ["garde"]
    assert nets(city, rules, place(lea, group, "dossier")) == [WEEK + 35_00], "once, though it was sent too"


@pytest.mark.parametrize(("tax_code", "shown"), [("", 35_00), ("exempt", 35_00), ("taxable", 40_24)])
def test_its_taxes_are_its_own(city, tax_code, shown):
    [[_own, line]] = priced(city, [fee(35_00, CHILD, tax_code=tax_code)], place(person(), week(1)))
    assert pricing.shown_cents([line]) == shown
    assert line.category == ("other" if tax_code == "taxable" else "child_care")


@pytest.mark.parametrize(
    ("once", "policy", "said"),
    [
        (HOUSEHOLD, None, "Ouverture de dossier, une fois par famille\u00a0: 35,00\u00a0$"),
        (CHILD, "rien", "Ouverture de dossier, une fois par enfant, non remboursable\u00a0: 35,00\u00a0$"),
        (PLACE, "un-peu", "Ouverture de dossier, pour chaque place\u00a0: 35,00\u00a0$"),
    ],
)
def test_its_line_says_of_whom_it_is_asked_and_whether_it_is_given_back(city, app, once, policy, said):
    policies = {"rien": RefundPolicy([]), "un-peu": RefundPolicy([Tier(1, 10)])}
    town, rule = replace(city, refunds=policies), fee(35_00, once, refund=policy)
    lines = priced(town, [rule], place(person(), week(1)))[0]
    with app.test_request_context():
        assert f"{cart.what(lines[1])}\u00a0: 35,00\u00a0$" == said
    assert fees.is_kept(rule, town) == (policy == "rien")
