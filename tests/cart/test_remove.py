"""Taking something out."""

import pytest

from domain.common import clock
from models import CartItem, PlacesTaken
from tests.domain.cart.hold import held
from tests.domain.cart.test_confirm import confirms, priced
from tests.factories import make_group, make_household, make_payment_under_way, make_person
from tests.registering.family import child_of


def test_the_place_is_free_at_once(citizen):
    item = held(citizen.household, child_of(citizen), group := make_group())
    citizen.joins()
    assert citizen.post("/panier/retirer", "/panier", item=item.id).status_code == 303
    assert PlacesTaken.get_by_id(group.id).taken == 0


def test_an_empty_cart_can_be_made_after_closing(citizen):
    item = held(citizen.household, child_of(citizen), group := make_group())
    type(group).update(closes=clock.now()).execute()
    citizen.joins()
    assert citizen.post("/panier/retirer", "/panier", item=item.id).status_code == 303


@pytest.mark.parametrize("item", ["another's", "abc", "9" * 25, ""])
def test_what_is_not_in_this_cart_is_not_found(citizen, item):
    other = make_household()
    theirs = held(other, make_person(other), make_group())
    held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    sent = theirs.id if item == "another's" else item
    assert citizen.post("/panier/retirer", "/panier", item=sent).status_code == 404
    assert CartItem.get_by_id(theirs.id).state == CartItem.HELD


def test_what_is_being_paid_stays_and_it_is_said(citizen):
    place = priced(citizen.household, 5_800)
    [invoice] = confirms(citizen.household, place)
    make_payment_under_way(invoice)
    citizen.joins()
    answer = citizen.post("/panier/retirer", "/panier", item=place.item.id)
    assert answer.status_code == 422
    assert "en train d’être payée" in answer.text
