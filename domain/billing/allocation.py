"""Booking money onto invoices: one way, whoever brings the payment."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from peewee import ModelSelect, fn

from domain.billing import ledger
from domain.billing.listener import Listener
from domain.common import money
from models import (
    Allocation,
    CreditAllocation,
    CreditNote,
    CreditUse,
    Invoice,
    InvoiceLine,
    Payment,
    PaymentInvoice,
    Refund,
    RefundLine,
)

Share = TypeVar("Share", Allocation, CreditAllocation, RefundLine)
Shares = Mapping[int, int]  # cents by the id of an invoice line
NOTHING: Mapping[str, int] = MappingProxyType({})


class TooMuch(Exception):
    """Tried to take more off an invoice line, or an invoice, than is left on it."""


class NotOwed(Exception):
    """Tried to book an amount onto an invoice that does not owe it (any more)."""

    def __init__(self, invoice_id: int) -> None:
        super().__init__(invoice_id)
        self.invoice_id = invoice_id


def book(
    payment: Payment, links: Sequence[PaymentInvoice], listener: Listener, beside: Mapping[str, int] = NOTHING
) -> None:
    """Book a payment onto its invoices, in the caller's transaction: paid amounts, lines, ledger; then tell.

    The one door by which money settles an invoice, whether it comes by card, file, counter or credit. `beside` is
    what it brings that no invoice takes, in cents by account of the ledger.
    Raises: NotOwed when an invoice is cancelled or owes less; the database decides, in one UPDATE.
    """
    for link in sorted(links, key=lambda link: link.invoice_id):  # one order for all: two never wait for each other
        booked = (
            Invoice.update(paid_cents=Invoice.paid_cents + link.amount_cents)
            .where(
                Invoice.id == link.invoice_id,
                Invoice.status == Invoice.OPEN,
                Invoice.left() >= link.amount_cents,
            )
            .execute()
        )
        if not booked:
            raise NotOwed(link.invoice_id)
        _allocate(payment, link)
    ledger.post(ledger.received(payment, links, beside))
    for invoice in Invoice.select().where(Invoice.id.in_([link.invoice_id for link in links]), Invoice.left() <= 0):
        listener.settled(invoice)


def _allocate(payment: Payment, link: PaymentInvoice) -> None:
    """Share what is paid of an invoice out to its lines, in proportion to what each still owes."""
    lines = list(InvoiceLine.select().where(InvoiceLine.invoice == link.invoice_id).order_by(InvoiceLine.position))
    owed = owed_by_line(lines)
    rows = [
        {"payment": payment, "line": line, "amount_cents": cents}
        for line, cents in zip(lines, money.share(link.amount_cents, [owed[line.id] for line in lines]), strict=True)
        if cents
    ]
    if rows:
        Allocation.insert_many(rows).execute()


def owed_by_line(lines: Sequence[InvoiceLine]) -> dict[int, int]:
    """Return what is left to pay of each line, in cents: neither what was given back nor what was let go is owed."""
    paid = _sums(Allocation.select().where(Allocation.line.in_(lines)))
    credits = CreditAllocation.select().join(CreditNote).where(CreditAllocation.line.in_(lines))
    came_back = _sums(credits.where(CreditNote.payment.is_null(False), CreditNote.refund.is_null()))
    let_go = _sums(credits.where(CreditNote.payment.is_null()))
    return {
        line.id: line.total_cents - paid.get(line.id, 0) + came_back.get(line.id, 0) - let_go.get(line.id, 0)
        for line in lines
    }


def _sums(rows: "ModelSelect[Share]") -> dict[int, int]:
    """Add up the amounts of shares by line, in cents."""
    table = rows.model
    sums = rows.select(table.line, fn.SUM(table.amount_cents)).group_by(table.line)
    return {line: int(cents) for line, cents in sums.tuples().iterator()}


def kept_by_line(payment: Payment) -> dict[int, int]:
    """Return what is left of a payment on each invoice line, in cents, after what was taken back."""
    paid = _sums(Allocation.select().where(Allocation.payment == payment))
    taken_back = _sums(CreditAllocation.select().join(CreditNote).where(CreditNote.payment == payment))
    return {line: cents - taken_back.get(line, 0) for line, cents in paid.items()}


def free_by_line(payment: Payment) -> dict[int, int]:
    """Return the same without what a refund under way has already named."""
    under_way = RefundLine.select().join(Refund)
    named = _sums(under_way.where(Refund.payment == payment, Refund.state.in_(Refund.OPEN_STATES)))
    return {line: cents - named.get(line, 0) for line, cents in kept_by_line(payment).items()}


def in_proportion(payment: Payment, amount_cents: int, of_invoice: int | None = None) -> Shares:
    """Share an amount out to a payment's invoices, or to one, then lines, in proportion to what is free of it on each.

    The invoices come first: with a rebate's line, sharing out to all lines at once may miss an invoice by a cent.
    """
    free = [
        lines
        for invoice, lines in by_invoice(free_by_line(payment)).items()
        if of_invoice is None or invoice == of_invoice
    ]
    parts = money.share(amount_cents, [sum(lines.values()) for lines in free])
    return {
        line: cents
        for lines, part in zip(free, parts, strict=True)
        for line, cents in zip(lines, money.share(part, list(lines.values())), strict=True)
        if cents
    }


def named(shares: Shares, left: Shares) -> Shares:
    """Return shares of lines that somebody names, of what is left on each; all of an invoice takes its rebates too.

    A rebate is a line below zero: its invoice has less left than another line of it. Raises: TooMuch.
    """
    if any(not 0 < cents <= left.get(line, 0) for line, cents in shares.items()):
        raise TooMuch
    found, of_invoice = dict(shares), by_invoice(left)
    for invoice, cents in sum_by_invoice(shares).items():
        whole = sum(of_invoice[invoice].values())
        if cents > whole:
            raise TooMuch
        if cents == whole:
            found |= of_invoice[invoice]
    return {line: cents for line, cents in found.items() if cents}


def by_invoice(shares: Shares) -> dict[int, dict[int, int]]:
    """Return shares of lines by the id of their invoice, each in the order of the lines."""
    lines = InvoiceLine.select(InvoiceLine.invoice, InvoiceLine.id).where(InvoiceLine.id.in_(list(shares)))
    grouped: dict[int, dict[int, int]] = {}
    for invoice, line in lines.order_by(InvoiceLine.invoice, InvoiceLine.id).tuples().iterator():
        grouped.setdefault(invoice, {})[line] = shares[line]
    return grouped


def sum_by_invoice(shares: Shares) -> dict[int, int]:
    """Return what shares of lines come to on each invoice, in cents."""
    return {invoice: sum(lines.values()) for invoice, lines in by_invoice(shares).items()}


def take_back(
    note: CreditNote, shares: Shares, listener: Listener, *, owed_again: bool, by_credit: bool = False
) -> None:
    """Take a credit note's shares off its lines and invoices, in the caller's transaction.

    `owed_again` tells a payment reversed (the invoice is due again) from a refund, or a credit (it is not); `by_credit`
    that it is a household's, whose own lines took back what was earned. A reversal undone settles the invoice.
    """
    lines = list(InvoiceLine.select().where(InvoiceLine.id.in_(list(shares))).order_by(InvoiceLine.id))
    taken = [(line, shares[line.id]) for line in lines]
    CreditAllocation.insert_many(
        [{"credit_note": note, "line": line, "amount_cents": cents} for line, cents in taken]
    ).execute()
    invoices = sum_by_invoice(shares)
    for invoice_id, cents in invoices.items():
        changes = {"paid_cents": Invoice.paid_cents - cents} if note.payment_id else {}
        if not owed_again:
            changes["credited_cents"] = Invoice.credited_cents + cents
        Invoice.update(**changes).where(Invoice.id == invoice_id).execute()
    if owed_again and note.payment:
        ledger.post(ledger.reversed_payment(note, note.payment, invoices))
        _tell(note, Invoice.select().where(Invoice.id.in_(list(invoices))), listener)
    elif by_credit:
        ledger.post(ledger.credit_used(note))
    else:
        ledger.post(ledger.refunded(note, taken, _refunded_before(note, lines)))


def _tell(note: CreditNote, invoices: Iterable[Invoice], listener: Listener) -> None:
    """Say what a reversal, or what takes one back, made of its invoices."""
    for invoice in invoices:
        if note.amount_cents > 0:
            listener.owed_again(invoice)
        elif invoice.balance_cents <= 0:
            listener.settled(invoice)


def _refunded_before(note: CreditNote, lines: Sequence[InvoiceLine]) -> dict[int, int]:
    """Return what was taken off each line's earnings before a credit note, in cents; reversals left out."""
    earlier = (
        CreditAllocation.select().join(CreditNote).where(CreditAllocation.line.in_(lines), CreditNote.id < note.id)
    )
    by_credit = CreditUse.select(CreditUse.note)
    let_go = CreditNote.payment.is_null() & CreditNote.id.not_in(by_credit)
    return _sums(earlier.where(CreditNote.refund.is_null(False) | let_go))
