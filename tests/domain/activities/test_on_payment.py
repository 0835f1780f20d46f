"""Settled means enrolled, whatever the money came by."""

from datetime import timedelta

import pytest

from domain.activities import on_payment
from domain.common import clock
from models import Alert, CartItem, Invoice, Message, PlacesTaken, Registration
from tests.domain.cart.hold import held
from tests.domain.cart.test_confirm import THREE, confirms, priced
from tests.factories import make_group, make_household, make_person, make_registration, pay_elsewhere, take_back


@pytest.fixture
def listeners(app):
    return app.extensions["portal"].listeners


def test_whoever_pays_by_whatever_means_is_registered(db, listeners):
    household = make_household()
    place = priced(household, 5_800)
    [invoice] = confirms(household, place, listener=listeners)
    pay_elsewhere((invoice, 5_800), listener=listeners)
    row = Registration.get()
    assert (row.person_id, row.status, row.invoice_number) == (place.item.person_id, "confirmed", invoice.number)
    assert row.code.startswith("P-")
    assert (row.household_id, row.item_id) == (household.id, place.item.id)
    assert CartItem.get().state == CartItem.CONFIRMED
    assert PlacesTaken.get_by_id(place.item.activity_id).taken == 1


def test_nothing_to_pay_is_registered_at_once(db, listeners):
    household = make_household()
    confirms(household, priced(household, 0), listener=listeners)
    assert Registration.get().status == Registration.CONFIRMED


def test_a_part_registers_nobody_and_the_first_instalment_does(db, listeners):
    household = make_household()
    first, *_later = confirms(household, priced(household, 10_000, plan=THREE), listener=listeners)
    pay_elsewhere((first, 4_000), listener=listeners)
    assert not Registration.select().exists()
    pay_elsewhere((first, 1_000), listener=listeners)
    assert Registration.get().status == Registration.CONFIRMED


def test_a_turn_on_the_waiting_list_becomes_the_place(db):
    household = make_household()
    item = held(household, person := make_person(household), group := make_group())
    turn = make_registration(person, group, status=Registration.WAITING, rank=3)
    on_payment.enrol(item, "F1")
    row = Registration.get()
    assert (row.id, row.status, row.rank) == (turn.id, Registration.CONFIRMED, None)
    assert PlacesTaken.get_by_id(group.id).taken == 1


def test_a_place_that_the_file_gave_meanwhile_is_listed(db):
    household = make_household()
    item = held(household, person := make_person(household), group := make_group())
    make_registration(person, group)
    on_payment.enrol(item, "F1")
    assert Registration.select().count() == 1
    assert Alert.get().kind == "registered twice"


def test_money_that_goes_back_takes_nobodys_place_and_is_listed(db, listeners):
    household = make_household()
    [invoice] = confirms(household, priced(household, 5_800), listener=listeners)
    payment = pay_elsewhere((invoice, 5_800), listener=listeners)
    take_back(payment, 5_800, owed_again=True)
    listeners.owed_again(Invoice.get())
    assert Registration.get().status == Registration.CONFIRMED
    assert Alert.select().where(Alert.kind == "places owed").exists()


def test_a_refused_card_leaves_five_minutes_and_the_time_the_gateway_took(citizen, paying):
    household = citizen.household
    citizen.joins()
    [invoice] = confirms(household, priced(household, 200_100))  # an amount that the sandbox declines
    until = CartItem.get().held_until
    payment = citizen.payment(citizen.pays(invoice))
    type(payment).update(created_at=clock.now() - timedelta(minutes=2)).execute()
    CartItem.update(held_until=clock.now()).execute()
    paying()
    assert type(payment).get().state == "refused"
    left = CartItem.get().held_until - clock.now()
    assert timedelta(minutes=4) < left <= timedelta(minutes=5)
    assert CartItem.get().held_at_most > until
    assert CartItem.get().state == CartItem.HELD


def test_whoever_pressed_is_told(app, db, listeners, citizen):
    citizen.joins(email="g@example.com")
    from models import Account  # noqa: PLC0415

    Account.update(email_confirmed_at=clock.now()).execute()
    place = priced(citizen.household, 0)
    CartItem.update(account_id=Account.get().id).execute()
    Message.delete().execute()
    confirms(citizen.household, place, listener=listeners)
    assert "Inscription confirmée" in Message.get().subject
