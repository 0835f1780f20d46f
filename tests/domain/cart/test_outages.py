"""While the gateway does not answer no place is lost, and its time is given back."""

from datetime import datetime, timedelta

import pytest

from domain.activities import choosing
from domain.activities.choices import Choice
from domain.activities.choosing import Acting
from domain.cart import lapses, outages
from domain.cart.holds import NoPlaceLeft
from domain.common import clock
from models import CartItem, Counter
from tests.domain.cart.hold import DURATIONS, held
from tests.domain.cart.test_confirm import confirms, priced
from tests.factories import make_group, make_household, make_payment_under_way, make_person

MINUTE = timedelta(minutes=1)


@pytest.fixture
def looks(db, gateway, simulator):
    """Return what asks the gateway at a moment, whether it answers or not; it tells how often that failed."""

    def look(at: datetime, answers: bool = True) -> int:
        if not answers:
            simulator.breaks("client_token", "http_503", times=0)
        outages.look(gateway, at)
        failed = sum(fault["happened"] for fault in simulator.ask("GET", "faults").json())
        simulator.ask("DELETE", "faults")
        return failed

    return look


@pytest.fixture
def item(db) -> CartItem:
    household = make_household()
    return held(household, make_person(household), make_group(capacity=1))


def test_nothing_lapses_while_it_does_not_answer_and_nobody_overtakes(looks, item, city):
    assert looks(item.held_until - MINUTE, answers=False) == 1
    assert lapses.sweep(item.held_until + 9 * MINUTE) == []
    CartItem.update(held_until=clock.now() - MINUTE).execute()
    other = make_household()
    with pytest.raises(NoPlaceLeft):
        choosing.choose(Acting(other.id, city, DURATIONS), [Choice(make_person(other), item.activity)])
    assert CartItem.get_by_id(item.id).state == CartItem.HELD


def test_once_it_answers_the_time_is_given_back_once(looks, item):
    began = item.held_at + 5 * MINUTE
    for minutes in (1, 15, 29):
        looks(began + minutes * MINUTE, answers=False)
    for minutes in (30, 31):
        looks(began + minutes * MINUTE)
    row = CartItem.get()
    assert round((row.held_until - item.held_until) / MINUTE, 1) == 30
    assert row.held_at_most - item.held_at_most == row.held_until - item.held_until
    assert outages.since() is None
    assert len(lapses.sweep(row.held_until)) == 1


def test_who_came_in_the_middle_of_it_is_given_back_what_she_waited(looks, item):
    looks(item.held_at - 20 * MINUTE, answers=False)
    looks(item.held_at + 7 * MINUTE)
    assert CartItem.get().held_until == item.held_until + 7 * MINUTE


def test_who_is_paying_just_then_is_given_back_her_own_time_only(looks):
    household = make_household()
    place = priced(household, 5_800)
    [invoice] = confirms(household, place)
    make_payment_under_way(invoice)
    until = CartItem.get().held_until
    looks(clock.now(), answers=False)
    looks(clock.now() + 7 * MINUTE)
    assert CartItem.get().held_until == until


def test_it_is_not_asked_when_nothing_is_held_and_an_old_silence_is_forgotten(looks):
    Counter.keep(outages.SINCE, 1)
    assert looks(clock.now(), answers=False) == 0
    assert outages.since() is None
