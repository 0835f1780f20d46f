"""Money beyond what an invoice owes is booked, owed back, and returned once; cash to the nickel settles."""

import pytest

from domain.billing import ledger, overpayments
from domain.billing.listener import Listener
from domain.billing.overpayments import Parts
from domain.common import clock
from models import CashRounding, Household, Invoice, LedgerEntry, Overpayment, Payment, write
from tests.factories import make_household, make_invoice


class Ear(Listener):
    """Remembers what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple] = []

    def settled(self, invoice: Invoice) -> None:
        self.heard.append(("settled", invoice.number))

    def overpaid(self, overpayment: Overpayment) -> None:
        self.heard.append(("overpaid", overpayment.invoice.number, overpayment.amount_cents))


@pytest.fixture
def invoice(db) -> Invoice:
    return make_invoice(make_household(), 5_749, number="F1")


def takes(invoice: Invoice, cents: int, method: str = "cheque", listener: Listener | None = None) -> Payment:
    """Book money brought for an invoice, as a file does."""
    with write():
        now = Invoice.get_by_id(invoice.id)
        values = {"reference": f"EXT-{Payment.select().count()}", "source": "import", "state": Payment.PAID}
        payment = Payment.create(amount_cents=cents, method=method, resolved_at=clock.now(), **values)
        parts = {now: overpayments.parts_of(method, cents, now.balance_cents)}
        overpayments.book(payment, parts, listener or Listener())
    return payment


def in_ledger(account: str) -> int:
    rows = LedgerEntry.select().where(LedgerEntry.account == account)
    return sum(row.debit_cents - row.credit_cents for row in rows)


@pytest.mark.parametrize(
    ("method", "cents", "due", "parts"),
    [
        ("cash", 5_750, 5_749, Parts(5_749, 1, 0)),
        ("cash", 5_750, 5_752, Parts(5_752, -2, 0)),
        ("cash", 5_750, 5_747, Parts(5_747, 0, 3)),
        ("cash", 5_750, 5_753, Parts(5_750, 0, 0)),
        ("cash", 2, 0, Parts(0, 0, 2)),
        ("cash", 3, 1, Parts(1, 2, 0)),
        ("cheque", 5_750, 5_749, Parts(5_749, 0, 1)),
        ("cheque", 5_750, 5_752, Parts(5_750, 0, 0)),
        ("cheque", 4_000, 0, Parts(0, 0, 4_000)),
    ],
)
def test_money_is_parted_to_the_cent(method, cents, due, parts):
    assert overpayments.parts_of(method, cents, due) == parts


@pytest.mark.parametrize(("cents", "rounding"), [(5_750, -1), (5_747, 2)])
def test_cash_to_the_nickel_settles_and_the_difference_has_its_account(invoice, cents, rounding):
    ear = Ear()
    takes(invoice, cents, "cash", ear)
    assert Invoice.get().balance_cents == 0
    assert ear.heard == [("settled", "F1")]
    assert (in_ledger(ledger.ROUNDING), in_ledger("cash")) == (rounding, cents)
    assert CashRounding.get().cents == -rounding


def test_the_second_money_is_owed_back_told_and_in_the_ledger(invoice):
    ear = Ear()
    takes(invoice, 5_749)
    takes(invoice, 5_749, "debit", ear)
    assert ear.heard == [("overpaid", "F1", 5_749)]
    assert (in_ledger(ledger.OWED_BACK), in_ledger("debit clearing")) == (-5_749, 5_749)
    [one] = overpayments.owed()
    assert (one.invoice.number, one.amount_cents, one.state) == ("F1", 5_749, Overpayment.OWED)
    [told] = overpayments.owed_to([invoice.household_id])
    assert told.paid_twice
    assert overpayments.owed_to([invoice.household_id + 1]) == []


def test_what_is_in_part_too_much_was_not_paid_twice(invoice):
    takes(invoice, 6_000)
    [told] = overpayments.of_invoice(invoice)
    assert (told.overpayment.amount_cents, told.paid_twice) == (251, False)


def test_it_is_returned_once_out_of_the_account_it_was_returned_by(invoice):
    takes(invoice, 6_000)
    [one] = overpayments.owed()
    with write():
        assert overpayments.give_back(one, 251, "transfer", "agent.magog")
        assert not overpayments.give_back(one, 251, "cash", "autre")
    assert (in_ledger(ledger.OWED_BACK), in_ledger("transfers"), in_ledger("cash")) == (0, -251, 0)
    kept = Overpayment.get()
    assert (kept.state, kept.method, kept.returned_by) == (Overpayment.RETURNED, "transfer", "agent.magog")
    assert kept.returned_at.date() == clock.now().date()
    assert overpayments.owed() == overpayments.owed_to([invoice.household_id]) == []
    assert overpayments.owed_by_invoice([invoice.id]) == {}


def test_another_amount_than_the_one_seen_returns_nothing(invoice):
    takes(invoice, 6_000)
    with write():
        assert not overpayments.give_back(overpayments.owed()[0], 250, "cash")
    assert in_ledger(ledger.OWED_BACK) == -251


def test_returned_in_part_it_is_what_was_and_what_is_still_owed(invoice):
    payment = takes(invoice, 6_749)
    with write():
        assert overpayments.give_back_part(invoice, 400, "cash", clock.now()) == 400
        assert [one.amount_cents for one in overpayments.owed()] == [600]
        assert overpayments.give_back_part(invoice, 1_000, "cash", clock.now()) == 600
    assert in_ledger(ledger.OWED_BACK) == 0
    assert overpayments.brought([payment.id]) == {payment.id: {invoice.id: 6_749}}
    assert overpayments.taken_cents(payment) == 5_749


def test_what_is_returned_of_several_is_never_more_than_what_was_given(invoice):
    takes(invoice, 8_749)
    takes(invoice, 4_000)
    with write():
        assert overpayments.give_back_part(invoice, 5_000, "cash", clock.now()) == 5_000
    assert [one.amount_cents for one in overpayments.owed()] == [2_000]
    assert in_ledger(ledger.OWED_BACK) == -2_000


@pytest.mark.parametrize(("cents", "taken"), [(5_747, 5_747), (5_751, 5_749), (9_749, 5_749)])
def test_what_invoices_took_is_never_more_than_what_came_in_for_them(invoice, cents, taken):
    assert overpayments.taken_cents(takes(invoice, cents, "cash")) == taken


def test_of_cash_for_two_invoices_what_is_owed_back_of_one_was_not_taken_for_the_other(invoice):
    other = make_invoice(Household.get(), 10_000)
    with write():
        payment = Payment.create(reference="EXT-2", source="import", state="paid", method="cash", amount_cents=15_747)
        parts = {invoice: Parts(5_749, -2, 0), other: Parts(9_000, 0, 1_000)}
        overpayments.book(payment, parts, Listener())
    assert overpayments.taken_cents(payment) == 14_747


def test_what_is_owed_back_is_told_of_each_invoice_and_the_latest_first(invoice):
    other = make_invoice(Household.get(), 100)
    for cents, paid in ((6_000, invoice), (300, other)):
        takes(paid, cents)
    told = overpayments.owed_to([invoice.household_id])
    assert [one.overpayment.amount_cents for one in told] == [200, 251]
    assert [one.overpayment.amount_cents for one in overpayments.of_invoice(other)] == [200]


def test_what_is_returned_of_an_invoice_is_its_own_and_no_further(invoice):
    other = make_invoice(Household.get(), 100)
    takes(other, 700)
    takes(invoice, 6_000)
    takes(invoice, 400)
    with write():
        assert overpayments.give_back_part(invoice, 251, "cash", clock.now()) == 251
    assert [(one.invoice_id, one.amount_cents) for one in overpayments.owed()] == [(other.id, 600), (invoice.id, 400)]
