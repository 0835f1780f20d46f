"""Giving money back, against the real simulator."""

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from peewee import OperationalError

from adapters.braintree.gateway import BraintreeGateway
from domain.billing import ledger
from domain.billing.listener import Listener
from domain.common import clock
from domain.common.alerts import Kind
from domain.payments import refunds, settlement
from domain.payments.refunds import LeftChanged, NotRefundable, TooMuch
from models import Alert, CreditNote, Invoice, LedgerEntry, Payment, Refund
from settings import load
from tests.factories import make_invoice
from views.messages import facts


@pytest.fixture
def payment(citizen, simulator, paying) -> Payment:
    citizen.joins()
    citizen.pays(make_invoice(citizen.household, 10_000, taxable=True), make_invoice(citizen.household, 3_000))
    paying()
    return Payment.get()


@pytest.fixture
def working(context):

    def work() -> None:
        Refund.update(due_at=clock.now()).execute()
        for refund_id in refunds.due_for_work():
            refunds.advance(refund_id, context)

    return work


def charged(simulator) -> dict:
    return next(row for row in simulator.transactions() if row["type"] == "sale")


def test_the_whole_of_an_unsettled_charge_is_voided(payment, working, simulator):
    refunds.ask(payment, 14_498, 14_498, "camp annulé")
    working()
    assert charged(simulator)["status"] == "voided"
    assert Payment.get().state == "refunded"
    assert CreditNote.get().number == "C000001"
    assert [invoice.balance_cents for invoice in Invoice.select()] == [0, 0]


def test_a_part_of_a_settled_charge_is_refunded_and_allocated_to_the_lines(payment, working, simulator):
    simulator.ask("POST", "settle-all")
    refunds.ask(payment, 5_000, 14_498, "une semaine de moins")
    working()
    given = [row for row in simulator.transactions() if row["type"] == "credit"]
    assert [row["amount_cents"] for row in given] == [5_000]
    assert Payment.get().state == "paid"
    assert sum(allocation.amount_cents for allocation in CreditNote.get().allocations) == 5_000
    back = LedgerEntry.select().where(LedgerEntry.posting == "credit:C000001", LedgerEntry.account == "card clearing")
    assert [entry.credit_cents for entry in back] == [5_000]


def test_a_part_of_an_unsettled_charge_waits_for_its_settlement(payment, working, simulator):
    refunds.ask(payment, 5_000, 14_498, "")
    working()
    assert Refund.get().state == "created"
    simulator.ask("POST", "settle-all")
    working()
    assert Refund.get().state == "done"


@pytest.mark.parametrize("amount", [0, -1, 14_499])
def test_never_more_than_what_is_left(payment, amount):
    with pytest.raises(TooMuch):
        refunds.ask(payment, amount, 14_498, "")


def test_the_amount_seen_must_be_what_is_left(payment):
    refunds.ask(payment, 5_000, 14_498, "")
    with pytest.raises(LeftChanged) as changed:
        refunds.ask(payment, 5_000, 14_498, "")
    assert changed.value.left_cents == 9_498


def test_two_refunds_at_once_reserve_one(payment):
    passed = []

    def try_once() -> None:
        with suppress(LeftChanged):
            passed.append(refunds.ask(Payment.get_by_id(payment.id), 10_000, 14_498, ""))

    threads = [threading.Thread(target=try_once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 1
    assert Payment.get().refunded_cents == 10_000


def test_a_refused_refund_releases_its_amount_and_tells_a_person(payment, working, simulator):
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status="settlement_declined")
    refunds.ask(payment, 14_498, 14_498, "")
    working()
    assert Refund.get().state == "refused"
    assert Payment.get().refunded_cents == 0
    assert facts.alert(Alert.get()).startswith(f"{payment.reference}\u00a0: Braintree répond «\u00a0")


@pytest.mark.parametrize("fault", ["answer_lost", "http_500", "garbage"])
def test_a_refund_whose_answer_was_lost_is_given_once(payment, working, simulator, fault):
    simulator.ask("POST", "settle-all")
    simulator.breaks("refund", fault)
    refunds.ask(payment, 5_000, 14_498, "")
    working()
    assert Refund.get().state == "unknown"
    working()
    given = [row for row in simulator.transactions() if row["type"] == "credit"]
    assert len(given) == (1 if fault == "answer_lost" else 0)
    assert Refund.get().state == ("done" if fault == "answer_lost" else "unknown")


def test_money_taken_elsewhere_is_not_refunded_here(payment):
    payment.method = "cash"
    with pytest.raises(NotRefundable):
        refunds.ask(payment, 100, 14_498, "")


def test_the_ledger_agrees_with_every_balance(payment, working, simulator):
    simulator.ask("POST", "settle-all")
    refunds.ask(payment, 14_498, 14_498, "")
    working()
    for invoice in Invoice.select():
        assert ledger.receivable_cents(invoice.id) == invoice.balance_cents == 0
    assert Payment.get().state == "refunded"


def decline_settlement(payment, context, simulator) -> None:
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status="settlement_declined")
    settlement.follow(payment.gateway_id, context.because("webhook"))


