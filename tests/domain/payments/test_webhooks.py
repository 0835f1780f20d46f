"""Notices from the gateway: kept once for each charge, acted on when the gateway answers, and never believed."""

from datetime import timedelta

import pytest
import time_machine

from domain.common import clock
from domain.payments import checkout, webhooks
from domain.payments.gateway import Notice
from models import Invoice, Payment, WebhookEvent
from tests.factories import make_account, make_household, make_invoice, make_person


@pytest.fixture
def handles(context):
    """Return what acts on every notice that is due, as the worker would, or on the first ones."""

    def handle(most: int | None = None) -> None:
        for event_id in sorted(webhooks.due_for_work())[:most]:
            webhooks.advance(event_id, context)

    return handle


@pytest.fixture
def payment(app, simulator, paying) -> Payment:
    """A payment by card of 100.00, received."""
    home = make_household()
    invoice = make_invoice(home, 10_000)
    checkout.create(make_account(make_person(home)), [invoice.number], 10_000, "fake-valid-nonce")
    paying()
    return Payment.get()


def told_of(*gateway_ids: str, kind: str = "transaction_settled", payload: str = "payload") -> None:
    webhooks.receive(Notice(kind, gateway_ids), payload)


def asked(simulator) -> int:
    """Return how often the gateway was asked for a charge since the simulator began to count."""
    [fault] = simulator.ask("GET", "faults").json()
    return fault["happened"]


def test_a_notice_is_kept_once_for_each_charge_it_is_about(db):
    for _ in range(2):
        told_of("a", "b", kind="disbursement")
    assert [(event.kind, event.gateway_id) for event in WebhookEvent.select().order_by(WebhookEvent.id)] == [
        ("disbursement", "a"),
        ("disbursement", "b"),
    ]


def test_one_charge_more_in_the_same_words_is_kept_and_so_are_other_words_on_the_same(db):
    told_of("a")
    told_of("a", "b")
    told_of("a", payload="later")
    assert sorted(event.gateway_id for event in WebhookEvent.select()) == ["a", "a", "b"]


def test_what_is_kept_of_a_notice_is_no_word_of_it(db):
    told_of("a", payload="<nom>Trần</nom>")
    assert "Trần" not in str(WebhookEvent.select().dicts().get())


def test_a_notice_about_no_charge_is_kept_and_done_without_asking(app, simulator, handles):
    told_of(kind="check")
    simulator.breaks("find", "http_500")
    handles()
    assert WebhookEvent.get().handled_at
    assert asked(simulator) == 0


def test_a_notice_about_a_charge_of_another_system_is_done_without_asking(app, simulator, handles):
    told_of("unknown-here")
    simulator.breaks("find", "http_500")
    handles()
    assert WebhookEvent.get().handled_at
    assert asked(simulator) == 0


@pytest.mark.parametrize(
    ("standing", "state"), [("settled", "settled"), ("settlement_declined", "settlement_declined"), (None, "paid")]
)
def test_the_gateways_answer_counts_whatever_the_notice_said(payment, simulator, handles, standing, state):
    told_of(payment.gateway_id, kind="transaction_settlement_declined")
    if standing:
        simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status=standing)
    handles()
    assert Payment.get().state == state
    assert webhooks.due_for_work() == []


def test_a_charge_that_the_gateway_tells_voided_once_settled_is_owed_again(payment, simulator, handles):
    """It holds no notice up, nor the daily match, though Braintree says that it voids nothing it has settled."""
    for standing in ("settled", "voided"):
        told_of(payment.gateway_id, payload=standing)
        simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status=standing)
        handles()
    assert Payment.get().state == "voided"
    assert Invoice.get().balance_cents == 10_000
    assert webhooks.due_for_work() == []


def test_without_an_answer_a_notice_is_acted_on_a_minute_later(payment, simulator, handles):
    told_of(payment.gateway_id)
    simulator.ask("POST", "settle-all")
    simulator.breaks("find", "http_500")
    handles()
    assert (WebhookEvent.get().handled_at, Payment.get().state) == (None, "paid")
    assert webhooks.due_for_work() == []
    with time_machine.travel(clock.now() + webhooks.TRY_AGAIN + timedelta(seconds=1)):
        handles()
        assert webhooks.due_for_work() == []
    assert WebhookEvent.get().handled_at
    assert Payment.get().state == "settled"


def test_a_charge_of_ours_that_the_gateway_does_not_find_is_asked_about_again(payment, simulator, handles):
    told_of(payment.gateway_id)
    simulator.ask("POST", "reset")
    handles()
    event = WebhookEvent.get()
    assert event.handled_at is None
    assert clock.now() < event.due_at <= clock.now() + webhooks.TRY_AGAIN
    assert Payment.get().state == "paid"


@pytest.mark.parametrize("answered", [False, True])
def test_one_notice_acted_on_or_not_says_nothing_of_the_others(payment, simulator, handles, answered):
    told_of(payment.gateway_id)
    told_of(kind="check")
    if not answered:
        simulator.breaks("find", "http_500")
    handles(1)
    [waiting] = webhooks.due_for_work()
    assert WebhookEvent.get_by_id(waiting).kind == "check"
    handles()
    assert webhooks.due_for_work() == []
    done = {event.kind: bool(event.handled_at) for event in WebhookEvent.select()}
    assert done == {"transaction_settled": answered, "check": True}


def test_what_was_done_is_not_done_again(payment, simulator, handles):
    told_of(payment.gateway_id)
    handles()
    first = WebhookEvent.get().handled_at
    told_of(payment.gateway_id)
    handles()
    assert WebhookEvent.get().handled_at == first
