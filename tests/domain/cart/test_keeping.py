"""What a household does with its cart."""

import pytest

from domain.cart import holds, items, keeping, lapses
from domain.common import clock
from models import CartItem, Invoice, PlacesTaken
from tests.domain.cart.hold import DURATIONS, held
from tests.domain.cart.test_confirm import confirms, priced
from tests.factories import make_group, make_household, make_payment_under_way, make_person, pay_elsewhere


def test_what_is_taken_out_is_free_at_once(db):
    household = make_household()
    item = held(household, make_person(household), group := make_group(capacity=1))
    keeping.remove(household.id, item.id)
    assert PlacesTaken.get_by_id(group.id).taken == 0
    with pytest.raises(items.NoSuchItem):
        keeping.remove(household.id, item.id)


def test_taking_one_of_an_invoice_out_owes_nothing_and_holds_the_others(db):
    household = make_household()
    first, second = priced(household, 5_800), priced(household, 4_400)
    confirms(household, first, second)
    keeping.remove(household.id, first.item.id)
    assert Invoice.get().status == Invoice.CANCELLED
    left = CartItem.get_by_id(second.item.id)
    assert (left.state, left.invoice_id) == (CartItem.HELD, None)


@pytest.mark.parametrize("paid", ["under way", "in part"])
def test_what_is_being_paid_stays(db, paid):
    household = make_household()
    place = priced(household, 5_800)
    [invoice] = confirms(household, place)
    make_payment_under_way(invoice) if paid == "under way" else pay_elsewhere((invoice, 100))
    with pytest.raises(holds.StillPaid):
        keeping.remove(household.id, place.item.id)
    assert CartItem.get().state == CartItem.HELD
    assert Invoice.get().status == Invoice.OPEN


def test_more_time_is_for_all_that_is_held(db):
    household = make_household()
    early = held(household, make_person(household), make_group(), clock.now() - DURATIONS.hold_for / 2)
    held(household, make_person(household), make_group())
    until = keeping.prolong(household.id, DURATIONS, clock.now())
    assert until > early.held_until
    assert keeping.may_prolong(items.of_household(household.id), clock.now())


def test_with_an_empty_cart_there_is_no_time_to_ask_for(db):
    household = make_household()
    assert keeping.prolong(household.id, DURATIONS, clock.now()) is None
    assert not keeping.may_prolong([], clock.now())


def test_what_lapsed_on_an_invoice_is_taken_out(db):
    household = make_household()
    place = priced(household, 5_800)
    confirms(household, place)
    lapses.sweep(clock.now() + DURATIONS.hold_for)
    keeping.remove(household.id, place.item.id)
    assert CartItem.get().state == CartItem.REMOVED
