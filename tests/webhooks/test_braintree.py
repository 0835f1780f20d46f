"""Braintree's notices: verified, kept once, and the truth asked from the gateway."""

import pytest

from domain.common import clock
from domain.common.alerts import Kind
from domain.payments import webhooks
from models import Account, Alert, CreditNote, Invoice, Message, Payment, WebhookEvent
from tests.factories import make_invoice


@pytest.fixture
def payment(citizen, simulator, paying) -> Payment:
    citizen.joins()
    Account.update(email="g@example.com", email_key="g@example.com", email_confirmed_at=clock.now()).execute()
    citizen.pays(make_invoice(citizen.household, 10_000, taxable=True))
    paying()
    return Payment.get()


@pytest.fixture
def working(context):
    def work() -> None:
        WebhookEvent.update(due_at=clock.now()).execute()
        for event_id in webhooks.due_for_work():
            webhooks.advance(event_id, context)

    return work


def notify(client, simulator, payment, kind) -> int:
    sent = simulator.ask("POST", "webhook", kind=kind, transaction=payment.gateway_id).json()
    data = {name: sent[name] for name in ("bt_signature", "bt_payload")}
    return client.post("/webhooks/braintree", data=data).status_code


def test_a_forged_notice_is_refused_and_kept_nowhere(client, payment):
    for data in ({}, {"bt_signature": "x|y", "bt_payload": "PHg+"}, {"bt_signature": "é\x00", "bt_payload": "é"}):
        assert client.post("/webhooks/braintree", data=data).status_code == 403
    assert not WebhookEvent.select().exists()


def test_the_same_notice_twice_is_kept_once(client, simulator, payment, working):
    sent = simulator.ask("POST", "webhook", kind="transaction_settled", transaction=payment.gateway_id).json()
    data = {name: sent[name] for name in ("bt_signature", "bt_payload")}
    assert [client.post("/webhooks/braintree", data=data).status_code for _ in range(2)] == [204, 204]
    assert WebhookEvent.select().count() == 1


def test_the_truth_is_asked_from_the_gateway_not_taken_from_the_notice(client, simulator, payment, working):
    assert notify(client, simulator, payment, "transaction_settlement_declined") == 204
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status="settled")
    working()
    assert Payment.get().state == "settled"


def test_a_settlement_declined_reopens_the_invoice_and_tells_everyone(client, simulator, payment, working, city):
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status="settlement_declined")
    assert notify(client, simulator, payment, "transaction_settlement_declined") == 204
    working()
    assert Payment.get().state == "settlement_declined"
    assert Invoice.get().balance_cents == 11_498
    assert CreditNote.get().number == "C000001"
    told = {message.recipient for message in Message.select() if payment.reference in message.subject}
    assert told == {"g@example.com", city.help.email}
    assert Alert.get().kind == Kind.PAYMENT_REVERSED


def test_twice_or_out_of_order_changes_nothing_more(client, simulator, payment, working):
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status="settlement_declined")
    for kind in ("transaction_settlement_declined", "transaction_settled", "transaction_settlement_declined"):
        notify(client, simulator, payment, kind)
        simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status="settlement_declined")
        working()
    assert CreditNote.select().count() == 1
    assert Invoice.get().balance_cents == 11_498


def test_a_dispute_lost_takes_the_payment_back(client, simulator, payment, working):
    simulator.ask("POST", "settle-all")
    notify(client, simulator, payment, "dispute_opened")
    working()
    assert Payment.get().state == "disputed"
    assert Invoice.get().balance_cents == 0
    notify(client, simulator, payment, "dispute_lost")
    working()
    assert Payment.get().state == "charged_back"
    assert Invoice.get().balance_cents == 11_498


def test_a_dispute_won_leaves_it_paid(client, simulator, payment, working):
    simulator.ask("POST", "settle-all")
    notify(client, simulator, payment, "dispute_opened")
    working()
    notify(client, simulator, payment, "dispute_won")
    working()
    assert Payment.get().state == "settled"


def test_with_the_gateway_down_the_notice_waits(client, simulator, payment, working):
    notify(client, simulator, payment, "transaction_settled")
    simulator.breaks("find", "http_500")
    working()
    assert WebhookEvent.get().handled_at is None
    working()
    assert WebhookEvent.get().handled_at
