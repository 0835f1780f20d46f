"""What becomes of money received: the gateway is asked, and the payment is brought into line, once."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from domain.billing.listener import Listener
from domain.common import clock
from domain.common.alerts import Kind
from domain.payments import refunds, settlement
from domain.payments.context import Context
from domain.payments.findings import Mismatch
from domain.payments.gateway import NoSuchCharge, Uncertain
from models import Alert, CreditNote, Dispute, Invoice, Payment, PaymentEvent, Refund
from tests.factories import make_invoice, pay_elsewhere
from views.messages import facts

TOMORROW = clock.now() + timedelta(days=2)


class Ear(Listener):
    """Remembers what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple] = []

    def owed_again(self, invoice: Invoice) -> None:
        self.heard.append(("owed again", invoice.number))

    def reversed(self, payment: Payment, note: CreditNote) -> None:
        self.heard.append(("reversed", payment.reference, note.amount_cents))


@pytest.fixture
def payment(home, charged) -> Payment:
    return charged(make_invoice(home, 10_000))


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def follow(payment, context, ear):
    return lambda: settlement.follow(payment.gateway_id, replace(context, listener=ear).because("webhook"))


@pytest.fixture
def becomes(payment, simulator):
    """Return what makes the gateway say something of the charge: a status, or a dispute's notice."""

    def become(word: str) -> None:
        if word.startswith("dispute"):
            simulator.ask("POST", "settle-all")
            simulator.ask("POST", "webhook", kind=word, transaction=payment.gateway_id)
        else:
            simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status=word)

    return become


def again(payment: Payment) -> Payment:
    return Payment.get_by_id(payment.id)


def last_event() -> tuple:
    event = PaymentEvent.select().order_by(PaymentEvent.id.desc()).get()
    return event.name, event.from_state, event.to_state, event.cause


def test_settled_it_says_so_once_with_its_batch_and_stays_paid(payment, follow, simulator, ear):
    simulator.ask("POST", "settle-all")
    assert follow() == payment
    assert last_event() == ("settled", "paid", "settled", "webhook")
    settled = again(payment)
    assert settled.state == Payment.SETTLED
    assert settled.settlement_batch
    assert Invoice.get().balance_cents == 0
    assert ear.heard == []
    events = PaymentEvent.select().count()
    assert follow() is None
    assert PaymentEvent.select().count() == events


REVERSALS = [
    ("settlement_declined", Payment.SETTLEMENT_DECLINED),
    ("authorization_expired", Payment.SETTLEMENT_DECLINED),
    ("voided", Payment.VOIDED),
    ("dispute_lost", Payment.CHARGED_BACK),
]


@pytest.mark.parametrize(("word", "state"), REVERSALS)
def test_money_that_did_not_come_or_went_back_is_owed_again_by_a_credit_note(
    payment, follow, becomes, ear, word, state
):
    becomes(word)
    for _ in range(2):
        follow()
    assert again(payment).state == state
    assert last_event() == (state, "paid", state, "webhook")
    [note] = CreditNote.select()
    assert (note.payment, note.amount_cents, note.reason, note.refund) == (payment, 10_000, state, None)
    invoice = Invoice.get()
    assert (invoice.balance_cents, invoice.credited_cents) == (10_000, 0)
    assert ear.heard == [("owed again", invoice.number), ("reversed", payment.reference, 10_000)]


@pytest.mark.parametrize(("word", "state"), [*REVERSALS, ("settled", Payment.SETTLED)])
def test_a_disputed_payment_stays_paid_until_the_dispute_ends(payment, follow, becomes, word, state):
    becomes("dispute_opened")
    follow()
    assert again(payment).state == Payment.DISPUTED
    assert Invoice.get().balance_cents == 0
    becomes("dispute_won" if word == "settled" else word)
    follow()
    assert again(payment).state == state
    assert Invoice.get().balance_cents == (0 if word == "settled" else 10_000)


def test_what_was_given_back_before_is_not_taken_back_again(payment, follow, becomes, context, simulator, ear):
    simulator.ask("POST", "settle-all")
    refunds.advance(refunds.ask(payment, 3_000, 10_000, "absence").id, context)
    becomes("dispute_lost")
    follow()
    assert [note.amount_cents for note in CreditNote.select().order_by(CreditNote.id)] == [3_000, 7_000]
    assert Invoice.get().balance_cents == 7_000
    assert ear.heard[-1] == ("reversed", payment.reference, 7_000)


