"""A refund that the bank sends back days later: undone in the books, told, and free to be asked again."""

from datetime import timedelta

import pytest

from domain.billing import ledger, refund_status
from domain.billing.listener import Listener
from domain.common import clock
from domain.payments import declined_refunds, refunds, settlement
from domain.payments.context import Context
from models import Alert, CreditNote, Invoice, LedgerEntry, Message, Payment, PaymentEvent, Refund
from tests.factories import make_invoice

WHOLE = 11_498 + 3_000


@pytest.fixture
def payment(home, charged, simulator) -> Payment:
    paid = charged(make_invoice(home, 10_000, taxable=True), make_invoice(home, 3_000))
    simulator.ask("POST", "settle-all")
    return paid


@pytest.fixture
def gives_back(payment, context):
    """Return what asks for a refund and has it done."""

    def give(cents: int, left: int = WHOLE) -> Refund:
        refund = refunds.ask(Payment.get_by_id(payment.id), cents, left, "absence")
        refunds.advance(refund.id, context)
        return Refund.get_by_id(refund.id)

    return give


@pytest.fixture
def bank_sends_back(simulator, context):
    """Return what has the bank decline a refund, and the portal ask how it stands, twice."""

    def send_back(refund: Refund, word: str = "settlement_declined") -> None:
        simulator.ask("POST", f"transactions/{refund.gateway_id}/status", status=word)
        for days in (2, 4):
            settlement.follow_refunds_due(context, now=clock.now() + timedelta(days=days))

    return send_back


def books() -> dict[str, int]:
    """Return what each account holds, in cents, those of nothing left out."""
    sums: dict[str, int] = {}
    for entry in LedgerEntry.select():
        sums[entry.account] = sums.get(entry.account, 0) + entry.debit_cents - entry.credit_cents
    return {account: cents for account, cents in sums.items() if cents}


def invoices() -> list[tuple[int, int, int]]:
    rows = Invoice.select().order_by(Invoice.id)
    return [(invoice.paid_cents, invoice.credited_cents, invoice.balance_cents) for invoice in rows]


@pytest.mark.parametrize("cents", [904, 5_000, WHOLE])
def test_all_is_as_before_the_refund(payment, gives_back, bank_sends_back, cents):
    before = books(), invoices()
    refund = gives_back(cents)
    assert (books(), invoices()) != before
    bank_sends_back(refund)
    assert (books(), invoices()) == before
    now = Payment.get_by_id(payment.id)
    assert now.refunded_cents == 0
    assert now.state == (Payment.SETTLED if cents == WHOLE else Payment.PAID)  # a part never changed it
    assert ledger.imbalance_cents() == 0
    assert Refund.get().state == Refund.DECLINED
    note, undoing = CreditNote.select().order_by(CreditNote.id)
    assert (undoing.undoes, undoing.amount_cents, undoing.number) == (note, -cents, "C000002")


@pytest.mark.parametrize("word", ["processor_declined", "failed"])
def test_one_that_was_not_taken_after_all_is_undone_as_well(gives_back, bank_sends_back, word):
    bank_sends_back(gives_back(5_000), word)
    assert (Refund.get().state, Payment.get().refunded_cents) == (Refund.DECLINED, 0)


def test_the_refunds_of_another_payment_keep_what_they_reserved(home, charged, gives_back, bank_sends_back):
    other = charged(make_invoice(home, 700))
    refunds.ask(other, 700, 700, "absence")
    bank_sends_back(gives_back(5_000))
    assert Payment.get_by_id(other.id).refunded_cents == 700


def test_the_payer_and_the_city_are_told_once(payment, account, gives_back, bank_sends_back, city):
    refund = gives_back(5_000)
    Message.delete().execute()
    bank_sends_back(refund)
    [alert] = Alert.select()
    assert alert.kind == "refund declined"
    assert (alert.values["reference"], alert.values["amount_cents"]) == (payment.reference, 5_000)
    told = {message.recipient: message.body.replace("\u00a0", " ") for message in Message.select()}
    assert set(told) == {account.email, city.help.email}
    assert "50,00 $" in told[account.email]
    assert "vous le doit encore" in told[account.email]
    assert payment.reference in told[city.help.email]
    assert Message.select().count() == 2
    assert PaymentEvent.select().where(PaymentEvent.name == "refund_declined").count() == 1


def test_it_can_be_asked_again_and_is_then_given(payment, gives_back, bank_sends_back):
    bank_sends_back(gives_back(WHOLE))
    again = gives_back(WHOLE)
    assert again.state == Refund.DONE
    assert Payment.get_by_id(payment.id).state == Payment.REFUNDED
    assert refund_status.of(Payment.get_by_id(payment.id)).given_cents == WHOLE
    assert invoices() == [(0, 11_498, 0), (0, 3_000, 0)]


