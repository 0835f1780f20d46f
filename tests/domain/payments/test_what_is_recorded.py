"""What each step of a payment writes down, to the letter and to the moment: the clock stands still here."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from adapters.braintree.gateway import BraintreeGateway
from domain.common import clock
from domain.payments import lifecycle, reconciliation
from domain.payments.gateway import Item
from models import Payment, PaymentEvent, UnmatchedCharge, write
from settings import load
from tests.factories import make_invoice, pay_elsewhere

A_MOMENT = timedelta(microseconds=1)
HALF_A_SECOND = timedelta(seconds=0.5)  # UNCERTAIN_FOR in tests
THREE_SECONDS = timedelta(seconds=3)


@pytest.fixture
def standing_clock():
    with time_machine.travel(datetime.now(UTC).replace(microsecond=0), tick=False) as stopped:
        yield stopped


@pytest.fixture
def member(standing_clock, citizen, simulator):
    citizen.joins()
    return citizen


@pytest.fixture
def pays(member):
    """Return what commits a payment of a new invoice."""
    return lambda **how: member.payment(member.pays(make_invoice(member.household, 10_000), **how))


@pytest.fixture
def uncertain(pays, paying, simulator) -> Payment:
    """A payment of which nothing reached the gateway, and nobody knows."""
    simulator.breaks("sale", "http_500")
    payment = pays()
    paying()
    return again(payment)


@pytest.fixture
def advance(context):
    impatient = replace(context, uncertain_for=HALF_A_SECOND)
    return lambda payment: lifecycle.advance(payment.id, impatient)


def again(payment: Payment) -> Payment:
    return Payment.get_by_id(payment.id)


def last_event(payment: Payment) -> tuple:
    event = PaymentEvent.select().where(PaymentEvent.payment == payment).order_by(PaymentEvent.id.desc()).first()
    return event.name, event.from_state, event.to_state, event.cause, event.words


def test_what_is_uncertain_is_forgotten_by_the_card_and_searched_for_in_three_seconds(uncertain):
    assert (uncertain.state, uncertain.nonce, uncertain.submitted_at) == ("unknown", None, clock.now())
    assert uncertain.due_at == clock.now() + THREE_SECONDS
    *change, words = last_event(uncertain)
    assert change == ["uncertain", "submitted", "unknown", "worker"]
    assert "ServerError" in words


def test_a_search_is_due_at_its_moment_not_before_and_not_for_what_is_settled(uncertain, pays, paying):
    settled = pays()
    paying()
    Payment.update(due_at=clock.now()).where(Payment.id == settled.id).execute()
    due_at = again(uncertain).due_at
    assert lifecycle.due_for_work(due_at - A_MOMENT) == []
    assert lifecycle.due_for_work(due_at) == [uncertain.id]


def test_a_search_planned_twice_as_far_as_any_is_due_at_once(uncertain):
    Payment.update(due_at=clock.now() + 2 * THREE_SECONDS).execute()
    assert lifecycle.due_for_work() == []
    Payment.update(due_at=clock.now() + 2 * THREE_SECONDS + A_MOMENT).execute()
    assert lifecycle.due_for_work() == [uncertain.id]


def test_the_oldest_payment_comes_first(uncertain, pays, paying, simulator):
    simulator.breaks("sale", "http_500")
    other = pays()
    paying()
    created = pays()
    Payment.update(due_at=clock.now() - THREE_SECONDS).where(Payment.id == other.id).execute()
    Payment.update(due_at=clock.now()).where(Payment.id == uncertain.id).execute()
    assert lifecycle.due_for_work() == [uncertain.id, other.id, created.id]
    assert lifecycle.uncertain() == [uncertain, other]


def test_an_empty_search_counts_one_for_its_own_payment_and_puts_off_the_next(uncertain, standing_clock, advance):
    other = Payment.create(reference="PAAA-0001", amount_cents=1, state="unknown", due_at=clock.now())
    standing_clock.shift(THREE_SECONDS)
    advance(uncertain)
    assert (again(uncertain).empty_looks, again(uncertain).due_at) == (1, clock.now() + THREE_SECONDS)
    assert (again(other).empty_looks, again(other).due_at) == (0, other.due_at)


def test_a_search_without_an_answer_starts_the_count_again(uncertain, standing_clock, advance, simulator):
    advance(uncertain)
    simulator.breaks("search", "http_500")
    standing_clock.shift(THREE_SECONDS)
    advance(uncertain)
    assert (again(uncertain).empty_looks, again(uncertain).due_at) == (0, clock.now() + THREE_SECONDS)


def test_given_up_after_the_time_is_over_not_at_its_last_moment(uncertain, standing_clock, advance):
    standing_clock.shift(HALF_A_SECOND)
    advance(uncertain)
    advance(uncertain)
    assert again(uncertain).state == "unknown"
    standing_clock.shift(A_MOMENT)
    advance(uncertain)
    assert (again(uncertain).state, again(uncertain).resolved_at) == ("refused", clock.now())
    assert again(uncertain).refusal == "not_found"
    words = "nothing found at the gateway 0:00:00.500000 after sending"
    assert last_event(uncertain) == ("refused", "unknown", "refused", "worker", words)


def test_given_up_needs_a_second_empty_search_however_late(uncertain, standing_clock, advance):
    standing_clock.shift(timedelta(hours=1))
    advance(uncertain)
    assert again(uncertain).state == "unknown"
    advance(uncertain)
    assert again(uncertain).state == "refused"


def test_sent_for_a_quarter_of_an_hour_and_never_after(pays, advance):
    in_time, late = pays(), pays()
    Payment.update(created_at=clock.now() - timedelta(minutes=15)).where(Payment.id == in_time.id).execute()
    Payment.update(created_at=clock.now() - timedelta(minutes=15) - A_MOMENT).where(Payment.id == late.id).execute()
    advance(in_time)
    advance(late)
    assert (again(in_time).state, again(late).state) == ("paid", "refused")
    assert (again(in_time).nonce, again(late).nonce) == (None, None)
    assert last_event(late) == ("refused", "created", "refused", "worker", "never sent: the server was stopped")


def test_only_the_first_to_change_a_payment_changes_it_and_no_other(pays):
    payment, other = pays(), pays()
    late = again(payment)
    assert lifecycle.move(payment, "submitted", "submitted", "worker") is True
    assert last_event(payment) == ("submitted", "created", "submitted", "worker", "")
    assert lifecycle.move(late, "refused", "refused", "worker", refusal="late") is False
    assert (again(payment).state, again(payment).refusal) == ("submitted", "")
    assert last_event(payment)[0] == "submitted"
    assert again(other).state == "created"


def test_an_answer_to_a_payment_doubted_meanwhile_is_booked(pays, environment, simulator, context):
    class Meanwhile(BraintreeGateway):
        def charge(self, *words):
            charge = super().charge(*words)
            lifecycle.resume()
            return charge

    gateway = Meanwhile(load(environment | {"SIMULATOR_URL": simulator.url}))
    payment = pays()
    lifecycle.advance(payment.id, replace(context, gateway=gateway))
    assert (again(payment).state, again(payment).resolved_at) == ("paid", clock.now())
    assert last_event(payment) == ("charged", "unknown", "paid", "worker", "submitted_for_settlement")
    assert not UnmatchedCharge.select().exists()


def test_the_gateways_words_are_kept_up_to_two_thousand_letters(pays):
    payment = pays()
    lifecycle.move(payment, "refused", "refused", "worker", words="x" * 3_000)
    assert last_event(payment)[-1] == "x" * 2_000


def test_what_is_no_longer_owed_is_not_sent_and_says_so(pays, advance):
    payment = pays()
    pay_elsewhere((payment.invoice_links.get().invoice, 1))
    advance(payment)
    words = "not sent: an invoice was paid or cancelled meanwhile"
    assert last_event(payment) == ("refused", "created", "refused", "worker", words)
    assert (again(payment).refusal, again(payment).resolved_at) == ("changed", clock.now())


def test_a_refusal_keeps_the_gateways_words(pays, advance):
    payment = pays(nonce="fake-processor-declined-visa-nonce")
    advance(payment)
    words = "processor_declined 2000 Do Not Honor"
    assert last_event(payment) == ("refused", "submitted", "refused", "worker", words)
    assert (again(payment).refusal, again(payment).resolved_at) == ("declined", clock.now())


def test_a_stopped_process_leaves_what_it_was_charging_to_the_sweep_but_not_what_another_charges(pays):
    left, under_way = pays(), pays()
    Payment.update(state="submitted", submitted_at=clock.now()).execute()
    assert lifecycle.resume({under_way.id}) == 1
    words = "the process stopped while the gateway was charging"
    assert last_event(left) == ("uncertain", "submitted", "unknown", "sweep", words)
    assert again(under_way).state == "submitted"


@pytest.mark.parametrize(
    ("fault", "change", "reason"),
    [
        ("wrong_amount", {}, UnmatchedCharge.OTHER_AMOUNT),
        ("answer_lost", {"status": "cancelled"}, UnmatchedCharge.NOT_OWED),
    ],
)
def test_what_pays_nothing_is_recorded_with_why(pays, paying, simulator, fault, change, reason):
    simulator.breaks("sale", fault)
    payment = pays()
    paying()
    if change:
        type(payment.invoice_links.get().invoice).update(**change).execute()
        paying()
    assert (again(payment).state, again(payment).resolved_at) == ("unexpected", clock.now())
    name, _, state, cause, words = last_event(payment)
    assert (name, state, cause, words) == ("unexpected", "unexpected", "worker", "submitted_for_settlement")
    assert [unmatched.reason for unmatched in UnmatchedCharge.select()] == [reason]


def test_what_is_found_after_all_is_written_over_the_refusal(
    uncertain, standing_clock, advance, gateway, context, simulator
):
    charge = gateway.charge(uncertain.reference, 10_000, "fake-valid-mastercard-nonce")
    Payment.update(state="refused", refusal=lifecycle.Unsent.NOT_FOUND).execute()
    simulator.ask("POST", "settle-all")
    standing_clock.shift(THREE_SECONDS)
    assert reconciliation.recheck_given_up(context) == 1
    paid = again(uncertain)
    assert (paid.state, paid.refusal, paid.gateway_id) == ("paid", "", charge.gateway_id)
    assert (paid.card_brand, paid.card_last_four) == ("Mastercard", "4444")
    assert paid.settlement_batch.endswith("integration_merchant_id_card")
    assert (paid.resolved_at, paid.due_at) == (clock.now(), clock.now() + timedelta(hours=24))
    assert last_event(paid) == ("charged", "refused", "paid", "sweep", "settled")


def test_only_what_was_given_up_since_is_looked_for_again(uncertain, pays, advance):
    declined = pays(nonce="fake-processor-declined-visa-nonce")
    advance(declined)
    Payment.update(state="refused", refusal=lifecycle.Unsent.NOT_FOUND).where(Payment.id == uncertain.id).execute()
    assert lifecycle.given_up(clock.now()) == [uncertain]
    assert lifecycle.given_up(clock.now() + A_MOMENT) == []


def test_after_a_restore_nothing_is_sent_and_all_is_searched_for(pays, uncertain, standing_clock):
    created = pays()
    standing_clock.shift(THREE_SECONDS)
    sent = pays()
    sent_at = clock.now() - A_MOMENT
    Payment.update(state="submitted", submitted_at=sent_at, nonce=None).where(Payment.id == sent.id).execute()
    with write():
        lifecycle.doubt_all("restore")
    for payment in (created, sent):
        assert (again(payment).state, again(payment).nonce) == ("unknown", None)
        assert again(payment).due_at == clock.now()
        assert last_event(payment) == ("uncertain", "submitted", "unknown", "restore", "restored from a copy")
    assert again(created).submitted_at == created.created_at
    assert again(sent).submitted_at == sent_at
    first = PaymentEvent.get(PaymentEvent.payment == created, PaymentEvent.to_state == "submitted")
    assert (first.name, first.from_state, first.cause) == ("submitted", "created", "restore")


def test_what_a_charge_pays_is_kept_beside_it_at_the_gateway(pays, member, advance, gateway):
    ours, nobodys = pays(), pays()
    Payment.update(payer=None).where(Payment.id == nobodys.id).execute()
    for payment, payer in ((ours, str(member.person.id)), (nobodys, "")):
        advance(payment)
        number = payment.invoice_links.get().invoice.number
        assert gateway.items(again(payment).gateway_id) == [Item(number, 10_000, payer)]
