"""Whoever belongs to two households acts for one at a time."""

from models import CartItem, Membership
from tests.factories import make_group, make_household
from tests.registering.family import child_of


def test_the_cart_is_that_of_the_household_chosen(citizen):
    other = make_household()
    Membership.create(household=other, person=citizen.person)
    citizen.joins()
    assert "Pour la famille" in citizen.client.get_page("/panier")
    citizen.post("/panier/famille", "/panier", household=other.id)
    citizen.post(f"/inscription/{make_group().code}", person=citizen.person.id)
    assert CartItem.get().household_id == other.id


def test_nobody_acts_for_a_household_that_is_not_hers(citizen):
    stranger = make_household()
    citizen.joins()
    citizen.post("/panier/famille", "/panier", household=stranger.id)
    citizen.post(f"/inscription/{make_group().code}", person=child_of(citizen).id)
    assert CartItem.get().household_id == citizen.household.id


def test_a_household_that_she_left_is_acted_for_no_more_though_her_browser_says_so(citizen):
    other = make_household()
    Membership.create(household=other, person=citizen.person)
    citizen.joins()
    citizen.post("/panier/famille", "/panier", household=other.id)
    Membership.delete().where(Membership.household == other).execute()
    citizen.post(f"/inscription/{make_group().code}", person=citizen.person.id)
    assert CartItem.get().household_id == citizen.household.id
