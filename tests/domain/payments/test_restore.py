"""After a copy is put back: nothing is sent again, nobody pays, and what happened since is found at the gateway."""

from datetime import timedelta

import pytest

from commands import terminal
from commands.findings import tell
from domain.access import sessions
from domain.common import clock
from domain.common.alerts import Kind
from domain.payments import checkout, refunds, restore, settlement
from domain.payments.gateway import Item, Uncertain
from models import (
    Alert,
    Counter,
    CreditNote,
    Invoice,
    LedgerEntry,
    Payment,
    PaymentEvent,
    Receipt,
    Refund,
    Session,
    UnmatchedCharge,
)
from tests.factories import make_invoice, make_payment_under_way
from views.messages import facts

NOW = clock.now().replace(second=0, microsecond=0)


def lines(context) -> list[str]:
    """What whoever restores reads."""
    return [tell(fact) for fact in restore.finish(context)]


@pytest.fixture
def lost(simulator, gateway):
    """Return what charges a card as this portal did after the copy was taken."""

    def charge(number: str, cents: int):
        return gateway.charge(checkout.new_reference(), cents, "fake-valid-nonce", [Item(number, cents)])

    return charge


def again(row):
    return type(row).get_by_id(row.id)


def put_back() -> None:
    restore.begin(NOW)
    assert restore.is_unfinished()


def test_a_database_that_is_no_copy_has_nothing_to_finish(home, context, simulator):
    simulator.breaks("search", "http_500")  # nothing is asked
    assert not restore.is_unfinished()
    assert restore.finish(context) == []


def test_what_was_under_way_at_the_copy_is_searched_for_and_never_sent(home, account, simulator):
    created = checkout.create(account, [make_invoice(home, 700).number], 700, "fake-valid-nonce")
    submitted = make_payment_under_way(make_invoice(home), state=Payment.SUBMITTED, submitted_at=NOW)
    unknown = make_payment_under_way(make_invoice(home))
    put_back()
    for payment in (created, submitted, unknown):
        assert (again(payment).state, again(payment).nonce) == (Payment.UNKNOWN, None)
    assert {event.cause for event in PaymentEvent.select().where(PaymentEvent.name == "uncertain")} == {"restore"}
    assert simulator.transactions() == []


def test_refunds_under_way_at_the_copy_are_looked_for_and_never_sent(home, charged, simulator):
    payment = charged(make_invoice(home, 10_000))
    asked = {
        state: Refund.create(payment=payment, amount_cents=1, cause="staff", state=state)
        for state in (*(Refund.CREATED, Refund.SUBMITTED, Refund.UNKNOWN, Refund.DONE, Refund.REFUSED),)
    }
    put_back()
    assert [again(refund).state for refund in asked.values()] == ["unknown", "unknown", "unknown", "done", "refused"]
    assert again(asked[Refund.CREATED]).submitted_at


def test_nobody_stays_signed_in_and_numbers_begin_a_series_of_their_own(home, account, charged, context):
    charged(make_invoice(home))
    sessions.start(account)
    put_back()
    assert not Session.select().exists()
    restore.finish(context)
    charged(make_invoice(home))
    first, second = Receipt.select().order_by(Receipt.id)
    assert (first.number, second.number) == ("R000001", f"R{NOW:%y%m%d%H%M}-0001")


def since() -> timedelta:
    return NOW - Counter.kept_moment(restore.UNFINISHED)


def test_it_is_asked_since_the_last_moment_of_a_payment_else_since_the_ledger_began_else_for_ninety_days(home):
    put_back()
    assert since() == timedelta(days=90)
    invoice = make_invoice(home)
    ledger_began = NOW - timedelta(days=50)
    LedgerEntry.insert(posting="old", account="receivable", debit_cents=1, at=ledger_began).execute()
    LedgerEntry.insert(posting="old", account="revenue 4100", credit_cents=1, at=ledger_began).execute()
    put_back()
    assert since() == timedelta(days=50)
    payment = make_payment_under_way(invoice)
    for days in (40, 30):
        values = {"name": "created", "to_state": "created", "cause": "browser", "at": NOW - timedelta(days=days)}
        PaymentEvent.create(payment=payment, **values)
    put_back()
    assert since() == timedelta(days=30)


def test_what_was_charged_since_is_booked_and_what_the_copy_knows_is_not_told(home, charged, context, lost):
    charged(make_invoice(home, 300))
    put_back()
    one, other = make_invoice(home, 10_000), make_invoice(home, 700)
    charge = lost(one.number, 10_000)
    assert lines(context) == [f"{charge.reference} : retrouvé, 100,00\u00a0$ pour {one.number}"]
    assert not restore.is_unfinished()
    assert (again(one).balance_cents, again(other).balance_cents) == (0, 700)
    assert restore.finish(context) == []


