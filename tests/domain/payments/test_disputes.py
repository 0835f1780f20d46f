"""Disputes as they are: their own amount, their kind, their outcome, and their outcome's outcome; nothing twice."""

from datetime import date, datetime, timedelta

import pytest
from peewee import fn

from domain.billing import ledger
from domain.common import clock
from domain.common.formats import day as in_words
from domain.payments import disputes, refunds, settlement, unmatched_charges
from models import (
    Alert,
    CreditNote,
    Dispute,
    Invoice,
    LedgerEntry,
    Message,
    Payment,
    PaymentEvent,
    Refund,
    Registration,
    UnmatchedCharge,
)
from tests.factories import make_activity, make_invoice, make_person, make_registration, pay_elsewhere, take_back
from views.messages import facts

MOVING = ("chargeback", "pre_arbitration")


@pytest.fixture
def disputed(payment, simulator, context):
    """Return what has a dispute of the charge be, or become, something, and the payment follow."""

    def dispute(word: str, **how) -> Payment:
        told = simulator.ask("POST", "webhook", kind=f"dispute_{word}", transaction=payment.gateway_id, **how)
        assert told.status_code == 200, told.text
        settlement.follow(payment.gateway_id, context)
        at_once = all_of(payment)
        settlement.follow(payment.gateway_id, context)  # a notice comes twice: it must neither undo nor mend anything
        assert all_of(payment) == at_once
        return Payment.get_by_id(payment.id)

    return dispute


def all_of(payment: Payment) -> tuple:
    """Return what disputes may change of a payment: state, invoices, credit notes, charges owed back, ledger."""
    notes = [note.amount_cents for note in CreditNote.select().order_by(CreditNote.id)]
    owed_back = [(one.gateway_id, one.amount_cents) for one in UnmatchedCharge.select().order_by(UnmatchedCharge.id)]
    balances = [invoice.balance_cents for invoice in Invoice.select().order_by(Invoice.id)]
    return Payment.get_by_id(payment.id).state, balances, notes, owed_back, LedgerEntry.select().count()


def alerts_open() -> dict[str, str]:
    return {alert.kind: facts.alert(alert) for alert in Alert.select().where(Alert.closed_at.is_null())}


def cleared_cents(payment: Payment) -> int:
    """Return what the ledger says the gateway holds for us of a payment."""
    cents = fn.SUM(LedgerEntry.debit_cents - LedgerEntry.credit_cents)
    of_card = LedgerEntry.account == ledger.CLEARING[Payment.CARD]
    return int(LedgerEntry.select(cents).where(of_card, LedgerEntry.payment == payment).scalar() or 0)


def told(recipient: str) -> list[Message]:
    return list(Message.select().where(Message.recipient == recipient).order_by(Message.id))


@pytest.mark.parametrize("kind", MOVING)
@pytest.mark.parametrize("word", ["lost", "accepted", "auto_accepted", "expired"])
def test_what_was_disputed_and_lost_is_owed_again_and_nothing_else(disputed, kind, word):
    payment = disputed(word, amount="25.00", dispute_kind=kind)
    assert (payment.state, Invoice.get().balance_cents) == (Payment.SETTLED, 2_500)
    [note] = CreditNote.select()
    assert (note.amount_cents, note.reason) == (2_500, Payment.CHARGED_BACK)
    assert cleared_cents(payment) == 17_500
    assert refunds.left_cents(payment) == 17_500


@pytest.mark.parametrize("word", ["opened", "won", "lost", "accepted", "auto_accepted", "expired"])
def test_a_retrieval_moves_no_money(disputed, word):
    payment = disputed(word, dispute_kind="retrieval")
    assert (payment.state, Invoice.get().balance_cents, cleared_cents(payment)) == (Payment.SETTLED, 0, 20_000)
    assert not CreditNote.select().exists()


@pytest.mark.parametrize("word", ["opened", "disputed", "under_review"])
def test_what_is_not_decided_leaves_it_paid_and_disputed(disputed, word):
    payment = disputed(word, amount="25.00")
    assert (payment.state, Invoice.get().balance_cents) == (Payment.DISPUTED, 0)


