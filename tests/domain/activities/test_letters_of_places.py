"""What is written of places."""

from datetime import timedelta

from domain.activities import choosing, letters_of_places
from domain.activities.choices import Choice
from domain.activities.choosing import Acting
from domain.common import clock
from models import Account, Alert, CartItem, Invoice, Message
from tests.domain.cart.hold import DURATIONS, held
from tests.domain.cart.test_confirm import confirms, priced
from tests.factories import make_account, make_group, make_household, make_person, make_price, pay_elsewhere

LATER = timedelta(minutes=16)


def test_whoever_held_what_is_over_is_told_that_nothing_is_owed(app, db):
    household = make_household()
    account = make_account(make_person(household), email="g@example.com", email_confirmed_at=clock.now())
    place = priced(household, 5_800)
    confirms(household, place)
    CartItem.update(account_id=account.id).execute()
    assert letters_of_places.let_go(app.extensions["portal"].letters, clock.now() + LATER) == 1
    message = Message.get()
    assert message.recipient == "g@example.com"
    assert place.item.activity.title in message.body
    assert Invoice.get().status == Invoice.CANCELLED


def test_nobody_is_written_to_at_an_address_that_is_not_confirmed(app, db):
    household = make_household()
    account = make_account(make_person(household), email="g@example.com")
    held(household, make_person(household), make_group(), clock.now() - LATER)
    CartItem.update(account_id=account.id).execute()
    letters_of_places.let_go(app.extensions["portal"].letters, clock.now())
    assert not Message.select().exists()
    assert Account.select().exists()


def test_places_paid_in_part_stay_and_are_listed_once(app, db):
    household = make_household()
    [invoice] = confirms(household, priced(household, 5_800))
    pay_elsewhere((invoice, 100))
    for _night in range(2):
        assert letters_of_places.let_go(app.extensions["portal"].letters, clock.now() + LATER) == 0
    assert Alert.select().count() == 1
    assert CartItem.get().state == CartItem.HELD


def test_who_is_overtaken_by_another_who_takes_the_place_is_told_too(app, db, city):
    """Taking the place frees it first: whoever held it hears of it at the next turn, and once."""
    household, other = make_household(), make_household()
    account = make_account(make_person(household), email="g@example.com", email_confirmed_at=clock.now())
    item = held(household, make_person(household), group := make_group(capacity=1), clock.now() - LATER)
    CartItem.update(account_id=account.id).execute()
    acting = Acting(other.id, city, DURATIONS)
    choosing.choose(acting, [Choice(make_person(other), group)])
    assert CartItem.get_by_id(item.id).state == CartItem.LAPSED
    for _turn in range(2):
        letters_of_places.let_go(app.extensions["portal"].letters, clock.now())
    assert Message.select().count() == 1
    assert group.title in Message.get().body


def test_the_letter_names_the_child_care_taken_with_a_place(app, db):
    household = make_household()
    account = make_account(make_person(household), email="g@example.com", email_confirmed_at=clock.now())
    make_price(option="garde", label="Service de garde, 1er enfant", rank=1)
    item = held(household, make_person(household), make_group())
    CartItem.update(account_id=account.id, options="garde").execute()
    letters_of_places.tell_registered([CartItem.get_by_id(item.id)], app.extensions["portal"].letters)
    assert ", Service de garde, à partir du" in Message.get().body
