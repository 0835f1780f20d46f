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
from domain.payments import disputes, refunds, settlement
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
    assert Refund.get().words == Alert.get().values["answer"] != ""
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


def refund(**values) -> Refund:
    """Write down a refund that a worker has in hand."""
    return Refund.create(**{"payment": Payment.get(), "amount_cents": 100, "cause": "staff"} | values)


def test_refundable_is_what_came_in_by_card_and_of_which_something_is_left(payment, working):
    assert refunds.is_refundable(payment)
    for name, value in (("method", Payment.CASH), ("gateway_id", None)):  # a card charged elsewhere has no id here
        elsewhere = Payment.get()
        setattr(elsewhere, name, value)
        assert not refunds.is_refundable(elsewhere)
    refunds.ask(Payment.get(), 14_498, 14_498, "absence")
    assert not refunds.is_refundable(Payment.get())


@pytest.mark.parametrize("state", [Payment.SETTLEMENT_DECLINED, Payment.REFUSED])
def test_nothing_is_given_back_of_what_the_city_has_not(payment, context, state):
    payment.state = state
    assert not refunds.is_refundable(payment)
    with pytest.raises(NotRefundable):
        refunds.ask(payment, 100, 14_498, "absence")
    with pytest.raises(NotRefundable):
        refunds.hand_over(payment, 100, 14_498, "absence", None, Payment.CASH, context.listener)


def test_who_read_it_before_it_was_taken_back_reserves_nothing(payment, context, simulator):
    read_before = Payment.get()
    decline_settlement(payment, context, simulator)
    with pytest.raises(LeftChanged):
        refunds.ask(read_before, 100, 14_498, "absence")
    assert not Refund.select().exists()


@pytest.mark.parametrize("by_card", [True, False])
def test_of_a_disputed_payment_money_goes_back_only_knowingly(payment, context, simulator, by_card):
    simulator.ask("POST", "settle-all")
    simulator.ask("POST", "webhook", kind="dispute_opened", transaction=payment.gateway_id)
    settlement.follow(payment.gateway_id, context)
    disputed = Payment.get()

    def give(**how) -> Refund:
        if by_card:
            return refunds.ask(disputed, 100, 14_498, "absence", **how)
        return refunds.hand_over(disputed, 100, 14_498, "absence", None, Payment.CASH, context.listener, **how)

    with pytest.raises(disputes.BeingDisputed):
        give()
    assert give(knowingly=True).amount_cents == 100


def test_a_stopped_process_leaves_its_refunds_to_be_looked_for_and_no_others(payment):
    left, in_hand = (refund(state=Refund.SUBMITTED) for _ in range(2))
    waiting = refund(state=Refund.CREATED)
    refunds.resume({in_hand.id})
    states = [Refund.get_by_id(one.id).state for one in (left, in_hand, waiting)]
    assert states == [Refund.UNKNOWN, Refund.SUBMITTED, Refund.CREATED]
    assert set(refunds.due_for_work()) == {left.id, waiting.id}


def test_a_copy_put_back_keeps_the_moment_when_a_refund_was_sent(payment):
    sent_at = clock.now() - timedelta(hours=1)
    sent = refund(state=Refund.SUBMITTED, submitted_at=sent_at)
    refunds.doubt_all()
    assert Refund.get_by_id(sent.id).submitted_at == sent_at


@pytest.mark.parametrize("state", [Refund.DONE, Refund.REFUSED, Refund.DECLINED, Refund.SUBMITTED])
def test_a_worker_does_nothing_to_what_is_not_its_turn(payment, context, simulator, state):
    one = refund(state=state)
    assert one.id not in refunds.due_for_work()
    simulator.breaks("find", "http_500")
    refunds.advance(one.id, context)
    assert (Refund.get().state, Refund.get().words) == (state, "")


@pytest.mark.parametrize("call", ["refund", "find", "nothing found"])
def test_without_an_answer_it_is_not_asked_again_at_once(payment, working, simulator, call):
    simulator.ask("POST", "settle-all")
    simulator.breaks("refund", "http_500")
    asked = refunds.ask(payment, 5_000, 14_498, "")
    other = refunds.ask(payment, 100, 9_498, "")
    Refund.update(state=Refund.SUBMITTED).where(Refund.id == other.id).execute()  # somebody's in hand
    working()
    if call == "find":
        simulator.breaks("find", "http_500")
    if call != "refund":
        working()
    asked = Refund.get_by_id(asked.id)
    assert asked.state == Refund.UNKNOWN
    assert timedelta(0) < asked.due_at - clock.now() <= refunds.LOOK_AGAIN
    assert asked.words
    assert Refund.get_by_id(other.id).words == ""
    assert refunds.due_for_work() == []


def test_a_part_that_waits_for_its_settlement_is_not_asked_again_at_once(payment, working):
    refunds.ask(payment, 5_000, 14_498, "")
    working()
    assert Refund.get().due_at - clock.now() > refunds.WHEN_SETTLED / 2
    assert refunds.due_for_work() == []


