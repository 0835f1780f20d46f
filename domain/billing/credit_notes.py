"""Credit notes: the numbered documents that take back a receipt, or lower what an invoice owes."""

from datetime import datetime

from domain.billing.allocation import Shares, TooMuch, by_invoice, named, owed_by_line, sum_by_invoice, take_back
from domain.billing.invoices import PaidInvoice
from domain.billing.listener import Listener
from domain.common import clock, money, numbering
from models import (
    CreditAllocation,
    CreditNote,
    CreditUse,
    HouseholdCredit,
    Invoice,
    InvoiceLine,
    Payment,
    Refund,
    hold,
)


class NotOwed(Exception):
    """Tried to let go more of an invoice, or of its line, than it still owes."""


def issue(
    payment: Payment,
    shares: Shares,
    *,
    reason: str,
    owed_again: bool,
    listener: Listener,
    refund: Refund | None = None,
    at: datetime | None = None,
) -> CreditNote:
    """Number a credit note and take its shares off the payment's lines and the ledger, in the caller's transaction.

    It is of the moment `at`, in UTC, when the money was given back before today.

    The invoices are held before the number is taken, as everywhere: two never wait for each other.
    """
    hold(Invoice.select().where(Invoice.id.in_(list(by_invoice(shares)))))
    note = _make(sum(shares.values()), reason, at, payment=payment, refund=refund)
    take_back(note, shares, listener, owed_again=owed_again)
    return note


def undo(
    note: CreditNote, *, reason: str, listener: Listener, shares: Shares | None = None, owed_again: bool = False
) -> CreditNote:
    """Number a note that undoes one whose money came back, share by share, in the caller's transaction.

    `shares` are what comes back of its lines, when that is not the whole; `owed_again` tells that it was a reversal's.
    """
    of_note = {share.line_id: share.amount_cents for share in note.allocations}
    back = {line: -cents for line, cents in (of_note if shares is None else shares).items()}
    hold(Invoice.select().where(Invoice.id.in_(list(by_invoice(back)))))
    undoing = _make(sum(back.values()), reason, None, payment=note.payment, refund=note.refund, undoes=note)
    take_back(undoing, back, listener, owed_again=owed_again)
    return undoing


def taken_by(note: CreditNote) -> list[PaidInvoice]:
    """Return what a credit note takes of each invoice, by number."""
    lines = CreditAllocation.select(CreditAllocation.line, CreditAllocation.amount_cents)
    shares = dict(lines.where(CreditAllocation.credit_note == note).tuples().iterator())
    cents = sum_by_invoice(shares)
    found = Invoice.select().where(Invoice.id.in_(list(cents))).order_by(Invoice.number)
    return [PaidInvoice(invoice, cents[invoice.id]) for invoice in found]


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
    note = _make(sum(taken.values()), reason, None, invoice=invoice)
    take_back(note, taken, listener, owed_again=False)
    _tell_if_settled(invoice, listener)
    return note


def lower(
    invoice: Invoice, cents: int, credit: HouseholdCredit, listener: Listener, at: datetime | None = None
) -> CreditNote:
    """Lower what an invoice owes by a household's credit, its lines in proportion, in the caller's transaction.

    The invoice is held, and owes as much. It is of the moment `at`, in UTC, when another portal did it.
    """
    lines = list(InvoiceLine.select().where(InvoiceLine.invoice == invoice).order_by(InvoiceLine.position))
    owed = owed_by_line(lines)
    shares = money.share(cents, [owed[line.id] for line in lines])
    taken = {line.id: part for line, part in zip(lines, shares, strict=True) if part}
    note = _make(cents, credit.number, at, invoice=invoice)
    CreditUse.create(credit=credit, note=note)
    take_back(note, taken, listener, owed_again=False, by_credit=True)
    _tell_if_settled(invoice, listener)
    return note


def _tell_if_settled(invoice: Invoice, listener: Listener) -> None:
    """Tell that nothing is left to pay: what waits for it is served as if it were paid."""
    now = Invoice.get_by_id(invoice.id)
    if not now.balance_cents:
        listener.settled(now)


def of(payment: Payment) -> list[CreditNote]:
    """Return the credit notes that take of a payment, the oldest first."""
    return list(payment.credit_notes.order_by(CreditNote.id))


def _make(
    amount_cents: int, reason: str, at: datetime | None, **of: Invoice | Payment | Refund | CreditNote | None
) -> CreditNote:
    values = {"amount_cents": amount_cents, "reason": reason, "issued_at": at or clock.now()}
    return CreditNote.create(number=numbering.take("C", "credit note"), **values, **of)
