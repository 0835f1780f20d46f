"""What a cart costs, and making it owed."""

from dataclasses import replace

import pytest

from city_registration import Registration as Settings
from domain.activities import choosing, confirming
from domain.activities.choices import Choice
from domain.activities.choosing import Acting
from domain.billing.listener import Listener
from domain.cart import confirm
from models import CartItem, Invoice, PriceRule, write
from tests.domain.cart.hold import DURATIONS
from tests.factories import make_group, make_household, make_person, make_price


@pytest.fixture
def acting(db, city):
    return Acting(make_household().id, city, DURATIONS)


def held(acting, group, count=1, options=()):
    people = [make_person(acting.household_id) for _ in range(count)]
    choosing.choose(acting, [Choice(person, group, options) for person in people])


def ladder():
    make_price(amount_cents=5_800, rank=1, rank_over="dates")
    make_price(amount_cents=4_400, rank=2, rank_over="dates")
    make_price(amount_cents=0, rank=3, rank_over="dates")


def test_the_total_is_that_of_the_places_and_of_the_invoice(acting):
    ladder()
    held(acting, make_group(), 3)
    cart = confirming.cart(acting.household_id, acting.city)
    assert [one.amount_cents for one in cart.shown] == [5_800, 4_400, 0]
    [invoice] = confirming.confirm_cart(acting, cart.total_cents, Listener())
    assert invoice.total_cents == cart.total_cents == 10_200


def test_taxes_are_those_of_the_whole_shared_out(acting):
    held(acting, make_group(tax_code="taxable", price_cents=333), 3)
    cart = confirming.cart(acting.household_id, acting.city)
    assert cart.total_cents == 999 + 50 + 100 == sum(one.amount_cents for one in cart.shown)


def test_once_invoiced_a_place_is_in_no_total_and_keeps_its_rank_and_price(acting):
    ladder()
    group = make_group()
    held(acting, group)
    confirming.confirm_cart(acting, 5_800, Listener())
    assert confirming.cart(acting.household_id, acting.city).total_cents == 0
    held(acting, group)
    cart = confirming.cart(acting.household_id, acting.city)
    assert cart.total_cents == 4_400
    assert [one.amount_cents for one in cart.shown] == [5_800, 4_400]
    assert [invoice.total_cents for invoice in confirming.unpaid(cart)] == [5_800]


def test_a_price_changed_meanwhile_is_said_and_the_places_stay(acting):
    ladder()
    held(acting, make_group())
    PriceRule.update(amount_cents=6_000).where(PriceRule.rank == 1).execute()
    with pytest.raises(confirm.TotalChanged) as changed:
        confirming.confirm_cart(acting, 5_800, Listener())
    assert changed.value.total_cents == 6_000
    assert CartItem.get().state == CartItem.HELD
    assert not Invoice.select().exists()


def test_the_cap_counts_what_was_invoiced_before(acting):
    make_price(amount_cents=None, household_cap_cents=9_000)
    group = make_group()
    held(acting, group)
    confirming.confirm_cart(acting, 5_800, Listener())
    held(acting, group)
    assert confirming.cart(acting.household_id, acting.city).total_cents == 3_200


def test_an_option_has_its_own_line(acting):
    make_price(option="garde", label="Service de garde", amount_cents=3_500)
    held(acting, make_group(), options=("garde",))
    [invoice] = confirming.confirm_cart(acting, 9_300, Listener())
    lines = [(line.description, line.net_cents, line.category) for line in invoice.lines]
    assert lines[1][0].endswith("Service de garde")
    assert [cents for _words, cents, _category in lines] == [5_800, 3_500]


def test_fewer_weeks_than_are_asked_are_not_made_owed_but_staff_take_them_one_by_one(acting, city):
    acting = replace(acting, city=replace(city, registration=Settings(least_weeks={"club-ete": 2})))
    held(acting, make_group())
    with pytest.raises(confirming.WeeksMissing):
        confirming.confirm_cart(acting, 5_800, Listener())
    assert not Invoice.select().exists()
    clerk = replace(acting, made_by="agente")
    with write():
        [invoice] = confirming.confirm_these(clerk, [CartItem.get().id], Listener())
    assert invoice.total_cents == 5_800


def test_a_fee_asked_with_places_that_lapsed_is_asked_with_the_next(acting):
    make_price(option="dossier", label="Dossier", fee=PriceRule.ONCE_A_HOUSEHOLD, amount_cents=3_500)
    held(acting, make_group())
    assert confirming.cart(acting.household_id, acting.city).total_cents == 9_300
    confirming.confirm_cart(acting, 9_300, Listener())
    held(acting, make_group())
    assert confirming.cart(acting.household_id, acting.city).total_cents == 5_800
    CartItem.update(state=CartItem.LAPSED).where(CartItem.invoice.is_null(False)).execute()
    assert confirming.cart(acting.household_id, acting.city).total_cents == 9_300


def test_another_households_cart_is_not_confirmed(acting, city):
    held(acting, make_group())
    with pytest.raises(confirm.NothingHeld):
        confirming.confirm_cart(Acting(make_household().id, city, DURATIONS), 5_800, Listener())


def test_queries_do_not_grow_with_the_cart(acting, queries):
    ladder()
    held(acting, make_group())
    with queries() as few:
        confirming.cart(acting.household_id, acting.city)
    held(acting, make_group(), 5)
    with queries() as many:
        confirming.cart(acting.household_id, acting.city)
    assert len(many) == len(few)


def test_an_estimate_is_what_choices_add_to_the_cart_ranked_and_capped_beside_it(acting):
    ladder()
    make_price(option="garde", amount_cents=3_500)
    group, later = make_group(), make_group(price_cents=None)
    assert confirming.estimate(acting.household_id, [], acting.city) == confirming.Estimate(0, 0, beside=0)
    held(acting, group)
    lea, tom = (make_person(acting.household_id) for _ in range(2))
    wanted = [Choice(lea, group, ("garde", "inconnue")), Choice(tom, group)]
    assert confirming.estimate(acting.household_id, wanted, acting.city) == confirming.Estimate(2, 7_900, beside=1)
    choosing.choose(acting, wanted)
    assert confirming.cart(acting.household_id, acting.city).total_cents == 5_800 + 7_900
    assert confirming.estimate(acting.household_id, wanted, acting.city).places == 0, "they are in the cart by now"
    of_these_dates = confirming.estimate(acting.household_id, [Choice(lea, later)], acting.city)
    assert of_these_dates.total_cents == 4_400, "the second child of these dates"
