"""The clock jumping: what was sent is searched for all the same, and never called unpaid too early for good."""

from datetime import datetime, timedelta

import pytest
import time_machine

from domain.common import clock
from domain.payments import lifecycle, reconciliation
from models import Invoice, Payment
from tests.factories import make_invoice

HOUR = timedelta(hours=1)


@pytest.fixture
def payment(citizen, simulator, paying) -> Payment:
    """A payment charged of which the answer was lost."""
    citizen.joins()
    simulator.breaks("sale", "answer_lost")
    citizen.pays(make_invoice(citizen.household))
    paying()
    return Payment.get()


def at(moment: datetime):
    return time_machine.travel(f"{moment.isoformat()}Z", tick=True)


def test_set_back_by_an_hour_the_charge_is_still_searched_for_at_once(payment):
    with at(clock.now() - HOUR):
        assert lifecycle.due_for_work() == [payment.id]


def test_planned_in_a_moment_it_waits_for_its_turn(payment):
    assert lifecycle.due_for_work() == []


def test_set_forward_past_the_time_the_charge_is_found(payment, paying, app, simulator):
    with at(clock.now() + HOUR):
        paying()
    assert Payment.get().state == "paid"


def test_set_forward_before_the_charge_shows_up_it_is_booked_when_it_does(citizen, simulator, paying, gateway, context):
    citizen.joins()
    simulator.breaks("sale", "reset")
    citizen.pays(make_invoice(citizen.household))
    paying()
    with at(clock.now() + HOUR):
        paying()
        paying()
        assert Payment.get().state == "refused"
    gateway.charge(Payment.get().reference, 10_000, "fake-valid-nonce")
    assert reconciliation.recheck_given_up(context) == 1
    assert Payment.get().state == "paid"
    assert Invoice.get().balance_cents == 0
