"""Money given back at the counter: what is owed back first, then of the latest payment, never more than was paid."""

from datetime import date

import pytest

from domain.billing import ledger, overpayments, payments_export
from domain.billing.listener import Listener
from domain.common import clock
from domain.imports import payments
from domain.imports.outcome import Outcome, Reason
from models import CounterRefund, CreditNote, Invoice, InvoiceLine, LedgerEntry, Payment, Refund
from tests.factories import make_household, make_invoice, make_payment_under_way, pay_elsewhere
from tests.imports import bring_in, told

DAY = date(2026, 11, 23)


@pytest.fixture
def invoice(db) -> Invoice:
    return make_invoice(make_household(), 10_000, number="F1")


def row(key: str, amount: int, **values) -> dict:
    defaults = {"payment": key, "invoice_number": "F1", "paid_on": DAY, "method": "cash", "payer": ""}
    return defaults | {"amount": amount} | values


def brings(*rows: dict) -> Outcome:
    return bring_in(told(payments.plan, Listener()), *rows)


def again(invoice: Invoice) -> Invoice:
    return Invoice.get_by_id(invoice.id)


def in_ledger(account: str) -> int:
    rows = LedgerEntry.select().where(LedgerEntry.account == account)
    return sum(row.debit_cents - row.credit_cents for row in rows)


def exported() -> int:
    cents = payments_export.HEADER.index("amount_cents")
    return sum(int(line[cents]) for line in payments_export.payments(DAY, DAY))


def test_it_is_a_refund_of_that_day_with_its_credit_note_and_its_lines(invoice):
    outcome = brings(row("C1", 10_000), row("R1", -4_000, method="transfer"))
    assert (outcome.created, outcome.left_alone) == (2, [])
    refund, note = Refund.get(), CreditNote.get()
    assert (refund.amount_cents, refund.method, refund.state) == (4_000, "transfer", Refund.DONE)
    assert note.issued_at == refund.resolved_at == clock.noon(DAY)
    now = again(invoice)
    assert (now.paid_cents, now.credited_cents, now.balance_cents) == (6_000, 4_000, 0)
    assert (in_ledger("cash"), in_ledger("transfers")) == (10_000, -4_000)
    assert exported() == 6_000


def test_the_same_rows_again_change_nothing_and_other_values_are_left_alone(invoice):
    rows = [row("C1", 10_000), row("R1", -4_000)]
    brings(*rows)
    assert brings(*rows) == Outcome(unchanged=2)
    for change in ({"amount": -4_001}, {"method": "cheque"}, {"paid_on": date(2026, 11, 22)}):
        [problem] = brings(rows[1] | change).left_alone
        assert (problem.line, problem.column, problem.key) == (2, "payment", "R1")
    assert brings(row("C1", -10_000)).left_alone[0].column == "payment"
    assert again(invoice).paid_cents == 6_000


@pytest.mark.parametrize("cents", [10_003, 20_000])
def test_beyond_what_was_paid_is_left_alone_and_listed_night_after_night_without_a_write(invoice, cents):
    brings(row("C1", 10_000))
    for _night in range(2):
        outcome = brings(row("R1", -cents))
        assert [(problem.line, problem.column) for problem in outcome.left_alone] == [(2, "amount")]
        assert outcome.created == 0
    assert not CounterRefund.select().exists()


def test_what_is_owed_back_of_it_goes_first(invoice):
    brings(row("C1", 10_000), row("C2", 4_000))
    brings(row("R1", -2_500))
    assert [one.amount_cents for one in overpayments.owed()] == [1_500]
    assert again(invoice).paid_cents == 10_000
    brings(row("R2", -2_000))
    assert overpayments.owed() == []
    assert again(invoice).paid_cents == 9_500
    assert (in_ledger(ledger.OWED_BACK), in_ledger("cash")) == (0, 9_500)
    assert exported() == 9_500


def test_rows_of_one_file_share_what_was_paid(invoice):
    outcome = brings(row("C1", 10_000), row("C2", 500), row("R1", -10_400), row("R2", -100), row("R3", -100))
    assert outcome.created == 4
    assert [problem.key for problem in outcome.left_alone] == ["R3"]
    assert again(invoice).paid_cents == 0


def test_the_latest_payment_is_given_back_first(invoice):
    first, latest = pay_elsewhere((invoice, 6_000)), pay_elsewhere((again(invoice), 4_000))
    brings(row("R1", -5_000))
    assert [Payment.get_by_id(one.id).refunded_cents for one in (first, latest)] == [1_000, 4_000]
    assert Payment.get_by_id(latest.id).state == Payment.REFUNDED


def test_only_that_invoices_lines_of_a_cheque_for_several(invoice):
    other = make_invoice(invoice.household, 10_000, number="F2")
    brings(row("C1", 10_000, method="cheque"), row("C1", 10_000, method="cheque", invoice_number="F2"))
    brings(row("R1", -3_000, invoice_number="F2"))
    assert [again(one).paid_cents for one in (invoice, other)] == [10_000, 7_000]
    [line] = CreditNote.get().allocations
    assert InvoiceLine.get_by_id(line.line_id).invoice_id == other.id


@pytest.mark.parametrize(("brought", "given", "kept"), [(9_999, 10_000, 0), (10_000, 9_998, 0), (10_002, 10_002, 0)])
def test_cash_to_the_nickel_goes_back_whole(invoice, brought, given, kept):
    brings(row("C1", brought, method="cheque" if brought < 10_000 else "cash"))
    assert brings(row("R1", -given)).left_alone == []
    assert again(invoice).paid_cents == kept
    assert exported() == brought - given


def test_of_a_cancelled_invoice_or_one_being_paid_it_is_left_alone(invoice):
    pay_elsewhere((invoice, 5_000))
    make_payment_under_way(again(invoice))
    [problem] = brings(row("R1", -1_000)).left_alone
    assert problem.reason == Reason.PAYMENT_MUST_WAIT
    cancelled = make_invoice(invoice.household, 10_000, number="F2", status=Invoice.CANCELLED)
    [problem] = brings(row("R2", -1_000, invoice_number=cancelled.number)).left_alone
    assert problem.reason == Reason.PAYS_CANCELLED
