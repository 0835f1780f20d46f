"""Booking money onto invoices: one way, whoever brings the payment."""

from collections.abc import Sequence

from peewee import fn

from domain.billing import ledger
from domain.billing.listener import Listener
from domain.common import money
from models import Allocation, CreditAllocation, CreditNote, Invoice, InvoiceLine, Payment, PaymentInvoice


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
    ledger.post(ledger.received(payment, links, posting=f"payment:{payment.reference}"))
    for invoice in Invoice.select().where(Invoice.id.in_([link.invoice_id for link in links]), Invoice.left() <= 0):
        listener.settled(invoice)


def _allocate(payment: Payment, link: PaymentInvoice) -> None:
    """Share what is paid of an invoice out to its lines, in proportion to what each still owes."""
    lines = list(InvoiceLine.select().where(InvoiceLine.invoice == link.invoice_id).order_by(InvoiceLine.position))
    already = _allocated(lines)
    owed = [line.total_cents - already.get(line.id, 0) for line in lines]
    rows = [
        {"payment": payment, "line": line, "amount_cents": cents}
        for line, cents in zip(lines, money.share(link.amount_cents, owed), strict=True)
        if cents
    ]
    if rows:
        Allocation.insert_many(rows).execute()


def _allocated(lines: Sequence[InvoiceLine]) -> dict[int, int]:
    """Return what is paid of each line, what was taken back left out."""
    paid = _sums(Allocation, lines)
    taken_back = _sums(CreditAllocation, lines)
    return {line: cents - taken_back.get(line, 0) for line, cents in paid.items()}


def _sums(table: type[Allocation] | type[CreditAllocation], lines: Sequence[InvoiceLine]) -> dict[int, int]:
    rows = (
        table.select(table.line, fn.SUM(table.amount_cents)).where(table.line.in_(lines)).group_by(table.line).tuples()
    )
    return {line: int(cents) for line, cents in rows}


def kept_by_line(payment: Payment) -> dict[int, int]:
    """Return what is left of a payment on each invoice line, in cents, after what was taken back."""
    paid = Allocation.select(Allocation.line, Allocation.amount_cents).where(Allocation.payment == payment).tuples()
    taken_back = (
        CreditAllocation.select(CreditAllocation.line, fn.SUM(CreditAllocation.amount_cents))
        .join(CreditNote)
        .where(CreditNote.payment == payment)
        .group_by(CreditAllocation.line)
        .tuples()
    )
    less = {line: int(cents) for line, cents in taken_back}
    return {line: cents - less.get(line, 0) for line, cents in paid}


def take_back(note: CreditNote, listener: Listener, *, owed_again: bool) -> None:
    """Take a credit note's amount off its payment's lines and invoices, in the caller's transaction.

    `owed_again` tells a payment reversed (the invoice is due again) from a refund (it is not).
    """
    kept = kept_by_line(note.payment)
    lines = list(InvoiceLine.select().where(InvoiceLine.id.in_(list(kept))).order_by(InvoiceLine.id))
    shares = money.share(note.amount_cents, [kept[line.id] for line in lines])
    taken = [(line, cents) for line, cents in zip(lines, shares, strict=True) if cents]
    CreditAllocation.insert_many(
        [{"credit_note": note, "line": line, "amount_cents": cents} for line, cents in taken]
    ).execute()
    by_invoice: dict[int, int] = {}
    for line, cents in taken:
        by_invoice[line.invoice_id] = by_invoice.get(line.invoice_id, 0) + cents
    for invoice_id, cents in sorted(by_invoice.items()):
        changes = {"paid_cents": Invoice.paid_cents - cents}
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
    """Return what was refunded of each line before a credit note, in cents; reversals left out."""
    rows = (
        CreditAllocation.select(CreditAllocation.line, fn.SUM(CreditAllocation.amount_cents))
        .join(CreditNote)
        .where(CreditAllocation.line.in_(lines), CreditNote.refund.is_null(False), CreditNote.id < note.id)
        .group_by(CreditAllocation.line)
        .tuples()
    )
    return {line: int(cents) for line, cents in rows}
