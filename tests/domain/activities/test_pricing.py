"""What places cost: every ladder and cap that towns publish, to the cent, and each line saying why."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city import load_city
from city_registration import Neighbour
from city_registration import Registration as Settings
from domain.activities import pricing
from domain.activities.enrolments import Enrolment
from domain.activities.pricing import Purse, Why
from domain.common import money
from domain.common.facts import Fact
from models import Person, PriceRule
from tests.conftest import ROOT
from tests.domain.activities.pricing_world import (
    HELD_ON,
    first_is,
    ladder,
    nets,
    person,
    place,
    priced,
    row,
    week,
)
from views.messages import registering

DAY = timedelta(days=1)
SEASON = PriceRule.SEASON
CITY = load_city(ROOT.parent / "city.toml")


def family(children: int) -> list[Person]:
    return [person() for _ in range(children)]


@pytest.mark.parametrize(
    ("amounts", "children", "expected"),
    [
        ((58_00, 44_00, 0), 4, [58_00, 44_00, 0, 0]),
        ((120_00, 114_00, 108_00), 4, [120_00, 114_00, 108_00, 108_00]),
        ((320_00, 280_00, 240_00), 3, [320_00, 280_00, 240_00]),
        ((200_00, 175_00, 150_00), 5, [200_00, 175_00, 150_00, 150_00, 150_00]),
        ((35_00, 27_00, 0), 3, [35_00, 27_00, 0]),
    ],
)
def test_ladders_of_siblings(city, amounts, children, expected):
    for over in (PriceRule.DATES, SEASON):
        places = [place(child, week(1)) for child in family(children)]
        assert nets(city, ladder(*amounts, over=over), *places) == expected


def test_magogs_ladder_is_of_each_week_with_child_care_beside_it(city):
    rules = ladder(58_00, 44_00, 0) + ladder(35_00, 27_00, 0, option="garde")
    lea, tom, eve = family(3)
    places = [
        place(lea, week(1)),
        place(tom, week(1), "garde"),
        place(eve, week(1), "garde"),
        place(eve, week(2), "garde"),
    ]
    lines = priced(city, rules, *places)
    assert [[line.net_cents for line in one] for one in lines] == [[58_00], [44_00, 35_00], [0, 27_00], [58_00, 35_00]]
    assert [[line.option for line in one] for one in lines] == [[""], ["", "garde"], ["", "garde"], ["", "garde"]]


def test_over_the_season_the_second_child_is_the_second_even_alone_in_her_week(city):
    lea, tom = family(2)
    places = [place(lea, week(1)), place(tom, week(2))]
    assert nets(city, ladder(58_00, 44_00, over=SEASON), *places) == [58_00, 44_00]
    assert nets(city, ladder(58_00, 44_00), *places) == [58_00, 58_00]


def test_a_week_with_a_ladder_of_its_own_still_counts_the_whole_programme(city):
    little, big = week(3, code="petits-3"), week(3, code="grands-3")
    rules = ladder(58_00, 44_00) + ladder(46_00, 35_00, program="petits-3") + ladder(46_00, 35_00, program="grands-3")
    lea, tom = family(2)
    assert nets(city, rules, place(lea, little), place(tom, big)) == [46_00, 35_00]


def test_a_whole_summer_flat_or_by_the_week(city):
    summer = week(1, code="ete-complet", program="grand-camp", price_cents=248_00)
    one_week = week(2, code="une-semaine", program="grand-camp", price_cents=73_00)
    lea, tom = family(2)
    assert nets(city, [], place(lea, summer), place(tom, one_week)) == [248_00, 73_00]


def test_seven_weeks_of_86_are_602_and_become_460(city):
    lea = person()
    places = [place(lea, week(n, price_cents=86_00)) for n in range(1, 8)]
    cap = row(household_cap_cents=460_00)
    assert sum(nets(city, [], *places)) == 602_00
    assert nets(city, [cap], *places) == [86_00] * 5 + [30_00, 0]


@pytest.mark.parametrize(("after", "cents"), [(0, 120_00), (1, 159_00), (30, 159_00)])
def test_early_120_and_159_after_a_date(city, after, cents):
    rules = [row(120_00, last_day=HELD_ON)]
    activity = week(price_cents=159_00)
    assert nets(city, rules, place(person(), activity, held_on=HELD_ON + after * DAY)) == [cents]


def test_late_is_15_more_for_each_activity(city):
    late = [row(73_00, first_day=HELD_ON)]
    places = [place(person(), week(1), held_on=HELD_ON - DAY), place(person(), week(2), held_on=HELD_ON)]
    assert nets(city, late, *places) == [58_00, 73_00]


@pytest.mark.parametrize(
    ("resident", "non_resident", "card", "expected"),
    [
        (58_00, 193_00, {}, 58_00),
        (58_00, 193_00, {"resident": False}, 193_00),  # 135 $ more
        (58_00, 116_00, {"resident": False}, 116_00),  # double
        (88_00, 110_00, {"resident": False}, 110_00),
        (58_00, None, {"resident": False}, 58_00),
        (58_00, 0, {"resident": False}, 0),
        (58_00, 193_00, {"resident": False, "price_class": "resident"}, 58_00),
        (58_00, 193_00, {"resident": True, "price_class": "non_resident"}, 193_00),
        (58_00, 193_00, {"resident": False, "city": "ORFORD"}, 58_00),
    ],
)
def test_who_is_not_a_resident_pays_the_activitys_other_price(city, resident, non_resident, card, expected):
    town = replace(city, registration=Settings(neighbours=[Neighbour("Orford", "resident", "everyone", "2027-12-31")]))
    activity = week(price_cents=resident, price_non_resident_cents=non_resident)
    assert nets(town, [], place(person(**card), activity)) == [expected]


def test_a_row_for_both_comes_before_the_activitys_own_price_of_her_class(city):
    activity = week(price_non_resident_cents=193_00)
    rules = [row(50_00)]
    assert nets(city, rules, place(person(resident=False), activity)) == [50_00]
    assert nets(city, [*rules, row(185_00, who="non_resident")], place(person(resident=False), activity)) == [185_00]


def test_an_agreement_that_ends_counts_on_the_day_of_the_hold(city):
    town = replace(city, registration=Settings(neighbours=[Neighbour("Orford", "resident", "everyone", "2027-04-03")]))
    orford, activity = {"resident": False, "city": "Orford"}, week(price_non_resident_cents=193_00)
    places = [place(person(**orford), activity, held_on=date(2027, 4, day)) for day in (3, 4)]
    assert nets(town, [], *places) == [58_00, 193_00]


@pytest.mark.parametrize(
    ("first_child", "expected"), [("order", [58_00, 64_00]), ("oldest", [58_00, 64_00]), ("dearest", [44_00, 80_00])]
)
def test_which_child_is_the_first_is_the_citys_choice(city, first_child, expected):
    cheap, dear = week(1, code="a"), week(1, code="b")
    rules = ladder(58_00, 44_00, program="a") + ladder(80_00, 64_00, program="b")
    places = [place(person(birth_date=date(2015, 1, 1)), cheap), place(person(birth_date=date(2019, 1, 1)), dear)]
    assert nets(first_is(city, first_child), rules, *places) == expected


def test_the_dearest_is_who_would_pay_most_as_a_first_child(city):
    rules = ladder(60_00, 40_00, program="a") + ladder(58_00, 50_00, program="b")
    places = [place(person(), week(1, code="b")), place(person(), week(1, code="a"))]
    assert nets(first_is(city, "dearest"), rules, *places) == [50_00, 60_00]


def test_a_child_that_is_the_first_by_age_though_taken_last(city):
    places = [place(person(birth_date=date(year, 1, 1)), week(1)) for year in (2020, 2018, 2016)]
    assert nets(first_is(city, "oldest"), ladder(58_00, 44_00, 0), *places) == [0, 44_00, 58_00]


def test_what_is_settled_has_its_rank_and_is_not_priced_again(city):
    lea, tom = family(2)
    settled = place(lea, week(1))
    new = place(tom, week(1))
    found = pricing.price([new], [settled], {}, ladder(58_00, 44_00), city)
    assert list(found) == [new.key]
    assert found[new.key][0].net_cents == 44_00


def test_cancelling_the_first_reprices_nobody_and_the_next_is_counted_with_those_left(city):
    lea, tom, eve = family(3)
    second = place(tom, week(1))  # lea's place, the first, is gone
    assert nets(city, ladder(58_00, 44_00, 0), place(eve, week(1)), settled=(second,)) == [44_00]


def test_the_cap_counts_what_was_invoiced_already(city):
    lea, activity = person(), week(1)
    paid = pricing.purses([(activity, "", 58_00), (week(2), "", 58_00), (activity, "garde", 35_00)])
    assert nets(city, [row(household_cap_cents=150_00)], place(lea, week(3)), paid=paid) == [34_00]
    assert nets(city, [row(household_cap_cents=100_00)], place(lea, week(3)), paid=paid) == [0]


def test_the_cap_is_of_a_programme_and_a_season_and_of_nothing_else(city):
    lea = person()
    cap = row(household_cap_cents=60_00)
    places = [place(lea, week(1)), place(lea, week(1, season="hiver")), place(lea, week(1, program="soccer"))]
    assert nets(city, [cap], *places) == [58_00, 58_00, 58_00]
    paid = {Purse("ete-2026", "camp"): 60_00, Purse("ete-2027", "soccer"): 60_00}
    assert nets(city, [cap], places[0], paid=paid) == [58_00]


def test_options_are_apart_from_the_cap_and_may_have_one_of_their_own(city):
    rules = [row(household_cap_cents=100_00), *ladder(35_00, option="garde")]
    lea = person()
    places = [place(lea, week(n), "garde") for n in (1, 2, 3)]
    assert nets(city, rules, *places) == [93_00, 77_00, 35_00]
    rules.append(row(household_cap_cents=50_00, option="garde"))
    assert nets(city, rules, *places) == [93_00, 57_00, 0]
    paid = pricing.purses([(week(1), "garde", 40_00)])
    assert nets(city, rules, *places, paid=paid) == [68_00, 42_00, 0]


def test_the_cap_of_residents_binds_residents(city):
    rules = [row(household_cap_cents=60_00, who="resident")]
    home, away = person(), person(resident=False)
    assert nets(city, rules, place(home, week(1)), place(home, week(2)), place(away, week(2))) == [58_00, 2_00, 58_00]


def test_an_activitys_own_cap_and_its_programmes_both_bind(city):
    rules = [row(household_cap_cents=100_00), row(household_cap_cents=70_00, program="camp-A")]
    here, lea, tom = week(1, code="camp-A"), person(), person()
    assert nets(city, rules, place(lea, here), place(tom, here), place(lea, week(2))) == [58_00, 12_00, 30_00]


def test_places_at_nothing_have_their_line(city):
    [[line]] = priced(city, [], place(person(), week(price_cents=0)))
    assert (line.net_cents, line.why) == (0, (Fact(Why.FREE),))
    assert nets(city, [], place(person(), week(price_cents=None))) == [0]


def test_an_option_that_the_list_does_not_have_has_no_line(city):
    [lines] = priced(city, ladder(35_00, option="garde"), place(person(), week(), "rien", "garde", "garde"))
    assert [line.option for line in lines] == ["", "garde"]


def test_an_option_is_never_at_the_activitys_own_price(city):
    [lines] = priced(city, [row(10_00, option="bus", who="non_resident")], place(person(), week(), "bus"))
    assert [line.option for line in lines] == [""]


def test_transport_in_an_exempt_camp_is_taxable_by_its_line_and_no_child_care(city):
    rules = [row(25_00, option="transport", tax_code="taxable", label="Transport"), row(35_00, option="garde")]
    [lines] = priced(city, rules, place(person(), week(), "garde", "transport"))
    told = [(line.label, line.tax_code, line.category, line.net_cents) for line in lines]
    assert told == [
        ("", "exempt", "child_care", 58_00),
        ("", "exempt", "child_care", 35_00),
        ("Transport", "taxable", "other", 25_00),
    ]
    taxes = money.tax_lines([line.net_cents for line in lines], [line.tax_code == "taxable" for line in lines])
    assert [(tax.tps_cents, tax.tvq_cents) for tax in taxes] == [(0, 0), (0, 0), (1_25, 2_49)]
    assert pricing.shown_cents(lines) == 58_00 + 35_00 + 25_00 + 3_74


@pytest.mark.parametrize(
    ("category", "tax_code", "expected"),
    [("activity", "taxable", "activity"), ("child_care", "exempt", "child_care"), ("child_care", "taxable", "other")],
)
def test_only_what_is_exempt_is_child_care(city, category, tax_code, expected):
    [[line]] = priced(city, [], place(person(), week(category=category, tax_code=tax_code)))
    assert line.category == expected


def test_each_line_bears_the_account_and_the_by_law_of_its_activity(city):
    rules = [row(35_00, option="garde")]
    [lines] = priced(city, rules, place(person(), week(by_law="2027-3", ledger_account="4210"), "garde"))
    assert {(line.ledger_account, line.by_law) for line in lines} == {("4210", "2027-3")}


@pytest.mark.parametrize(
    ("cents", "tax_code", "shown"),
    [
        (100_00, "taxable", 114_98),
        (100_00, "exempt", 100_00),
        (0, "taxable", 0),
        (10, "taxable", 12),  # half a cent of each rounds up
        (193_00, "taxable", 221_90),
        (460_00, "taxable", 528_89),
    ],
)
def test_the_price_of_a_child_in_the_catalogue_has_its_taxes_in(city, cents, tax_code, shown):
    [lines] = priced(city, [], place(person(), week(price_cents=cents, tax_code=tax_code)))
    assert pricing.shown_cents(lines) == shown


def test_the_cap_is_before_tax(city):
    places = [place(person(), week(n, price_cents=86_00, tax_code="taxable")) for n in range(1, 8)]
    lines = [line for one in priced(city, [row(household_cap_cents=460_00)], *places) for line in one]
    assert pricing.shown_cents(lines) == 528_89


@pytest.mark.parametrize(
    ("rules", "card", "said"),
    [
        ([], {}, ["prix régulier"]),
        (ladder(58_00, 44_00), {}, ["2e enfant, même semaine"]),
        (ladder(58_00, 44_00, 0, over=SEASON), {}, ["2e enfant"]),
        (ladder(58_00, 0), {}, ["2e enfant, même semaine", "gratuit"]),
        ([row(40_00, last_day=date(2027, 5, 1))], {}, ["prix jusqu’au 1er\u00a0mai\u00a02027"]),
        ([row(40_00, first_day=date(2027, 4, 1))], {}, ["prix depuis le 1er\u00a0avril\u00a02027"]),
        ([row(193_00, who="non_resident")], {"resident": False}, ["prix des non-résidents"]),
        ([row(193_00, who="resident")], {}, ["prix régulier"]),
        ([row(household_cap_cents=10_00)], {}, ["prix régulier", "plafond de 10,00\u00a0$ par famille atteint"]),
        ([row(household_cap_cents=58_00)], {}, ["prix régulier"]),
    ],
)
def test_each_line_says_why(city, app, rules, card, said):
    first = place(person(), week(1))
    [[line]] = priced(city, rules, place(person(**card), week(1)), settled=(first,))
    with app.test_request_context():
        assert [registering.why(fact) for fact in line.why] == said


def test_a_class_of_its_own_price_is_said_when_it_is_the_activitys(city, app):
    [[line]] = priced(city, [], place(person(resident=False), week(price_non_resident_cents=193_00)))
    with app.test_request_context():
        assert [registering.why(fact) for fact in line.why] == ["prix des non-résidents"]
    [[line]] = priced(city, ladder(58_00), place(person(), week()))
    with app.test_request_context():
        assert [registering.why(fact) for fact in line.why] == ["1er enfant, même semaine"]


AMOUNTS = st.integers(0, 300_00)
PEOPLE = [person(resident=resident, birth_date=date(2012 + n, 3, 1)) for n, resident in enumerate([True, True, False])]
GROUPS = [week(number, program=program) for number in (1, 2, 3) for program in ("camp", "soccer")]
ROWS = st.builds(
    row,
    amount=st.none() | AMOUNTS,
    rank=st.none() | st.integers(1, 3),
    rank_over=st.sampled_from([PriceRule.DATES, SEASON]),
    program=st.sampled_from(["camp", "soccer", GROUPS[0].code]),
    who=st.sampled_from(["", "resident", "non_resident"]),
    option=st.sampled_from(["", "garde"]),
    first_day=st.none() | st.just(HELD_ON),
    household_cap_cents=st.none() | AMOUNTS,
)
PLACES = st.lists(
    st.builds(
        place,
        st.sampled_from(PEOPLE),
        st.sampled_from(GROUPS),
        held_on=st.sampled_from([HELD_ON, HELD_ON - DAY]),
    ),
    max_size=12,
)


@given(
    places=PLACES,
    rules=st.lists(ROWS, max_size=10),
    seed=st.integers(0, 99),
    first=st.sampled_from(["order", "dearest", "oldest"]),
)
def test_prices_do_not_depend_on_the_order_of_rows_nor_of_places_and_are_never_negative(places, rules, seed, first):
    town = first_is(CITY, first)
    places = [replace(one, options=("garde",) * (one.order % 2)) for one in places]
    expected = pricing.price(places, (), {}, rules, town)
    assert all(line.net_cents >= 0 for lines in expected.values() for line in lines)
    assert all(lines[0].option == "" for lines in expected.values())
    Random(seed).shuffle(rules)
    Random(seed).shuffle(places)
    assert pricing.price(places, (), {}, rules, town) == expected


@given(places=PLACES, rules=st.lists(ROWS, max_size=10), cap=AMOUNTS, paid=AMOUNTS)
def test_a_household_never_pays_more_than_the_cap_of_its_programme(places, rules, cap, paid):
    prices = [rule for rule in rules if rule.household_cap_cents is None]
    capped = [*prices, row(household_cap_cents=cap)]
    found = pricing.price(places, (), {Purse("ete-2027", "camp"): paid}, capped, CITY)
    free = pricing.price(places, (), {}, prices, CITY)
    total, uncapped = _of_camp(places, found), _of_camp(places, free)
    assert total == min(uncapped, max(0, cap - paid))
    for place_ in places:
        if place_.activity.program != "camp":
            assert found[place_.key] == free[place_.key]


def _of_camp(places: list[Enrolment], found: dict) -> int:
    return sum(found[one.key][0].net_cents for one in places if one.activity.program == "camp")