def test_the_day_before_the_copys_last_moment_is_asked_about_too(home, context, lost):
    put_back()
    invoice = make_invoice(home, 700)
    lost(invoice.number, 700)
    Counter.keep_moment(restore.UNFINISHED, clock.now() + timedelta(hours=23))  # of a clock that was ahead
    restore.finish(context)
    assert again(invoice).balance_cents == 0


def test_what_is_not_ours_or_not_clear_is_said_and_left_alone(home, context, gateway, lost):
    put_back()
    gateway.charge("biblio-55", 700, "fake-valid-nonce")
    unclear = lost("F-NEW", 300)
    theirs, ours = sorted(lines(context), key=lambda line: unclear.reference in line)
    assert "biblio-55" in theirs
    assert ours == f"{unclear.reference} : 3,00\u00a0$ payés, on ne sait pour quelles factures"
    assert not Payment.select().exists()
    assert not UnmatchedCharge.select().exists()
    assert not restore.is_unfinished()  # a person has it now
    assert Alert.get(Alert.subject == unclear.gateway_id).closed_at is None


@pytest.mark.parametrize("call", ["search", "find"])
def test_without_an_answer_it_stays_unfinished_and_goes_on_later(home, context, simulator, lost, call):
    put_back()
    invoice = make_invoice(home, 10_000)
    lost(invoice.number, 10_000)
    simulator.breaks(call, "http_500")
    with pytest.raises(Uncertain):
        restore.finish(context)
    assert restore.is_unfinished()
    assert len(restore.finish(context)) == 1
    assert (again(invoice).balance_cents, Payment.select().count()) == (0, 1)


def test_one_cut_short_before_it_began_begins_first(home, account, context, lost):
    invoice = make_invoice(home, 10_000)
    lost(invoice.number, 10_000)
    sessions.start(account)
    Counter.keep(restore.UNFINISHED, 0)  # what puts the copy in place leaves this
    assert restore.is_unfinished()
    restore.finish(context)
    assert not Session.select().exists()
    assert again(invoice).balance_cents == 0


def test_a_refund_made_since_is_booked_again(home, charged, context, gateway, simulator):
    payment = charged(make_invoice(home, 10_000))
    simulator.ask("POST", "settle-all")
    gateway.give_back(payment.gateway_id, 2_500)
    put_back()
    assert f"{payment.reference} : remboursement retrouvé, 25,00\u00a0$" in lines(context)
    assert (CreditNote.get().amount_cents, again(payment).refunded_cents) == (2_500, 2_500)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("settlement_declined", "refusé par la banque au règlement"),
        ("settled", "payé, argent déposé"),
        ("voided", "annulé depuis la copie. Si c’était un remboursement, la facture n’est plus due"),
    ],
)
def test_money_on_its_way_at_the_copy_is_followed(home, charged, context, simulator, status, words):
    payment = charged(make_invoice(home, 10_000))
    put_back()
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status=status)
    [line] = lines(context)
    assert line == f"{payment.reference} : {words}"
    assert Invoice.get().balance_cents == (0 if status == "settled" else 10_000)
    assert PaymentEvent.select().order_by(PaymentEvent.id.desc()).get().cause == "restore"
    told = [facts.alert(alert) for alert in Alert.select().where(Alert.kind == Kind.VOIDED_SINCE_COPY)]
    told_a_person = [line] if status == "voided" else []  # a refund or a mistake: only a person can tell
    assert [terminal.line(words) for words in told] == told_a_person


def test_a_dispute_lost_since_is_found_though_the_copy_held_it_settled(home, charged, context, simulator):
    payment = charged(make_invoice(home, 10_000))
    simulator.ask("POST", "settle-all")
    settlement.follow(payment.gateway_id, context)
    put_back()
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=payment.gateway_id)
    assert lines(context) == [f"{payment.reference} : contesté par le porteur et perdu"]
    assert Invoice.get().balance_cents == 10_000


def test_a_refund_under_way_at_the_copy_is_left_to_its_own_search(home, charged, context, gateway, simulator):
    payment = charged(make_invoice(home, 10_000))
    simulator.ask("POST", "settle-all")
    refunds.ask(payment, 2_500, 10_000, "absence")
    gateway.give_back(payment.gateway_id, 2_500)
    put_back()
    restore.finish(context)
    assert [refund.state for refund in Refund.select()] == [Refund.UNKNOWN]
    for refund_id in refunds.due_for_work():
        refunds.advance(refund_id, context)
    assert [refund.state for refund in Refund.select()] == [Refund.DONE]
    assert CreditNote.get().amount_cents == 2_500
