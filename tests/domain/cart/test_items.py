"""What stands in a cart, and in what order."""

import pytest

from domain.cart import items
from models import CartItem, Membership, write
from tests.domain.cart.hold import held
from tests.factories import make_group, make_household, make_invoice, make_person


def three(household):
    return [held(household, make_person(household), make_group()) for _ in range(3)]


def test_a_cart_is_put_in_order_what_is_not_named_comes_after(db):
    household = make_household()
    first, second, third = three(household)
    with write():
        items.put_in_order(household.id, [third.id, first.id, third.id])
    assert [item.id for item in items.of_household(household.id)] == [third.id, first.id, second.id]
    assert items.last_position(household.id) == 3


def test_another_households_thing_is_not_of_this_cart(db):
    household = make_household()
    [one, two, _three] = three(make_household())
    CartItem.update(state=CartItem.WISH).where(CartItem.id == two.id).execute()
    assert items.wishes(household.id) == []
    with pytest.raises(items.NoSuchItem):
        items.of(household.id, one.id)
    with pytest.raises(items.NoSuchItem), write():
        items.put_in_order(household.id, [one.id])


def test_what_was_given_or_taken_out_stands_in_no_cart(db):
    household = make_household()
    first, second, _third = three(household)
    CartItem.update(state=CartItem.CONFIRMED).where(CartItem.id == first.id).execute()
    CartItem.update(state=CartItem.REMOVED).where(CartItem.id == second.id).execute()
    assert len(items.of_household(household.id)) == 1


def test_only_what_is_held_on_no_invoice_is_to_be_invoiced(db):
    household = make_household()
    first, second, third = three(household)
    CartItem.update(invoice=make_invoice(household)).where(CartItem.id == first.id).execute()
    CartItem.update(state=CartItem.WISH).where(CartItem.id == second.id).execute()
    found = items.of_household(household.id)
    assert [item.id for item in items.to_invoice(found)] == [third.id]
    assert items.ends_first(found) == first.held_until


def test_the_query_is_one_however_full_the_cart(db, queries):
    household = make_household()
    three(household)
    with queries() as asked:
        [(item.person.name, item.activity.place.name) for item in items.of_household(household.id)]
    assert len(asked) == 1


@pytest.mark.parametrize("state", CartItem.IN_CART)
def test_what_was_chosen_for_someone_who_left_is_of_this_cart_no_more(db, state):
    household = make_household()
    gone, stays, _other = three(household)
    CartItem.update(state=state).execute()
    Membership.delete().where(Membership.person == gone.person).execute()
    assert gone.id not in [item.id for item in items.of_household(household.id)]
    assert gone.id not in [item.id for item in items.wishes(household.id)]
    with pytest.raises(items.NoSuchItem):
        items.of(household.id, gone.id)
    assert items.of(household.id, stays.id) == stays
