"""Booking money onto invoices: one way, whoever brings the payment."""

from collections.abc import Iterable, Sequence

from peewee import fn

from domain import ledger, money
from models import Allocation, Invoice, InvoiceLine, Payment, PaymentInvoice


class NotOwed(Exception):
    """Tried to book an amount onto an invoice that does not owe it (any more)."""

    def __init__(self, invoice_id: int) -> None:
        super().__init__(invoice_id)
        self.invoice_id = invoice_id


def book(payment: Payment, links: Sequence[PaymentInvoice], posting: str) -> None:
    """Book a payment onto its invoices, in the caller's transaction: paid amounts, lines, ledger.

    Raises: NotOwed when an invoice is cancelled or owes less; the database decides, in one UPDATE.
    """
    for link in links:
        booked = (
            Invoice.update(paid_cents=Invoice.paid_cents + link.amount_cents)
            .where(
                Invoice.id == link.invoice_id,
                Invoice.status == Invoice.OPEN,
                Invoice.paid_cents + link.amount_cents <= Invoice.total_cents,
            )
            .execute()
        )
        if not booked:
            raise NotOwed(link.invoice_id)
        _allocate(payment, link)
    ledger.post(ledger.received(payment, links, posting=posting))


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


def _allocated(lines: Iterable[InvoiceLine]) -> dict[int, int]:
    rows = (
        Allocation.select(Allocation.line, fn.SUM(Allocation.amount_cents))
        .where(Allocation.line.in_(lines))
        .group_by(Allocation.line)
        .tuples()
    )
    return {line: int(cents) for line, cents in rows}
