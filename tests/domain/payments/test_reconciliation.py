"""The daily match: what the gateway and the books say of a day, one by one."""

from datetime import timedelta

import pytest

from domain.common import clock, jobs
from domain.payments import reconciliation, refunds, settlement
from domain.payments.gateway import Uncertain
from models import Alert, Invoice, Payment, Refund, UnmatchedCharge
from tests.factories import make_invoice
from views.messages import facts


@pytest.fixture
def payment(citizen, simulator, paying) -> Payment:
    citizen.joins()
    citizen.pays(make_invoice(citizen.household, 10_000))
    paying()
    return Payment.get()


@pytest.fixture
def match_today(context):
    return lambda: [(d.reference, d.cents) for d in reconciliation.match(clock.today(), context)]


def status(simulator, payment, word) -> None:
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status=word)


def test_a_day_that_agrees_has_no_difference(payment, match_today):
    assert match_today() == []
    assert not Alert.select().exists()


def test_a_charge_of_another_system_is_reported_and_left_alone(payment, match_today, gateway, simulator):
    gateway.charge("biblio-55", 700, "fake-valid-nonce")
    assert match_today() == [("biblio-55", 700)]
    assert not UnmatchedCharge.select().exists()
    assert facts.alert(Alert.get()).startswith("biblio-55\u00a0: 7,00\u00a0$, inconnu ici\u00a0: débit ")


def test_a_payment_the_gateway_does_not_know_is_reported(payment, match_today, simulator):
    simulator.ask("POST", "reset")
    assert match_today() == [(payment.reference, 10_000)]


def test_a_payment_declined_at_settlement_is_taken_back_not_reported(payment, match_today, simulator):
    status(simulator, payment, "settlement_declined")
    assert match_today() == []
    assert Payment.get().state == "settlement_declined"
    assert Invoice.get().balance_cents == 10_000


def test_an_amount_that_differs_is_reported_in_cents(payment, match_today):
    Payment.update(amount_cents=9_000).execute()
    assert match_today() == [(payment.reference, 1_000)]


def test_a_refund_made_elsewhere_is_reported(payment, match_today, gateway, simulator):
    simulator.ask("POST", "settle-all")
    gateway.give_back(payment.gateway_id, 300)
    assert match_today() == [(payment.reference, -300)]


def test_a_refund_made_here_agrees(payment, match_today, gateway, simulator, context):
    simulator.ask("POST", "settle-all")
    refunds.advance(refunds.ask(payment, 300, 10_000, "absence").id, context)
    assert match_today() == []


def test_a_refund_the_gateway_does_not_know_is_reported(payment, match_today):
    Refund.create(
        payment=payment, amount_cents=300, cause="staff", state="done", submitted_at=clock.now(), gateway_id="nowhere"
    )
    assert match_today() == [(payment.reference, -300)]


def test_days_when_nobody_could_ask_are_matched_later(payment, gateway, context, simulator):
    yesterday = clock.today() - timedelta(days=1)
    jobs.done(reconciliation.DAILY, yesterday - timedelta(days=3))
    simulator.breaks("search", "http_500")
    with pytest.raises(Uncertain):
        reconciliation.match_days_due(context)
    assert jobs.done_until(reconciliation.DAILY) == yesterday - timedelta(days=3)
    simulator.ask("POST", "faults", call="search", fault="slow", seconds=0, times=0)
    reconciliation.match_days_due(context)
    assert jobs.done_until(reconciliation.DAILY) == yesterday
    [asked] = simulator.ask("GET", "faults").json()
    assert asked["happened"] >= 3 * 3  # charges, refunds and disputes of three days


def test_a_dispute_lost_that_no_webhook_told_is_found(payment, match_today, gateway, context, simulator):
    simulator.ask("POST", "settle-all")
    settlement.follow(payment.gateway_id, context.because("sweep"))
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=payment.gateway_id)
    match_today()
    assert Payment.get().state == "charged_back"
    assert Invoice.get().balance_cents == 10_000