def test_one_of_two_leaves_the_other_as_it_is(payment, gives_back, bank_sends_back):
    first = gives_back(5_000)
    gives_back(WHOLE - 5_000, left=WHOLE - 5_000)
    assert Payment.get_by_id(payment.id).state == Payment.REFUNDED
    bank_sends_back(first)
    now = Payment.get_by_id(payment.id)
    assert (now.state, now.refunded_cents) == (Payment.SETTLED, WHOLE - 5_000)
    assert sum(paid for paid, _credited, _balance in invoices()) == 5_000


def test_of_a_payment_that_came_back_it_is_owed_again(payment, gives_back, bank_sends_back, simulator, context):
    refund = gives_back(5_000)
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=payment.gateway_id)
    settlement.follow(payment.gateway_id, context)
    assert sum(balance for _paid, _credited, balance in invoices()) == WHOLE - 5_000
    Message.delete().execute()
    bank_sends_back(refund)
    assert not any("vous le doit encore" in message.body.replace("\u00a0", " ") for message in Message.select())
    assert sum(balance for _paid, _credited, balance in invoices()) == WHOLE
    assert ledger.imbalance_cents() == 0


def test_two_who_learn_of_it_at_once_undo_it_once(gives_back, context):
    refund = gives_back(5_000)
    for same in (Refund.get_by_id(refund.id), Refund.get_by_id(refund.id)):
        declined_refunds.undo(same, context.gateway.find(refund.gateway_id), context)
    assert CreditNote.select().count() == 2


def test_a_void_is_never_sent_back(home, charged, context):
    voided = charged(make_invoice(home, 700))
    refund = refunds.ask(voided, 700, 700, "absence")
    refunds.advance(refund.id, context)
    settlement.follow_refunds_due(context, now=clock.now() + timedelta(days=2))
    assert Refund.get().state == Refund.DONE


class Killed(BaseException):
    """What no part of ours catches: the process ends here, and what it had not committed is undone."""


class Ends(Listener):
    """Fails, as told, while it hears that a refund, or a payment, came back."""

    def __init__(self, how: type[BaseException]) -> None:
        self._how = how

    def refund_declined(self, payment: Payment, note: CreditNote) -> None:
        raise self._how

    def reversed(self, payment: Payment, note: CreditNote) -> None:
        raise self._how


def that_ends(context: Context, how: type[BaseException]) -> Context:
    return Context(context.gateway, Ends(how), context.uncertain_for)


@pytest.mark.parametrize("how", [Killed, RuntimeError])
def test_what_the_last_question_answered_and_nobody_booked_is_asked_again(gives_back, simulator, context, how):
    refund = gives_back(5_000)
    simulator.ask("POST", f"transactions/{refund.gateway_id}/status", status="settlement_declined")
    last_day = clock.now() + timedelta(days=14) - timedelta(seconds=1)
    Refund.update(due_at=last_day).execute()
    with pytest.raises(how):
        settlement.follow_refunds_due(that_ends(context, how), now=last_day)
    assert Refund.get().state == Refund.DONE
    settlement.follow_refunds_due(context, now=last_day + timedelta(days=1))
    assert Refund.get().state == Refund.DECLINED


def test_nor_is_a_refund_forgotten_while_the_portal_stands_still_for_a_month(gives_back, simulator, context):
    refund = gives_back(5_000)
    simulator.ask("POST", f"transactions/{refund.gateway_id}/status", status="settlement_declined")
    settlement.follow_refunds_due(context, now=clock.now() + timedelta(days=30))
    assert Refund.get().state == Refund.DECLINED


def test_one_that_cannot_be_booked_stops_no_other(home, charged, gives_back, simulator, context):
    other = charged(make_invoice(home, 700))
    simulator.ask("POST", "settle-all")
    refunds.advance(refunds.ask(other, 700, 700, "absence").id, context)
    first = gives_back(5_000)
    for credit in Refund.select():
        simulator.ask("POST", f"transactions/{credit.gateway_id}/status", status="settlement_declined")
    CreditNote.update(refund=None).where(CreditNote.refund != first).execute()  # its own note is not to be found
    with pytest.raises(CreditNote.DoesNotExist):
        settlement.follow_refunds_due(context, now=clock.now() + timedelta(days=2))
    assert Refund.get_by_id(first.id).state == Refund.DECLINED
    assert Refund.get(Refund.payment == other).state == Refund.DONE


@pytest.mark.parametrize("how", [Killed, RuntimeError])
def test_a_charge_declined_late_that_nobody_booked_is_due_as_before(payment, simulator, context, how):
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status="settlement_declined")
    due_at = Payment.get().due_at
    with pytest.raises(how):
        settlement.follow(payment.gateway_id, that_ends(context, how))
    assert (Payment.get().state, Payment.get().due_at) == (Payment.PAID, due_at)
    settlement.follow(payment.gateway_id, context)
    assert Payment.get().state == Payment.SETTLEMENT_DECLINED


def test_one_wholly_answered_after_its_days_is_due_no_more(gives_back, context):
    gives_back(5_000)
    for days in (2, 12, 13):
        assert Refund.get().due_at
        settlement.follow_refunds_due(context, now=clock.now() + timedelta(days=days))
    assert Refund.get().due_at is None