def test_a_refund_that_waits_when_the_money_is_taken_back_is_never_sent_and_all_is_owed_again(
    payment, working, simulator, context
):
    refunds.ask(payment, 5_000, 14_498, "")
    decline_settlement(payment, context, simulator)
    working()
    assert Refund.get().state == "refused"
    assert Refund.PAYMENT_GONE in [alert.values.get("reason") for alert in Alert.select()]
    assert [row["type"] for row in simulator.transactions()] == ["sale"]
    assert sum(invoice.balance_cents for invoice in Invoice.select()) == 14_498
    assert sorted(note.amount_cents for note in CreditNote.select()) == [5_000, 9_498]


def test_a_refund_asked_while_the_gateway_is_asked_is_not_taken_back_twice(payment, environment, context, simulator):
    class Meanwhile(BraintreeGateway):
        def find(self, gateway_id):
            refunds.ask(Payment.get(), 5_000, 14_498, "")
            return super().find(gateway_id)

    gateway = Meanwhile(load(environment | {"SIMULATOR_URL": simulator.url}))
    decline_settlement(payment, replace(context, gateway=gateway), simulator)
    assert CreditNote.get().amount_cents == 9_498


def test_a_part_asked_back_is_not_given_by_a_void_of_the_whole(payment, working, simulator, gateway, context):
    simulator.breaks("find", "http_500")
    refunds.ask(payment, 5_000, 14_498, "")
    working()
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status="voided")
    Refund.update(submitted_at=clock.now().replace(year=2020)).execute()
    working()
    assert Refund.get().state == "unknown"  # one empty look proves nothing
    working()
    assert Refund.get().state == "refused"
    assert facts.alert(Alert.get()) == f"{payment.reference}\u00a0: rien trouvé chez Braintree, redemandez-le"
    settlement.follow(payment.gateway_id, context.because("sweep"))
    assert Payment.get().state == "voided"
    assert sum(invoice.balance_cents for invoice in Invoice.select()) == 14_498


def test_two_refunds_whose_answers_are_lost_are_told_apart_by_their_amounts(payment, working, simulator):
    simulator.ask("POST", "settle-all")
    simulator.breaks("refund", "http_500")
    simulator.breaks("refund", "answer_lost")
    refunds.ask(payment, 5_000, 14_498, "never given")
    refunds.ask(payment, 3_000, 9_498, "given")
    working()
    working()
    assert [refund.state for refund in Refund.select().order_by(Refund.id)] == ["unknown", "done"]


def test_a_payment_is_refunded_once_every_refund_of_it_is_done(payment, working, simulator):
    simulator.ask("POST", "settle-all")
    refunds.ask(payment, 5_000, 14_498, "given")
    refunds.ask(payment, 9_498, 9_498, "refused by the bank")
    simulator.breaks("refund", "slow", seconds=0)
    simulator.breaks("refund", "refused")
    working()
    assert Payment.get().state == "paid"
    refunds.ask(payment, 9_498, 9_498, "asked again")
    working()
    assert Payment.get().state == "refunded"


def test_a_refund_declined_after_all_is_put_before_a_person(payment, working, simulator, context):
    simulator.ask("POST", "settle-all")
    refunds.ask(payment, 5_000, 14_498, "absence")
    working()
    simulator.ask("POST", f"transactions/{Refund.get().gateway_id}/status", status="settlement_declined")
    settlement.follow_refunds_due(context)
    assert not Alert.select().exists()
    settlement.follow_refunds_due(context, now=clock.now() + timedelta(days=2))
    assert Alert.get().kind == Kind.REFUND_DECLINED
    words = "50,00\u00a0$ n’ont pas été rendus (refusé par la banque au règlement)"
    assert facts.alert(Alert.get()) == f"{payment.reference}\u00a0: {words}"
    assert Refund.get().state == "declined"


def test_a_refund_found_at_the_gateway_is_booked_whole_or_not_at_all(payment, simulator, gateway, context):
    """Cut between two writes it stood there as asked, and the worker would have given the money a second time."""

    class Full(Listener):
        def refunded(self, payment, note):
            raise OperationalError("database or disk is full")

    simulator.ask("POST", "settle-all")
    gateway.give_back(payment.gateway_id, 5_000)
    [credit] = gateway.given_back_between(clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1))
    with pytest.raises(OperationalError):
        refunds.found(credit, replace(context, listener=Full()))
    assert not Refund.select().exists()
    refunds.found(credit, context)
    assert Refund.get().state == "done"