def test_money_given_back_of_a_payment_that_then_came_back_is_put_before_a_person(payment, becomes, context, simulator):
    simulator.ask("POST", "settle-all")
    refunds.hand_over(payment, 4_000, 10_000, "absence", None, Payment.CASH, context.listener)
    assert Kind.REFUNDED_THEN_REVERSED not in {alert.kind for alert in Alert.select()}
    becomes("dispute_lost")
    settlement.follow(payment.gateway_id, context)
    alert = Alert.get(Alert.kind == Kind.REFUNDED_THEN_REVERSED)
    assert (alert.subject, alert.values["amount_cents"]) == (payment.reference, 4_000)


def test_a_payment_given_back_whole_is_refunded_whatever_becomes_of_its_charge(payment, follow, becomes, context, ear):
    refunds.advance(refunds.ask(payment, 10_000, 10_000, "absence").id, context)
    assert follow() is None  # the gateway shows a void: the refund's
    becomes("settlement_declined")
    assert follow() is None
    assert again(payment).state == Payment.REFUNDED
    assert CreditNote.select().count() == 1
    assert ear.heard == []


def test_a_void_seen_while_a_refund_is_under_way_is_left_to_the_refund(payment, follow, becomes):
    refunds.ask(payment, 10_000, 10_000, "absence")
    becomes("voided")
    assert follow() is None
    assert again(payment).state == Payment.PAID
    becomes("settlement_declined")  # this no refund does
    follow()
    assert again(payment).state == Payment.SETTLEMENT_DECLINED
    assert not CreditNote.select().exists()  # all of it was reserved: the refund's own end has it owed again


def test_a_charge_of_another_system_is_not_asked_about(payment, context, simulator):
    simulator.breaks("find", "http_500")
    assert settlement.follow("of the library", context) is None
    with pytest.raises(Uncertain):
        settlement.follow(payment.gateway_id, context)
    assert again(payment).state == Payment.PAID


def test_a_charge_that_the_gateway_lost_is_said_and_nothing_changes(payment, follow, simulator):
    simulator.ask("POST", "reset")
    with pytest.raises(NoSuchCharge):
        follow()
    assert again(payment) == payment
    assert again(payment).due_at == payment.due_at


@pytest.mark.parametrize("word", ["settled", "settlement_declined", "voided"])
def test_without_any_notice_the_state_follows_within_a_day(payment, becomes, context, word):
    becomes(word)
    assert settlement.follow_due(context) == 0
    assert settlement.follow_due(context, now=TOMORROW) == 1
    assert (again(payment).state, last_event()[3]) == (word, "sweep")
    assert settlement.follow_due(context, now=TOMORROW) == 0  # settled or gone: nothing is left to ask


def test_what_is_on_its_way_or_disputed_is_asked_about_every_day(payment, becomes, context):
    Payment.update(due_at=clock.now() - timedelta(hours=1)).execute()
    assert settlement.follow_due(context) == 1
    assert timedelta(hours=23) < again(payment).due_at - clock.now() <= timedelta(days=1)
    becomes("dispute_opened")
    for _ in range(2):
        assert settlement.follow_due(context, now=TOMORROW) == 1
    assert again(payment).state == Payment.DISPUTED


def test_one_that_the_gateway_lost_does_not_hide_the_others(home, payment, charged, context, simulator):
    other = charged(make_invoice(home, 500))
    Payment.update(gateway_id="lost", due_at=clock.now() - timedelta(days=1)).where(Payment.id == payment.id).execute()
    simulator.ask("POST", "settle-all")
    assert settlement.follow_due(context, now=TOMORROW) == 2
    assert (again(payment).state, again(other).state) == (Payment.PAID, Payment.SETTLED)


def test_so_many_are_asked_about_at_once_those_that_wait_longest_first(payment, becomes, context):
    becomes("settled")
    long_ago = clock.now() - timedelta(days=1)
    waiting = {"state": Payment.PAID, "amount_cents": 100, "due_at": long_ago}
    many = range(settlement.FOLLOWED_AT_ONCE)
    Payment.insert_many([waiting | {"reference": f"P{n}", "gateway_id": f"lost{n}"} for n in many]).execute()
    assert settlement.follow_due(context, now=TOMORROW) == settlement.FOLLOWED_AT_ONCE
    assert again(payment).state == Payment.PAID
    assert settlement.follow_due(context, now=TOMORROW) == 1, "the lost are asked about again and again, alone"
    assert again(payment).state == Payment.SETTLED