def test_a_void_whose_answer_was_lost_is_found(payment, working, simulator):
    simulator.breaks("void", "answer_lost")
    refunds.ask(payment, 14_498, 14_498, "camp annulé")
    working()
    assert Refund.get().state == Refund.UNKNOWN
    working()
    assert (Refund.get().state, Refund.get().gateway_id) == (Refund.DONE, payment.gateway_id)
    assert Payment.get().state == Payment.REFUNDED


def test_the_whole_that_was_never_given_is_not_taken_for_given(payment, working, simulator):
    """A void is of the whole; the whole of a charge that stands is no void. Two empty looks in a row are too few."""
    simulator.ask("POST", "settle-all")
    simulator.breaks("refund", "http_500")
    refunds.ask(payment, 14_498, 14_498, "")
    for _ in range(4):
        working()
        assert Refund.get().state == Refund.UNKNOWN
    Refund.update(submitted_at=clock.now() - refunds.GIVEN_UP_AFTER).execute()
    working()
    assert (Refund.get().state, Refund.get().words) == (Refund.REFUSED, Refund.NOTHING_FOUND)
    assert Payment.get().refunded_cents == 0


def test_a_refund_of_the_same_amount_that_is_anothers_is_not_taken_for_ours(payment, working, simulator):
    simulator.ask("POST", "settle-all")
    refunds.ask(payment, 5_000, 14_498, "given")
    working()
    simulator.breaks("refund", "http_500")
    refunds.ask(payment, 5_000, 9_498, "never given")
    working()
    working()
    assert [one.state for one in Refund.select().order_by(Refund.id)] == [Refund.DONE, Refund.UNKNOWN]


@pytest.mark.parametrize(
    ("word", "state"), [("settled", "done"), ("settling", "done"), ("settlement_declined", "unknown")]
)
def test_what_is_found_of_a_refund_counts_if_the_money_moves(payment, working, simulator, word, state):
    simulator.ask("POST", "settle-all")
    simulator.breaks("refund", "answer_lost")
    refunds.ask(payment, 5_000, 14_498, "")
    working()
    [credit] = [row for row in simulator.transactions() if row["type"] == "credit"]
    simulator.ask("POST", f"transactions/{credit['id']}/status", status=word)
    working()
    assert Refund.get().state == state


@pytest.fixture
def credit(payment, simulator, gateway):
    """A refund of 50 $ at the gateway that nobody asked here."""
    simulator.ask("POST", "settle-all")
    gateway.give_back(payment.gateway_id, 5_000)
    [one] = gateway.given_back_between(clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1))
    return one


def test_a_refund_found_at_the_gateway_is_booked_once_as_found(credit, context):
    assert refunds.found(credit, context)
    assert refunds.found(credit, context) is None
    assert (Refund.get().amount_cents, Refund.get().reason, Refund.get().cause) == (5_000, refunds.FOUND, "restore")
    assert Refund.select().count() == 1


def test_a_refund_found_of_a_charge_of_another_system_is_none_of_ours(credit, context):
    assert refunds.found(replace(credit, charge_id="of the library"), context) is None
    assert not Refund.select().exists()


def test_what_is_asked_of_another_payment_hides_no_refund_found(credit, citizen, paying, context):
    other = citizen.payment(citizen.pays(make_invoice(citizen.household, 5_000)))
    paying()
    refunds.ask(Payment.get_by_id(other.id), 5_000, 5_000, "absence")
    assert refunds.found(credit, context)


def test_a_refund_found_of_a_disputed_payment_is_booked_all_the_same(credit, payment, context, simulator):
    """The money is gone: nobody is left to be warned."""
    simulator.ask("POST", "webhook", kind="dispute_opened", transaction=payment.gateway_id)
    settlement.follow(payment.gateway_id, context)
    assert refunds.found(credit, context)
    assert Refund.get().state == Refund.DONE


@pytest.mark.parametrize(("asked", "booked"), [(5_000, 0), (300, 1)])
def test_a_refund_found_that_one_asked_here_may_be_is_left_to_its_search(credit, payment, context, asked, booked):
    refunds.ask(payment, asked, 14_498, "absence")
    assert bool(refunds.found(credit, context)) == booked
    assert Refund.select().where(Refund.state == Refund.DONE).count() == booked


def test_a_refund_found_that_nothing_is_left_for_is_put_before_a_person(credit, payment, context):
    refunds.hand_over(payment, 14_000, 14_498, "absence", None, Payment.CASH, context.listener)
    refunds.found(credit, context)
    assert Alert.get().kind == Kind.REFUND_FOUND
    assert Alert.get().values["amount_cents"] == 5_000
    assert Refund.select().count() == 1


def test_one_given_before_of_the_same_amount_hides_no_refund_found(credit, payment, context):
    refunds.hand_over(payment, 5_000, 14_498, "absence", None, Payment.CASH, context.listener)
    assert refunds.found(credit, context)
    assert Refund.select().where(Refund.state == Refund.DONE).count() == 2


def test_a_refund_under_way_is_its_own_payments_alone(payment, citizen, paying):
    other = citizen.payment(citizen.pays(make_invoice(citizen.household, 700)))
    paying()
    refunds.ask(payment, 100, 14_498, "absence")
    assert refunds.is_under_way(payment)
    assert not refunds.is_under_way(Payment.get_by_id(other.id))
