"""Credit notes: the numbered documents that take back a receipt, or lower what an invoice owes."""

from domain.billing.allocation import Shares, TooMuch, by_invoice, named, owed_by_line, take_back
from domain.billing.listener import Listener
from domain.common import numbering
from models import CreditNote, Invoice, InvoiceLine, Payment, Refund, hold


class NotOwed(Exception):
    """Tried to let go more of an invoice, or of its line, than it still owes."""


def issue(
    payment: Payment, shares: Shares, *, reason: str, owed_again: bool, listener: Listener, refund: Refund | None = None
) -> CreditNote:
    """Number a credit note and take its shares off the payment's lines and the ledger, in the caller's transaction.

    The invoices are held before the number is taken, as everywhere: two never wait for each other.
    """
    hold(Invoice.select().where(Invoice.id.in_(list(by_invoice(shares)))))
    note = _make(sum(shares.values()), reason, payment=payment, refund=refund)
    take_back(note, shares, listener, owed_again=owed_again)
    return note


def let_go(invoice: Invoice, shares: Shares, *, reason: str, listener: Listener) -> CreditNote:
    """Lower what an invoice owes, line by line, without any money moving, in the caller's transaction.

    Raises: NotOwed.
    """
    mine = Invoice.select().where(Invoice.id == invoice.id, Invoice.status == Invoice.OPEN)
    hold(mine)
    owed = owed_by_line(list(InvoiceLine.select().where(InvoiceLine.invoice.in_(mine))))
    try:
        taken = named(shares, owed)
    except TooMuch:
        raise NotOwed(invoice.number) from None
    if not taken:
        raise NotOwed(invoice.number)
    note = _make(sum(taken.values()), reason, invoice=invoice)
    take_back(note, taken, listener, owed_again=False)
    return note


def of(payment: Payment) -> list[CreditNote]:
    """Return the credit notes that take of a payment, the oldest first."""
    return list(payment.credit_notes.order_by(CreditNote.id))


def _make(amount_cents: int, reason: str, **of: Invoice | Payment | Refund | None) -> CreditNote:
    return CreditNote.create(number=numbering.take("C", "credit note"), amount_cents=amount_cents, reason=reason, **of)
