"""Booking money onto invoices: one way, whoever brings the payment."""

from collections.abc import Mapping, Sequence

from peewee import ModelSelect, fn

from domain.billing import ledger
from domain.billing.listener import Listener
from domain.common import money
from models import (
    Allocation,
    CreditAllocation,
    CreditNote,
    Invoice,
    InvoiceLine,
    Payment,
    PaymentInvoice,
    Refund,
    RefundLine,
)

Shares = Mapping[int, int]  # cents by the id of an invoice line


class NotOwed(Exception):
    """Tried to book an amount onto an invoice that does not owe it (any more)."""

    def __init__(self, invoice_id: int) -> None:
        super().__init__(invoice_id)
        self.invoice_id = invoice_id


def book(payment: Payment, links: Sequence[PaymentInvoice], listener: Listener) -> None:
    """Book a payment onto its invoices, in the caller's transaction: paid amounts, lines, ledger; then tell.

    The one door by which money settles an invoice, whether it comes by card, file, counter or credit.
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
    ledger.post(ledger.received(payment, links))
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


def _sums(rows: ModelSelect) -> dict[int, int]:
    """Add up the amounts of shares by line, in cents."""
    table = rows.model
    sums = rows.select(table.line, fn.SUM(table.amount_cents)).group_by(table.line)
    return {line: int(cents) for line, cents in sums.tuples()}


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


def in_proportion(payment: Payment, amount_cents: int) -> Shares:
    """Share an amount out to a payment's lines in proportion to what is free of it on each."""
    free = dict(sorted(free_by_line(payment).items()))
    return {
        line: cents for line, cents in zip(free, money.share(amount_cents, list(free.values())), strict=True) if cents
    }


def take_back(note: CreditNote, shares: Shares, listener: Listener, *, owed_again: bool) -> None:
    """Take a credit note's shares off its lines and invoices, in the caller's transaction.

    `owed_again` tells a payment reversed (the invoice is due again) from a refund, or a credit (it is not).
    """
    lines = list(InvoiceLine.select().where(InvoiceLine.id.in_(list(shares))).order_by(InvoiceLine.id))
    taken = [(line, shares[line.id]) for line in lines]
    CreditAllocation.insert_many(
        [{"credit_note": note, "line": line, "amount_cents": cents} for line, cents in taken]
    ).execute()
    by_invoice: dict[int, int] = {}
    for line, cents in taken:
        by_invoice[line.invoice_id] = by_invoice.get(line.invoice_id, 0) + cents
    for invoice_id, cents in sorted(by_invoice.items()):
        changes = {"paid_cents": Invoice.paid_cents - cents} if note.payment_id else {}
        if not owed_again:
            changes["credited_cents"] = Invoice.credited_cents + cents
        Invoice.update(**changes).where(Invoice.id == invoice_id).execute()
    if owed_again:
        ledger.post(ledger.reversed_payment(note, by_invoice))
        for invoice in Invoice.select().where(Invoice.id.in_(list(by_invoice))):
            listener.owed_again(invoice)
    else:
        ledger.post(ledger.refunded(note, taken, _refunded_before(note, lines)))


def _refunded_before(note: CreditNote, lines: Sequence[InvoiceLine]) -> dict[int, int]:
    """Return what was taken off each line's earnings before a credit note, in cents; reversals left out."""
    earlier = (
        CreditAllocation.select().join(CreditNote).where(CreditAllocation.line.in_(lines), CreditNote.id < note.id)
    )
    return _sums(earlier.where(CreditNote.refund.is_null(False) | CreditNote.payment.is_null()))
