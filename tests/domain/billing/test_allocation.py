"""Booking money onto invoices and taking it back: to the cent, by line, all of it or nothing."""

import pytest

from domain.billing import allocation, credit_notes, ledger
from domain.billing.allocation import NotOwed
from domain.billing.listener import Listener
from domain.common import clock
from domain.imports import invoices
from models import (
    Allocation,
    CreditAllocation,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    Payment,
    PaymentInvoice,
    Refund,
    RefundLine,
    write,
)
from tests.factories import make_household, pay_elsewhere
from tests.imports import bring_in, told


def invoice_of(*prices: int, number: str = "F1", status: str = Invoice.OPEN) -> Invoice:
    """An invoice with an exempt line for each price, in cents."""
    today = clock.today()
    values = {"invoice_number": number, "household": make_household().code, "card_number": "", "status": status}
    values |= {"issued_on": today, "due_on": today, "description": "Camp", "quantity": 1_000, "tax_code": "exempt"}
    values |= {"category": "activity", "ledger_account": "4100"}
    assert not bring_in(told(invoices.plan, Listener()), *(values | {"unit_price": price} for price in prices)).rejected
    return Invoice.get(Invoice.number == number)


def by_line(invoice: Invoice) -> list[int]:
    """Return what is paid of each line, in cents, less what was taken back."""
    cents = dict.fromkeys([line.id for line in invoice.lines.order_by(InvoiceLine.position)], 0)
    for table, sign in ((Allocation, 1), (CreditAllocation, -1)):
        for share in table.select().where(table.line.in_(list(cents))):
            cents[share.line_id] += sign * share.amount_cents
    return list(cents.values())


def again(invoice: Invoice) -> Invoice:
    return Invoice.get_by_id(invoice.id)


def takes_back(payment: Payment, cents: int, *, owed_again: bool) -> None:
    how = {"reason": "test", "owed_again": owed_again, "listener": Listener()}
    with write():
        credit_notes.issue(payment, allocation.in_proportion(payment, cents), **how)


@pytest.mark.parametrize(
    ("prices", "parts", "lines"),
    [
        ([6_000, 4_000], [10_000], [6_000, 4_000]),
        ([6_000, 4_000], [5_000], [3_000, 2_000]),
        ([100, 100, 100], [100], [34, 33, 33]),
        ([100, 100, 100], [100, 100], [67, 67, 66]),
        ([100, 100, 100], [1, 1, 298], [100, 100, 100]),
        ([10_000, 0, -2_000], [8_000], [10_000, 0, -2_000]),
        ([10_000, 0, -2_000], [4_000], [5_000, 0, -1_000]),
        ([10_000, 0, -2_000], [1, 7_998, 1], [10_000, 0, -2_000]),
    ],
)
def test_what_is_paid_is_shared_out_to_the_lines_by_what_each_still_owes(db, prices, parts, lines):
    invoice = invoice_of(*prices)
    for cents in parts:
        pay_elsewhere((invoice, cents))
    assert by_line(invoice) == lines
    assert again(invoice).paid_cents == sum(parts)


def test_a_line_of_nothing_has_no_share(db):
    invoice = invoice_of(1_000, 0)
    pay_elsewhere((invoice, 1_000))
    assert [share.amount_cents for share in Allocation.select()] == [1_000]


def test_one_payment_of_two_invoices_pays_each_its_part(db):
    one, other = invoice_of(1_000, number="F1"), invoice_of(500, 500, number="F2")
    pay_elsewhere((one, 1_000), (other, 400))
    assert (again(one).balance_cents, again(other).balance_cents) == (0, 600)
    assert (by_line(one), by_line(other)) == ([1_000], [200, 200])
    assert (ledger.receivable_cents(one.id), ledger.receivable_cents(other.id)) == (0, 600)


@pytest.mark.parametrize(("method", "account"), ledger.CLEARING.items())
def test_the_money_waits_on_the_account_of_its_method(db, method, account):
    pay_elsewhere((invoice_of(1_000), 1_000), method=method)
    assert LedgerEntry.get(LedgerEntry.account == account).debit_cents == 1_000