@pytest.mark.parametrize("kind", [*MOVING, "retrieval"])
def test_one_opened_is_told_to_the_city_once_with_the_day_by_which_to_answer(disputed, city, kind):
    received = clock.today() - timedelta(days=3)
    disputed("opened", amount="25.00", dispute_kind=kind, received_date=received.isoformat())
    answer_by = in_words(date.fromordinal(received.toordinal() + 10))
    assert answer_by in alerts_open()["dispute opened"]
    [message] = told(city.help.email)
    assert answer_by in message.body
    assert "25,00" in message.body
    disputed("won")
    assert "dispute opened" not in alerts_open()


def test_one_lost_at_once_was_never_opened_here_and_is_told_all_the_same(disputed, city):
    payment = disputed("lost")
    assert payment.state == Payment.CHARGED_BACK
    assert "dispute opened" not in alerts_open()
    assert "payment reversed" in alerts_open()
    assert len(told(city.help.email)) == 1


@pytest.mark.parametrize(
    ("given", "lost", "again", "state"),
    [
        (3_000, 20_000, 17_000, Payment.CHARGED_BACK),
        (3_000, 5_000, 5_000, Payment.SETTLED),
        (20_000, 20_000, 0, Payment.REFUNDED),
        (19_000, 5_000, 1_000, Payment.CHARGED_BACK),
    ],
)
def test_what_is_lost_after_a_refund_is_lost_twice_and_said(payment, disputed, context, given, lost, again, state):
    refunds.advance(refunds.ask(payment, given, 20_000, "absence").id, context)
    payment = disputed("lost", amount=f"{lost / 100:.2f}")
    assert (payment.state, Invoice.get().balance_cents) == (state, again)
    assert cleared_cents(payment) == 20_000 - given - lost
    assert ("dispute lost after a refund" in alerts_open()) == (lost > again)


def test_a_refund_refused_after_all_leaves_nothing_lost_twice(payment, disputed, context, simulator):
    refund = refunds.ask(payment, 20_000, 20_000, "absence")
    payment = disputed("lost", amount="25.00")
    assert cleared_cents(payment) == 17_500
    simulator.breaks("refund", "refused")
    refunds.advance(refund.id, context)
    assert (Invoice.get().balance_cents, cleared_cents(payment)) == (2_500, 17_500)


@pytest.mark.parametrize("amount", ["25.00", "200.00"])
def test_what_is_won_after_it_was_lost_comes_back_on_the_invoice_and_in_the_ledger(disputed, amount, city, account):
    disputed("lost", amount=amount)
    payment = disputed("won")
    assert (payment.state, Invoice.get().balance_cents, cleared_cents(payment)) == (Payment.SETTLED, 0, 20_000)
    lost, won = CreditNote.select().order_by(CreditNote.id)
    assert won.amount_cents == -lost.amount_cents
    assert won.number in told(account.email)[-1].body
    assert won.number in told(city.help.email)[-1].body
    assert "dispute won after all" in alerts_open()


def test_a_part_that_is_won_comes_back_alone(disputed):
    disputed("lost", amount="100.00")
    payment = disputed("won", amount_won="60.00")
    assert (Invoice.get().balance_cents, cleared_cents(payment)) == (4_000, 16_000)


def test_parts_that_are_won_one_after_the_other_all_come_back_on_the_invoice(disputed):
    disputed("lost", amount="100.00")
    for won, owed in (("60.00", 4_000), ("75.50", 2_450), ("100.00", 0)):
        payment = disputed("won", amount_won=won)
        assert (Invoice.get().balance_cents, cleared_cents(payment)) == (owed, 20_000 - owed)
    assert payment.state == Payment.SETTLED
    assert not UnmatchedCharge.select().exists()