def test_one_that_gets_no_answer_stops_nothing_behind_it(home, payment, charged, context, simulator):
    others = [charged(make_invoice(home, 500 + n)) for n in range(3)]
    simulator.ask("POST", "settle-all")
    simulator.breaks("find", "http_500")
    with pytest.raises(Uncertain):
        settlement.follow_due(context, now=TOMORROW)
    assert [again(one).state for one in (payment, *others)] == [Payment.PAID, *[Payment.SETTLED] * 3]
    assert settlement.follow_due(context, now=TOMORROW) == 0, "put off, it keeps no other from being asked about"


def test_a_refund_that_gets_no_answer_stops_no_other(home, payment, charged, context, simulator):
    other = charged(make_invoice(home, 500))
    simulator.ask("POST", "settle-all")
    for one in (payment, other):
        refunds.advance(refunds.ask(one, 300, one.amount_cents, "absence").id, context)
    last = max(simulator.transactions(), key=lambda row: (row["type"] == "credit", row["order_id"] == other.reference))
    simulator.ask("POST", f"transactions/{last['id']}/status", status="settlement_declined")
    simulator.breaks("find", "http_500")
    with pytest.raises(Uncertain):
        settlement.follow_refunds_due(context, now=TOMORROW)
    assert Alert.get(Alert.kind == "refund declined")


TAKEN_BACK = [word for word, state in REVERSALS if state != Payment.CHARGED_BACK]


def contradictions() -> list[tuple]:
    alerts = Alert.select().where(Alert.kind == Kind.CONTRADICTED)
    return [(alert.values["reference"], alert.values["reason"]) for alert in alerts]


@pytest.mark.parametrize("live", ["settled", "submitted_for_settlement"])
@pytest.mark.parametrize("word", TAKEN_BACK)
def test_a_live_charge_of_a_payment_taken_back_is_put_before_a_person(payment, follow, becomes, word, live):
    becomes(word)
    follow()
    assert contradictions() == []
    becomes(live)
    follow()
    assert again(payment).is_reversed
    assert contradictions() == [(payment.reference, Mismatch.TAKEN_BACK)]
    assert payment.reference in facts.alert(Alert.get(Alert.kind == Kind.CONTRADICTED))


def test_a_charge_of_another_amount_than_was_booked_is_put_before_a_person(payment, follow):
    Payment.update(amount_cents=9_000).execute()
    follow()
    assert contradictions() == [(payment.reference, Mismatch.AMOUNT)]


def test_a_charge_in_another_currency_than_was_booked_is_put_before_a_person(payment, gateway, simulator, context):
    simulator.ask("POST", "merchant-accounts", id="sandbox_credit_card", currency="USD")
    american = gateway.charge("P222-2222", 10_000, "fake-valid-nonce")
    Payment.update(gateway_id=american.gateway_id).execute()
    settlement.follow(american.gateway_id, context)
    assert contradictions() == [(payment.reference, Mismatch.FOREIGN)]


@pytest.mark.parametrize("given", [0, 10_000])
def test_what_a_dispute_or_a_refund_took_is_no_contradiction(payment, follow, becomes, simulator, context, given):
    simulator.ask("POST", "settle-all")
    if given:
        refunds.advance(refunds.ask(payment, given, 10_000, "absence").id, context)
    else:
        becomes("dispute_lost")
    for _ in range(2):
        follow()
    assert again(payment).state == (Payment.REFUNDED if given else Payment.CHARGED_BACK)
    assert contradictions() == []


def test_the_batch_of_a_charge_stays_when_the_gateway_names_none(payment, follow):
    Payment.update(settlement_batch="2026-11-23_loisirs").execute()
    follow()
    assert again(payment).settlement_batch == "2026-11-23_loisirs"


def test_it_is_asked_about_from_its_moment_on(payment, context):
    due_at = again(payment).due_at
    assert settlement.follow_due(context, now=due_at - timedelta(microseconds=1)) == 0
    assert settlement.follow_due(context, now=due_at) == 1


def test_of_money_taken_elsewhere_the_gateway_knows_nothing(home, context):
    pay_elsewhere((make_invoice(home, 500), 500), due_at=clock.now())  # none is written so, and none would be asked
    assert settlement.follow_due(context, now=TOMORROW) == 0


def test_one_that_the_gateway_does_not_know_is_left_alone(payment, context):
    Payment.update(gateway_id="lost").execute()
    assert settlement.follow_each(["lost"], context) == []
    assert again(payment).state == Payment.PAID