@pytest.mark.parametrize("cents", [1_001, 10_000])
def test_more_than_is_left_is_refused_and_nothing_is_kept(db, cents):
    invoice = invoice_of(2_000)
    pay_elsewhere((invoice, 1_000))
    with pytest.raises(NotOwed) as refused:
        pay_elsewhere((invoice, cents))
    assert refused.value.invoice_id == invoice.id
    assert again(invoice).paid_cents == 1_000
    assert Payment.select().count() == PaymentInvoice.select().count() == Allocation.select().count() == 1


def test_a_stale_copy_of_the_invoice_does_not_let_it_be_paid_twice(db):
    invoice = invoice_of(1_000)
    pay_elsewhere((invoice, 1_000))
    assert invoice.balance_cents == 1_000  # what this reader still believes
    with pytest.raises(NotOwed):
        pay_elsewhere((invoice, 1_000))


def test_a_cancelled_invoice_owes_nothing(db):
    invoice = invoice_of(1_000, status=Invoice.CANCELLED)
    with pytest.raises(NotOwed):
        pay_elsewhere((invoice, 1))


def test_one_invoice_that_does_not_owe_keeps_the_other_from_being_paid(db):
    one, other = invoice_of(1_000, number="F1"), invoice_of(1_000, number="F2")
    with pytest.raises(NotOwed) as refused:
        pay_elsewhere((one, 1_000), (other, 1_001))
    assert refused.value.invoice_id == other.id
    assert again(one).balance_cents == again(other).balance_cents == 1_000


def test_given_back_it_is_not_owed_again(db):
    invoice = invoice_of(600, 400)
    payment = pay_elsewhere((invoice, 1_000))
    takes_back(payment, 500, owed_again=False)
    after = again(invoice)
    assert (after.paid_cents, after.credited_cents, after.balance_cents) == (500, 500, 0)
    assert list(allocation.kept_by_line(payment).values()) == by_line(invoice) == [300, 200]


def test_reversed_it_is_owed_again_and_can_be_paid_again(db):
    invoice = invoice_of(600, 400)
    payment = pay_elsewhere((invoice, 1_000))
    takes_back(payment, 1_000, owed_again=True)
    assert (again(invoice).balance_cents, ledger.receivable_cents(invoice.id)) == (1_000, 1_000)
    assert by_line(invoice) == [0, 0]
    pay_elsewhere((invoice, 1_000))
    assert by_line(invoice) == [600, 400]
    assert again(invoice).balance_cents == 0


def test_taken_back_in_parts_it_comes_to_the_whole_to_the_cent(db):
    one, other = invoice_of(100, 100, -33, number="F1"), invoice_of(101, number="F2")
    payment = pay_elsewhere((one, 167), (other, 101))
    for cents in (1, 100, 66, 101):
        takes_back(payment, cents, owed_again=False)
    assert set(allocation.kept_by_line(payment).values()) == {0}
    assert [(i.paid_cents, i.credited_cents) for i in Invoice.select()] == [(0, 167), (0, 101)]
    assert sum(share.amount_cents for share in CreditAllocation.select()) == payment.amount_cents


@pytest.mark.parametrize("cents", [0, 8_001, 10_000, 10_001])
def test_no_more_is_let_go_than_the_invoice_and_its_line_owe(db, cents):
    invoice = invoice_of(10_000, -2_000)
    line = invoice.lines.order_by(InvoiceLine.position).first()
    with pytest.raises(credit_notes.NotOwed), write():
        credit_notes.let_go(invoice, {line.id: cents}, reason="geste", listener=Listener())
    with write():
        credit_notes.let_go(invoice, {line.id: 8_000}, reason="geste", listener=Listener())
    assert again(invoice).balance_cents == 0