def test_two_disputes_won_one_after_the_other_all_come_back_on_the_invoice(disputed, simulator):
    disputed("lost", amount="50.00")
    disputed("lost", amount="30.00", dispute_kind="pre_arbitration")
    second, first = simulator.transactions()[0]["disputed"]
    disputed("won", dispute=first["id"])
    assert Invoice.get().balance_cents == 3_000
    payment = disputed("won", dispute=second["id"])
    assert (Invoice.get().balance_cents, cleared_cents(payment)) == (0, 20_000)
    assert not UnmatchedCharge.select().exists()
    taken = CreditNote.select().where(CreditNote.undoes.is_null())
    undone = {
        note: [undoing.amount_cents for undoing in CreditNote.select().where(CreditNote.undoes == note)]
        for note in taken
    }
    assert all(sum(parts) == -note.amount_cents for note, parts in undone.items()), "each by what it took, no more"


def test_what_is_won_after_the_invoice_was_paid_otherwise_goes_back(payment, disputed, context):
    disputed("lost")
    pay_elsewhere((Invoice.get(), 15_000))
    disputed("won")
    assert Invoice.get().balance_cents == 0
    unmatched = UnmatchedCharge.get()
    assert (unmatched.amount_cents, unmatched.reason) == (15_000, UnmatchedCharge.WON_BACK)
    assert "dispute lost after a refund" not in alerts_open()
    assert ledger.lost_cents(payment.gateway_id) == 0
    unmatched_charges.advance(unmatched.id, context)
    assert UnmatchedCharge.get().state == UnmatchedCharge.RETURNED
    assert [row.amount_cents for row in context.gateway.given_back_between(*clock.montreal_day(clock.today()))] == [
        15_000
    ]


def test_a_dispute_that_goes_on_after_it_was_won_decides(disputed, simulator, payment):
    disputed("won", amount="50.00")
    [first] = simulator.transactions()[0]["disputed"]
    opened = disputed("opened", amount="50.00", dispute_kind="pre_arbitration", original_dispute=first["id"])
    assert (opened.state, Invoice.get().balance_cents) == (Payment.DISPUTED, 0)
    assert (disputed("lost").state, Invoice.get().balance_cents) == (Payment.SETTLED, 5_000)


def test_two_disputes_of_two_parts_are_both_lost(disputed):
    disputed("lost", amount="50.00")
    payment = disputed("lost", amount="30.00", dispute_kind="chargeback")
    assert (Invoice.get().balance_cents, cleared_cents(payment)) == (8_000, 12_000)


def test_what_a_dispute_left_is_given_back_and_the_payment_is_refunded_whole(payment, disputed, context, account):
    payment = disputed("lost", amount="25.00")
    refunds.advance(refunds.ask(payment, 17_400, 17_500, "absence").id, context)
    assert Payment.get_by_id(payment.id).state == Payment.SETTLED
    payment = Payment.get_by_id(payment.id)
    refunds.advance(refunds.ask(payment, 100, 100, "absence").id, context)
    payment = Payment.get_by_id(payment.id)
    assert (payment.state, cleared_cents(payment), Invoice.get().balance_cents) == (Payment.REFUNDED, 0, 2_500)
    assert "C000003" in told(account.email)[-1].body
    payment = disputed("won")
    assert (payment.state, refunds.left_cents(payment), Invoice.get().balance_cents) == (Payment.SETTLED, 2_500, 0)


@pytest.mark.parametrize("amount", ["25.00", "200.00"])
def test_a_chargeback_cancels_no_registration_and_is_listed(home, disputed, amount):
    make_registration(make_person(home), make_activity())
    disputed("lost", amount=amount)
    assert Registration.get().status == Registration.CONFIRMED
    assert "payment reversed" in alerts_open()


@pytest.mark.parametrize(
    ("verdicts", "state", "balance"),
    [
        (("won", "lost"), Payment.CHARGED_BACK, 20_000),
        (("won", "opened"), Payment.DISPUTED, 0),
        (("lost", "opened"), Payment.DISPUTED, 0),
        (("lost", "won", "lost"), Payment.CHARGED_BACK, 20_000),
    ],
)
def test_the_bank_has_the_last_word_however_often_it_turns(disputed, simulator, verdicts, state, balance):
    first, *others = verdicts
    disputed(first)
    [same] = simulator.transactions()[0]["disputed"]
    for word in others:
        payment = disputed(word, dispute=same["id"])
    assert (payment.state, Invoice.get().balance_cents) == (state, balance)
    assert Dispute.select().count() == 1