@pytest.mark.parametrize(("word", "days", "asked"), [("opened", 400, 1), ("won", 179, 1), ("won", 181, 0)])
def test_a_dispute_is_followed_while_open_and_for_half_a_year_after_its_last_verdict(
    payment, follow, simulator, context, word, days, asked
):
    """A retrieval leaves its payment settled: only the dispute itself says that there is something to follow."""
    simulator.ask("POST", "settle-all")
    how = {"transaction": payment.gateway_id, "dispute_kind": "retrieval"}
    simulator.ask("POST", "webhook", kind=f"dispute_{word}", **how)
    follow()
    assert again(payment).state == Payment.SETTLED
    Dispute.update(changed_at=TOMORROW - timedelta(days=days)).execute()
    Payment.update(due_at=TOMORROW).execute()  # asked about until then
    assert settlement.follow_due(context, now=TOMORROW) == asked


@pytest.fixture
def last_day(payment, becomes, context) -> datetime:
    """The last moment to ask about a dispute that was lost, and is won without any notice."""
    becomes("dispute_lost")
    settlement.follow(payment.gateway_id, context)
    Dispute.update(changed_at=clock.now()).execute()
    last = clock.now() + timedelta(days=180) - timedelta(seconds=1)
    Payment.update(due_at=last).execute()
    becomes("dispute_won")
    return last


class Killed(BaseException):
    """What no part of ours catches: the process ends here, and what it had not committed is undone."""


class Ends(Listener):
    """Fails, as told, while it hears that a dispute was won after all."""

    def __init__(self, how: type[BaseException]) -> None:
        self._how = how

    def won_back(self, payment: Payment, note: CreditNote) -> None:
        raise self._how


@pytest.mark.parametrize("how", [Killed, RuntimeError])
def test_a_verdict_that_the_last_question_heard_and_nobody_booked_is_asked_again(payment, last_day, context, how):
    with pytest.raises(how):
        settlement.follow_due(Context(context.gateway, Ends(how), context.uncertain_for), now=last_day)
    assert again(payment).state == Payment.CHARGED_BACK
    settlement.follow_due(context, now=last_day + timedelta(days=2))
    assert again(payment).state == Payment.SETTLED


def test_nor_is_a_last_question_lost_that_the_gateway_did_not_answer(payment, last_day, simulator, context):
    simulator.breaks("find", "reset")
    with pytest.raises(Uncertain):
        settlement.follow_due(context, now=last_day)
    settlement.follow_due(context, now=last_day + timedelta(days=2))
    assert again(payment).state == Payment.SETTLED


def test_nor_one_that_was_due_while_the_portal_stood_still_for_a_month(payment, last_day, context):
    settlement.follow_due(context, now=last_day + timedelta(days=30))
    assert again(payment).state == Payment.SETTLED


def test_of_a_charge_unknown_there_the_last_question_is_the_last(payment, last_day, context):
    Payment.update(gateway_id="lost").execute()
    assert settlement.follow_due(context, now=last_day) == 1
    assert settlement.follow_due(context, now=last_day + timedelta(days=2)) == 0


@pytest.fixture
def given(payment, simulator, context) -> Refund:
    """A refund done by card, days ago, about which nobody asked yet."""
    simulator.ask("POST", "settle-all")
    refund = refunds.ask(payment, 4_000, 10_000, "absence")
    refunds.advance(refund.id, context)
    return Refund.get_by_id(refund.id)


@pytest.fixture
def is_asked(asks):
    """Return what tells whether, at a moment, the gateway is asked about a refund."""
    return partial(asks, settlement.follow_refunds_due)


def test_a_refund_is_asked_about_once_a_day(given, is_asked):
    later = [TOMORROW + timedelta(hours=hours) for hours in (0, 23, 24)]
    assert [is_asked(now) for now in later] == [True, False, True]


@pytest.mark.parametrize(("days", "asked"), [(13, True), (15, False)])
def test_a_refund_is_followed_for_two_weeks_after_it_was_done(given, is_asked, days, asked):
    Refund.update(resolved_at=TOMORROW - timedelta(days=days)).execute()
    assert is_asked(TOMORROW) == asked


def test_a_refund_given_in_cash_is_no_matter_of_the_gateway(payment, is_asked, context):
    refunds.hand_over(payment, 4_000, 10_000, "absence", None, Payment.CASH, context.listener)
    assert not is_asked(TOMORROW)


def test_a_dispute_lost_long_ago_that_is_won_without_any_notice_is_found(payment, becomes, context):
    becomes("dispute_lost")
    settlement.follow(payment.gateway_id, context)
    becomes("dispute_won")
    settlement.follow_due(context, now=TOMORROW)
    assert (again(payment).state, Invoice.get().balance_cents) == (Payment.SETTLED, 0)