def refunds(payment: Payment, cents: int, state: str = Refund.DONE) -> Refund:
    """A refund of a payment, its lines named; done, it has its credit note."""
    shares = allocation.in_proportion(payment, cents)
    refund = Refund.create(payment=payment, amount_cents=cents, cause="staff", state=state, method=payment.method)
    named = [{"refund": refund, "line": line, "amount_cents": part} for line, part in shares.items()]
    RefundLine.insert_many(named).execute()
    if state == Refund.DONE:
        with write():
            credit_notes.issue(payment, shares, reason="test", owed_again=False, listener=Listener(), refund=refund)
        Payment.update(refunded_cents=Payment.refunded_cents + cents).where(Payment.id == payment.id).execute()
    return refund


def test_a_line_owes_what_came_back_of_it_and_neither_what_was_given_back_nor_let_go(db):
    invoice = invoice_of(600, 400)

    def owed() -> list[int]:
        return list(allocation.owed_by_line(list(invoice.lines.order_by(InvoiceLine.position))).values())

    payment = pay_elsewhere((invoice, 500))
    assert owed() == [300, 200]
    refunds(payment, 100)
    assert owed() == [300, 200]
    takes_back(payment, 200, owed_again=True)
    assert owed() == [420, 280]
    with write():
        credit_notes.let_go(invoice, {invoice.lines.first().id: 20}, reason="geste", listener=Listener())
    assert owed() == [400, 280]


def test_what_an_open_refund_named_is_free_no_more_of_its_own_payment(db):
    invoice = invoice_of(1_000)
    first, second = (pay_elsewhere((invoice, cents)) for cents in (600, 400))
    refunds(first, 50, Refund.REFUSED)
    refunds(first, 100, Refund.SUBMITTED)
    assert [list(allocation.free_by_line(one).values()) for one in (first, second)] == [[500], [400]]
    refunds(first, 30)
    assert list(allocation.free_by_line(first).values()) == [470]


def test_what_is_shared_out_to_one_invoice_is_of_that_one(db):
    one, other = invoice_of(1_000, number="F1"), invoice_of(500, 500, number="F2")
    payment = pay_elsewhere((one, 1_000), (other, 1_000))
    first, second = other.lines.order_by(InvoiceLine.position)
    assert allocation.in_proportion(payment, 300, other.id) == {first.id: 150, second.id: 150}


class Ear(Listener):
    """Remembers what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def settled(self, invoice: Invoice) -> None:
        self.heard.append(("settled", invoice.number))

    def owed_again(self, invoice: Invoice) -> None:
        self.heard.append(("owed again", invoice.number))


def test_only_an_invoice_of_which_nothing_is_left_is_told_as_settled(db):
    ear = Ear()
    one, other = invoice_of(1_000, number="F1"), invoice_of(500, number="F2")
    pay_elsewhere((one, 999), (other, 500), listener=ear)
    assert ear.heard == [("settled", "F2")]


@pytest.mark.parametrize("again_cents", [1_000, 999, 1])
def test_a_reversal_undone_tells_of_the_invoice_only_once_nothing_is_left_of_it(db, again_cents):
    invoice, ear = invoice_of(1_000), Ear()
    payment = pay_elsewhere((invoice, 1_000))
    line = invoice.lines.get().id
    how = {"reason": Payment.CHARGED_BACK, "owed_again": True, "listener": ear}
    with write():
        taken = credit_notes.issue(payment, {line: 1_000}, **how)
        credit_notes.undo(taken, shares={line: again_cents}, **how)
    assert ear.heard == [("owed again", "F1"), *[("settled", "F1")] * (again_cents == 1_000)]


def test_a_cent_that_came_back_is_told(db):
    invoice, ear = invoice_of(1_000), Ear()
    payment = pay_elsewhere((invoice, 1_000))
    with write():
        shares = allocation.in_proportion(payment, 1)
        credit_notes.issue(payment, shares, reason="test", owed_again=True, listener=ear)
    assert ear.heard == [("owed again", "F1")]