def test_of_money_that_never_came_there_is_none_to_lose(payment, disputed, simulator, context):
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status="settlement_declined")
    settlement.follow(payment.gateway_id, context)
    payment = disputed("lost")
    assert (payment.state, Invoice.get().balance_cents) == (Payment.SETTLEMENT_DECLINED, 20_000)
    assert CreditNote.select().count() == 1


def test_a_payment_lost_by_a_dispute_that_the_gateway_tells_nothing_of_is_not_won_by_silence(payment, context):
    take_back(payment, 20_000, owed_again=True, reason=Payment.CHARGED_BACK)
    Payment.update(state=Payment.CHARGED_BACK).execute()
    settlement.follow(payment.gateway_id, context)
    assert (Payment.get().state, Invoice.get().balance_cents) == (Payment.CHARGED_BACK, 20_000)


def test_nor_by_a_refund_of_it_that_was_refused(payment, context):
    """Lost before disputes were written down here, while a refund of 50 $ was asked: all of it is owed again."""
    refund = refunds.ask(payment, 5_000, 20_000, "absence")
    take_back(payment, 15_000, owed_again=True, reason=Payment.CHARGED_BACK)
    Payment.update(state=Payment.CHARGED_BACK).execute()
    refunds.advance(refund.id, context)
    assert (Refund.get().state, Invoice.get().balance_cents) == (Refund.REFUSED, 20_000)
    assert [note.amount_cents for note in CreditNote.select().order_by(CreditNote.id)] == [15_000, 5_000]


def test_what_is_won_in_part_comes_back_on_two_invoices_and_never_more_than_each_owes(
    home, charged, simulator, context
):
    first, second = make_invoice(home, 10_000), make_invoice(home, 4_000)
    payment = charged(first, second)
    other = charged(make_invoice(home, 700))
    simulator.ask("POST", "settle-all")
    for kind, how in (("lost", {}), ("won", {"amount_won": "120.00"})):
        simulator.ask("POST", "webhook", kind=f"dispute_{kind}", transaction=payment.gateway_id, **how)
        if kind == "won":
            pay_elsewhere((Invoice.get_by_id(second.id), 3_000))
        settlement.follow(payment.gateway_id, context)
    assert sum(Invoice.get_by_id(one.id).balance_cents for one in (first, second)) == 0
    assert UnmatchedCharge.get().amount_cents == 1_000
    assert Payment.get_by_id(other.id).state == Payment.PAID


def test_an_invoice_cancelled_meanwhile_takes_nothing_that_is_won(disputed):
    disputed("lost")
    Invoice.update(status=Invoice.CANCELLED).execute()
    disputed("won")
    assert UnmatchedCharge.get().amount_cents == 20_000


def test_what_another_payment_lost_is_its_own(home, charged, disputed, simulator, context):
    disputed("lost", amount="50.00")
    other = charged(make_invoice(home, 700))
    simulator.ask("POST", "settle-all")
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=other.gateway_id)
    settlement.follow(other.gateway_id, context)
    assert Payment.get_by_id(other.id).state == Payment.CHARGED_BACK
    assert sorted(note.amount_cents for note in CreditNote.select()) == [700, 5_000]


def test_one_opened_while_the_whole_is_about_to_go_back_has_taken_nothing(payment, disputed):
    refunds.ask(payment, 20_000, 20_000, "absence")
    assert (disputed("opened").state, Invoice.get().balance_cents) == (Payment.DISPUTED, 0)


def test_a_refund_refused_of_what_was_disputed_and_never_came_is_owed_again(payment, disputed, simulator, context):
    refund = refunds.ask(disputed("opened"), 5_000, 20_000, "absence", knowingly=True)
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status="settlement_declined")
    settlement.follow(payment.gateway_id, context)
    assert Invoice.get().balance_cents == 15_000
    refunds.advance(refund.id, context)
    assert Invoice.get().balance_cents == 20_000


