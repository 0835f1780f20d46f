"""Pay, refund, void, notice and crash in any order: after each step the books agree with themselves and the gateway.

`LIVES=500 pytest tests/domain/payments/test_whole_lives.py --hypothesis-seed=1` lives longer, and shortens what fails.
"""

import itertools
import os
import sys
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from peewee import fn

import models
from domain.billing import ledger
from domain.operations import doctor
from domain.operations.doctor import Wrong
from domain.payments import lifecycle, refunds, saved_cards
from domain.payments.gateway import Uncertain
from models import CreditNote, Invoice, Payment, PaymentInvoice, Receipt, SavedCard, UnmatchedCharge
from tests.domain.payments.world import HELD, World

BROKEN = ("answer_lost", "answer_lost", "reset", "garbage", "empty", "http_500", "http_401")
SPOILED = ("refused", "duplicate", "wrong_amount")  # of a sale
KILLED = ("killed before", "killed after")
HOUR = timedelta(hours=1)

ANY = st.integers(0, 11)  # whichever of the rows there are
HOW = st.sampled_from(("well",) * 5 + ("later",) * 2 + BROKEN + SPOILED + KILLED + ("blind",))  # the worker follows
LINES = st.lists(st.tuples(st.integers(-300, 60_000), st.booleans()), min_size=1, max_size=3)
CARDS = st.sampled_from(("valid", "valid", "processor-declined-visa"))
COFFER = st.sampled_from(("", "", "keep", "saved"))  # a card is typed, typed and kept, or taken from the vault
OTHER_CARDS = st.sampled_from(("fake-valid-mastercard-nonce", "fake-valid-amex-nonce"))
PASSED = st.sampled_from((timedelta(0), timedelta(seconds=6), timedelta(minutes=4), HOUR, timedelta(days=3)))


def pick(rows, n: int):
    """Return the row a drawn number falls on."""
    return rows[n % len(rows)]


