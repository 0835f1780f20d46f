"""The audit of places can fail: each wrong that it looks for is found."""

import pytest

from models import CartItem, Invoice, Registration
from tests.domain.cart.test_confirm import confirms, priced
from tests.factories import make_group, make_household, make_registration, pay_elsewhere
from tests.faults import places
from tests.faults.in_two import drop_triggers


@pytest.fixture
def given(app):
    """A place paid and given, and another that is owed."""
    listeners = app.extensions["portal"].listeners
    household = make_household()
    [paid] = confirms(household, priced(household, 5_800), listener=listeners)
    pay_elsewhere((paid, 5_800), listener=listeners)
    confirms(household, priced(household, 4_400), listener=listeners)
    assert places.wrong() == []
    return paid


def uncounted(_paid: Invoice) -> None:
    drop_triggers(CartItem)
    CartItem.update(activity=make_group()).where(CartItem.state == CartItem.HELD).execute()


def unregistered(_paid: Invoice) -> None:
    Registration.delete().execute()


def given_back_to_nobody(_paid: Invoice) -> None:
    CartItem.update(state=CartItem.LAPSED).where(CartItem.state == CartItem.HELD).execute()


def paid_and_lost(_paid: Invoice) -> None:
    CartItem.update(state=CartItem.REMOVED).where(CartItem.state == CartItem.CONFIRMED).execute()


def registered_unpaid(_paid: Invoice) -> None:
    held = CartItem.get(CartItem.state == CartItem.HELD)
    make_registration(held.person, make_group(), item=held)


def held_twice(_paid: Invoice) -> None:
    held = CartItem.get(CartItem.state == CartItem.HELD)
    make_registration(held.person, held.activity)


@pytest.mark.parametrize(
    "spoils",
    [uncounted, unregistered, given_back_to_nobody, paid_and_lost, registered_unpaid, held_twice],
)
def test_what_is_wrong_is_named(given, spoils):
    spoils(given)
    assert places.wrong()
