"""Places are taken once, counted by the database, and lapse once."""

from datetime import timedelta

import pytest
from peewee import IntegrityError

from domain.cart import holds
from domain.common import clock
from models import Activity, CartItem, PlacesTaken, Registration, write
from tests.domain.cart.hold import DURATIONS, held
from tests.factories import (
    make_group,
    make_household,
    make_invoice,
    make_payment_under_way,
    make_person,
    make_registration,
    pay_elsewhere,
)


def home():
    household = make_household()
    return household, make_person(household)


def taken(group) -> int:
    return PlacesTaken.get_by_id(group.id).taken


def test_the_last_place_is_taken_once(db):
    group = make_group(capacity=1)
    held(*home(), group)
    with pytest.raises(holds.NoPlaceLeft):
        held(*home(), group)
    assert taken(group) == 1


def test_nobody_holds_two_places_in_one_group(db):
    household, person = home()
    group = make_group()
    held(household, person, group)
    with pytest.raises(holds.HeldAlready):
        held(household, person, group)
    assert taken(group) == 1


def test_a_capacity_of_0_is_no_place_and_none_is_no_limit(db):
    with pytest.raises(holds.NoPlaceLeft):
        held(*home(), make_group(capacity=0))
    free = make_group(capacity=None)
    for _ in range(3):
        held(*home(), free)
    assert taken(free) == 3


@pytest.mark.parametrize("change", ["hold", "registration", "capacity", "counter"])
def test_the_database_refuses_one_too_many_whoever_writes(db, change):
    group = make_group(capacity=1)
    held(*home(), group)
    other = make_person()
    twin = CartItem.insert(household=make_household(), person=other, activity=group, state=CartItem.HELD)
    writes = {
        "hold": twin,
        "registration": Registration.insert(code="R1", activity=group, person=other, registered_on=clock.today()),
        "capacity": Activity.update(capacity=0),
        "counter": PlacesTaken.update(taken=PlacesTaken.taken + 1),
    }
    with pytest.raises(IntegrityError), write():
        writes[change].execute()
    assert taken(group) == 1


def test_the_count_is_that_of_the_rows_whatever_becomes_of_them(db):
    group, other = make_group(), make_group()
    first, second = held(*home(), group), held(*home(), group)
    registration = make_registration(make_person(), group)
    make_registration(make_person(), group, status=Registration.WAITING)
    assert taken(group) == 3
    holds.remove(first)
    holds.give(second)
    Registration.update(activity=other).where(Registration.id == registration.id).execute()
    assert (taken(group), taken(other)) == (0, 1)
    Registration.update(status=Registration.CANCELLED).execute()
    assert (taken(group), taken(other)) == (0, 0)
    held(*home(), group).delete_instance()
    assert taken(group) == 0


def test_withdrawing_someone_who_waits_frees_nothing(db):
    group = make_group(capacity=1)
    held(*home(), group)
    waiting = make_registration(make_person(), group, status=Registration.WAITING)
    Registration.update(status=Registration.CANCELLED).where(Registration.id == waiting.id).execute()
    assert taken(group) == 1


def lapses(item, now) -> bool:
    with write():
        return holds.lapse(item, now)


def test_a_hold_ends_at_its_moment_and_once(db):
    item = held(*home(), group := make_group())
    assert not lapses(item, item.held_until - timedelta(seconds=1))
    assert lapses(item, item.held_until)
    assert not lapses(item, item.held_until)
    assert (CartItem.get().state, taken(group)) == (CartItem.LAPSED, 0)


@pytest.mark.parametrize(("paid", "over"), [("no", True), ("under way", False), ("in part", False)])
def test_no_hold_ends_while_its_invoice_is_being_paid_or_is_paid_in_part(db, paid, over):
    household, person = home()
    item = held(household, person, make_group())
    invoice = make_invoice(household, 5_800)
    CartItem.update(invoice=invoice).execute()
    if paid == "under way":
        make_payment_under_way(invoice)
    elif paid == "in part":
        pay_elsewhere((invoice, 100))
    item = CartItem.get()
    assert lapses(item, item.held_until + timedelta(hours=9)) is over


def test_more_time_can_be_asked_ten_times_and_no_more(db):
    item = held(*home(), make_group())
    began = clock.now()
    for _ in range(20):
        with write():
            holds.prolong([item], DURATIONS, item.held_until)
    assert CartItem.get().held_until == item.held_at_most
    assert timedelta(minutes=164) < item.held_at_most - began <= timedelta(minutes=166)


def test_some_minutes_are_left_and_what_was_left_stays(db):
    item = held(*home(), make_group())
    until = item.held_until
    holds.keep_a_moment([item], DURATIONS, clock.now())
    assert item.held_until == until
    late = until - timedelta(minutes=1)
    holds.keep_a_moment([item], DURATIONS, late)
    assert CartItem.get().held_until == late + timedelta(minutes=5)


def test_what_the_gateway_took_does_not_count(db):
    item = held(*home(), make_group())
    until, at_most = item.held_until, item.held_at_most
    holds.give_back_time([item], timedelta(minutes=9))
    row = CartItem.get()
    assert (row.held_until - until, row.held_at_most - at_most) == (timedelta(minutes=9),) * 2


def test_places_of_one_invoice_end_together(db):
    household, person = home()
    first = held(household, person, make_group(), clock.now() - timedelta(minutes=14))
    second = held(household, make_person(household), make_group())
    CartItem.update(invoice=make_invoice(household, 5_800)).execute()
    items = list(CartItem.select().order_by(CartItem.id))
    holds.keep_a_moment(items, DURATIONS, clock.now())
    assert items[0].held_until == items[1].held_until == second.held_until > first.held_until
