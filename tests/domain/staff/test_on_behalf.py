"""Registering for somebody: tests/staff/households walks the page; here, the rule."""

import pytest

from domain.activities import choosing
from domain.activities.choices import Choice
from domain.activities.choosing import Acting
from domain.activities.eligibility import Reason
from domain.billing.listener import Listener
from domain.staff import on_behalf
from models import AuditEvent, CartItem, Invoice
from tests.domain.cart.hold import DURATIONS
from tests.factories import make_activity, make_group, make_household, make_person, make_staff, make_visit


def test_who_may_not_leaves_no_trace(db, city):
    household = make_household()
    choice = Choice(make_person(household), make_group(age_max=3))
    with pytest.raises(choosing.Refused):
        on_behalf.register(make_staff(), Acting(household.id, city, DURATIONS), choice, Listener())
    assert [table for table in (AuditEvent, CartItem, Invoice) if table.select().exists()] == []


def test_twice_is_one_invoice(db, city):
    household = make_household()
    choice, staff = Choice(make_person(household), make_group()), make_staff()
    on_behalf.register(staff, Acting(household.id, city, DURATIONS), choice, Listener())
    with pytest.raises(choosing.Refused):
        on_behalf.register(staff, Acting(household.id, city, DURATIONS), choice, Listener())
    assert Invoice.select().count() == 1


def test_only_what_is_sold_and_who_is_of_the_household_is_found(db):
    household, visit = make_household(), make_visit()
    member, _stranger = make_person(household), make_person()
    assert on_behalf.activity(make_activity().code) is None
    assert on_behalf.activity("inconnue") is None
    assert on_behalf.open_household(visit, household.code) == (household, [member])
    with pytest.raises(on_behalf.NoSuchHousehold):
        on_behalf.open_household(visit, "inconnu")


def test_a_reason_does_not_make_a_place_without_price_free(db, city):
    household = make_household()
    choice = Choice(make_person(household), make_group(price_cents=None))
    acting = Acting(household.id, city, DURATIONS, override_reason="décision", passes=frozenset(Reason))
    with pytest.raises(choosing.Refused):
        on_behalf.register(make_staff(), acting, choice, Listener())
    assert not CartItem.select().exists()