class Life(World, RuleBasedStateMachine):
    """What may happen, and what must hold after each step and once all has come to rest."""

    def __init__(self, portal, simulator) -> None:
        RuleBasedStateMachine.__init__(self)
        World.__init__(self, portal, simulator)
        self.given_when_lost: dict[str, int] = {}
        self.copies = 0  # sales the gateway was told to make twice

    @initialize(bills=st.lists(LINES, min_size=1, max_size=3))
    def invoices_are_issued_and_paid(self, bills):
        for n, lines in enumerate(bills, 1):
            self.imports_invoice(n, lines)
        self.pays(self.payable()[:2])
        self.works()

    # the city

    @rule(n=ANY, lines=LINES, status=st.sampled_from(("open", "cancelled")))
    def an_invoice_is_changed_or_cancelled(self, n, lines, status):
        self.imports_invoice(n % self.numbers + 1, lines, status)

    @precondition(lambda self: self.payable())
    @rule(n=ANY, parts=st.integers(1, 4))
    def an_invoice_is_paid_at_the_counter(self, n, parts):
        invoice = pick(self.payable(), n)
        self.takes_cash(invoice, -(-invoice.balance_cents // parts))

    @precondition(lambda self: self.charged())
    @rule(n=ANY, percent=st.sampled_from((1, 50, 100, 101)), off=st.sampled_from((0, 0, 0, 1, -1)), how=HOW)
    def a_refund_is_asked(self, n, percent, off, how):
        payment = pick(self.charged(), n)
        left = refunds.left_cents(payment)
        cents = -(-left * percent // 100)
        with suppress(refunds.NotRefundable, refunds.TooMuch, refunds.LeftChanged):
            refunds.ask(payment, cents, left + off, "", knowingly=True)
            assert (cents <= left, off) == (True, 0)
        self.follows(how)

    @rule(job=st.sampled_from(("sweep", "match")))
    def a_job_runs(self, job):
        self.sweeps() if job == "sweep" else self.matches()

    # the residents

    @rule(some=st.sets(ANY, min_size=1, max_size=3), lines=LINES, card=CARDS, coffer=COFFER, how=HOW)
    def invoices_are_paid_online(self, some, lines, card, coffer, how):
        self.imports_invoice(self.numbers + 1, lines)
        payable = self.payable()
        self.pays({pick(payable, n) for n in some if payable}, card, coffer)
        self.follows(how)

    @precondition(lambda self: self.saved())
    @rule(how=HOW)
    def a_saved_card_is_removed(self, how):
        with suppress(saved_cards.CardInUse):
            saved_cards.ask_removal(self.saved()[0])
        self.follows(how)

    # the worker

    @rule(passed=PASSED, how=HOW)
    def time_passes_and_the_worker_works(self, passed, how):
        self.ages(passed)
        self.follows(how)

    def follows(self, how):
        """Have the worker do what is due, the gateway or the process failing once as drawn."""
        if how == "later":
            return
        if how in KILLED and (due := self.worker._due()):
            self.is_killed_at(due[0], performed=how == "killed after")
        if how in BROKEN:
            for call in ("sale", "search", "void", "refund"):
                self.simulator.breaks(call, how)
        if how in SPOILED:
            self.simulator.breaks("sale", how)
            self.copies += how == "duplicate"
        if how == "blind":
            self.simulator.breaks("find", "http_500")
        self.works()
        self.simulator.ask("DELETE", "faults")

    # the gateway

    @precondition(lambda self: self.there)
    @rule()
    def the_night_settles(self):
        self.simulator.ask("POST", "settle-all")

    @precondition(lambda self: self.may_happen())
    @rule(n=ANY, how=HOW, percent=st.sampled_from((100, 100, 50, 12)))
    def something_happens_to_a_charge(self, n, how, percent):
        kind, charge = pick(self.may_happen(), n)
        kind, _, of = kind.partition(" ")
        cents = next(sale["amount_cents"] for sale in self.sales() if sale["id"] == charge)
        disputed = {"amount": f"{-(-cents * percent // 100) / 100:.2f}"} if kind == "dispute_opened" else {}
        sent = self.simulator.ask("POST", "webhook", kind=kind, transaction=charge, dispute_kind=of, **disputed)
        self.notices.append((charge, sent.json()))
        if how != "later":
            self.hears(self.notices[-1])
            self.follows(how)

    @precondition(lambda self: self.notices)
    @rule(n=ANY, again=st.booleans(), how=HOW)
    def a_notice_arrives(self, n, again, how):
        self.hears(pick(self.notices, n), again)
        self.follows(how)

    @precondition(lambda self: self.submitted())
    @rule(n=ANY, card=OTHER_CARDS)
    def another_charge_of_a_reference_shows_up(self, n, card):
        payment = pick(self.submitted(), n)
        with suppress(Uncertain):  # a third one by the same card is a duplicate
            self.gateway.charge(payment.reference, payment.amount_cents, card)

    # what must hold

    @invariant()
    def the_books_agree_with_themselves(self):
        assert ledger.imbalance_cents() == 0
        assert {wrong.key for wrong in doctor.problems([], "simulator")} <= {Wrong.UNRESOLVED, Wrong.NOT_GIVEN_BACK}
        for invoice in Invoice.select().where(Invoice.status == Invoice.CANCELLED):
            assert ledger.receivable_cents(invoice.id) == 0, invoice.number

    @invariant()
    def the_vault_has_the_cards_shown_and_none_that_was_removed(self):
        for card in SavedCard.select():
            if card.state in (SavedCard.KEPT, SavedCard.REMOVED):
                assert bool(self.gateway.kept_card(card.reference)) == (card.state == SavedCard.KEPT)

    @invariant()
    def no_invoice_has_two_payments_open_nor_is_paid_twice(self):
        links = PaymentInvoice.select(Invoice.total_cents, fn.COUNT(Payment.id), fn.SUM(PaymentInvoice.amount_cents))
        links = links.join(Payment).switch(PaymentInvoice).join(Invoice).group_by(Invoice.id)
        assert all(n == 1 for _, n, _ in links.where(Payment.state.in_(Payment.OPEN_STATES)).tuples())
        received = links.where(Payment.state.in_(Payment.RECEIVED_STATES)).tuples()
        assert all(paid_cents <= total_cents for total_cents, _, paid_cents in received)

    @invariant()
    def documents_are_numbered_without_a_gap(self):
        for table, letter in ((Receipt, "R"), (CreditNote, "C")):
            numbers = [number for (number,) in table.select(table.number).order_by(table.id).tuples()]
            assert numbers == [f"{letter}{n:06}" for n in range(1, len(numbers) + 1)]
        assert Receipt.select().count() == len(self.charged())

    @invariant()
    def what_is_at_rest_agrees_with_the_gateway(self):
        self.there = self.simulator.transactions()
        held, moving, cleared = self.held(), self.moving(), self.cleared()
        for payment in self.charged():
            if payment.gateway_id not in moving:
                assert cleared[payment.id] == held[payment.gateway_id], payment.reference
        for unmatched in UnmatchedCharge.select().where(
            UnmatchedCharge.returned_at.is_null(False), UnmatchedCharge.reason != UnmatchedCharge.WON_BACK
        ):
            if unmatched.gateway_id not in moving:  # what a dispute took besides is lost, and booked so
                assert held[unmatched.gateway_id] == -ledger.lost_cents(unmatched.gateway_id)
        self.nothing_is_given_back_after_the_bank_took_it_back()
        self.each_payment_is_sent_once_and_never_refused_when_charged()

    def each_payment_is_sent_once_and_never_refused_when_charged(self):
        ours = [
            sale for sale in self.sales() if sale["card_type"] == "Visa"
        ]  # the other cards' are the gateway's doing
        assert len(ours) - len({sale["order_id"] for sale in ours}) <= self.copies
        refused = Payment.select().where(
            Payment.state == Payment.REFUSED, Payment.refusal != lifecycle.Unsent.NOT_FOUND
        )
        held = {sale["order_id"] for sale in ours if sale["status"] in HELD}
        assert not held & {payment.reference for payment in refused}

    def nothing_is_given_back_after_the_bank_took_it_back(self):
        for payment in Payment.select().where(Payment.state == Payment.CHARGED_BACK):
            given = sum(row["refunded_transaction_id"] == payment.gateway_id for row in self.there)
            assert self.given_when_lost.setdefault(payment.reference, given) == given

    def teardown(self):
        if sys.exc_info()[0] is None:
            self.all_comes_to_rest()

    def all_comes_to_rest(self):
        """Let everything follow, and compare all of the card money with what the gateway holds."""
        while self.notices:
            self.hears(self.notices[0])
        for _ in range(5):  # more would only hide something that never ends
            self.works()
            if not self.matches() and self.is_at_rest():
                break
            self.simulator.ask("POST", "settle-all")
            self.ages(HOUR)
        self.what_is_at_rest_agrees_with_the_gateway()
        assert self.is_at_rest()
        assert self.matches() == []
        assert sum(self.cleared().values()) == sum(self.held().values())


@pytest.fixture
def environment(environment, simulator):
    return environment | {"SIMULATOR_URL": simulator.url, "UNCERTAIN_FOR": "150"}


@pytest.fixture
def begin(app, databases, simulator, tmp_path):
    """Return what begins a life on an empty database of its own."""
    count = itertools.count(1)

    def begin() -> Life:
        models.database.close()
        models.database.obj.close_all()
        models.open_database(databases.copy(tmp_path, f"life{next(count)}"))
        return Life(app.extensions["portal"], simulator)

    return begin


def test_whatever_happens_in_whatever_order_the_books_agree_with_the_gateway(begin, simulator):
    simulator.ask("POST", "amount-rules", on=False)
    longer = "LIVES" in os.environ
    run_state_machine_as_test(
        begin,
        settings=settings(
            max_examples=int(os.environ.get("LIVES", 20)),
            stateful_step_count=30,
            derandomize=not longer,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink) if longer else (Phase.generate,),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