def test_a_refund_is_no_disputes_doing_whatever_its_reason_says(payment, context):
    refunds.advance(refunds.ask(payment, 3_000, 20_000, Payment.CHARGED_BACK).id, context)
    assert disputes.taken_cents(payment) == 0
    assert refunds.left_cents(Payment.get()) == 17_000


def test_the_last_cent_that_is_won_goes_back_too(disputed):
    disputed("lost")
    pay_elsewhere((Invoice.get(), 1))
    disputed("won")
    assert (UnmatchedCharge.get().amount_cents, Invoice.get().balance_cents) == (1, 0)


def test_what_is_won_in_part_fills_one_invoice_after_the_other(home, charged, simulator, context):
    first, second = make_invoice(home, 10_000), make_invoice(home, 4_000)
    payment = charged(first, second)
    simulator.ask("POST", "settle-all")
    for kind, how in (("lost", {}), ("won", {"amount_won": "110.00"})):
        simulator.ask("POST", "webhook", kind=f"dispute_{kind}", transaction=payment.gateway_id, **how)
        settlement.follow(payment.gateway_id, context)
        assert CreditNote.select().count() == (1 if kind == "lost" else 2)
    assert [Invoice.get_by_id(one.id).balance_cents for one in (first, second)] == [0, 3_000]


def test_each_turn_is_written_into_the_life_of_the_payment_with_its_moment(payment, disputed):
    disputed("opened", amount="25.00")
    Dispute.update(changed_at=datetime(2026, 1, 5)).execute()
    disputed("lost")
    dispute = Dispute.get()
    assert clock.now() - dispute.changed_at < timedelta(minutes=5)
    told = f"chargeback {dispute.gateway_id}: 2500 ¢"
    events = PaymentEvent.select().where(PaymentEvent.payment == payment, PaymentEvent.name.startswith("dispute "))
    assert [(one.name, one.words) for one in events.order_by(PaymentEvent.id)] == [
        ("dispute open", told),
        ("dispute lost", told),
    ]


def test_what_is_told_of_a_dispute_changes_no_other(home, charged, disputed, simulator, context):
    disputed("opened", amount="25.00")
    other = charged(make_invoice(home, 700))
    simulator.ask("POST", "settle-all")
    for _ in range(2):
        simulator.ask("POST", "webhook", kind="dispute_opened", transaction=other.gateway_id, amount="3.00")
        settlement.follow(other.gateway_id, context)
    settlement.follow(other.gateway_id, context)
    [mine] = Dispute.select().where(Dispute.payment != other)
    assert mine.amount_cents == 2_500
    assert disputes.open_of(mine.payment) == [mine]


def test_one_that_is_not_disputed_is_not_for_anothers_dispute(home, charged, disputed, context):
    disputed("opened", amount="25.00")
    other = charged(make_invoice(home, 700))
    disputes.refuse_if_open(other)
    disputes.align(other, context)
    assert Payment.get_by_id(other.id).state == Payment.PAID


def test_what_never_came_was_taken_by_no_dispute(payment, simulator, context):
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status="settlement_declined")
    settlement.follow(payment.gateway_id, context)
    assert Invoice.get().balance_cents == 20_000
    assert disputes.taken_cents(payment) == 0


def test_what_is_lost_twice_is_said_once(payment, disputed, context):
    refunds.advance(refunds.ask(payment, 20_000, 20_000, "absence").id, context)
    disputed("lost")
    Alert.update(closed_at=clock.now()).execute()
    settlement.follow(payment.gateway_id, context)
    assert "dispute lost after a refund" not in alerts_open()


def test_what_is_won_undoes_what_was_taken_last(disputed, simulator):
    disputed("lost", amount="50.00")
    disputed("lost", amount="30.00", dispute_kind="pre_arbitration")
    earlier, last = CreditNote.select().order_by(CreditNote.id)
    disputed("won", dispute=simulator.transactions()[0]["disputed"][0]["id"])
    undone = [note.undoes for note in CreditNote.select().where(CreditNote.amount_cents < 0)]
    assert (earlier.amount_cents, last.amount_cents, undone) == (5_000, 3_000, [last])
