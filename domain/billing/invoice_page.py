"""One invoice as its household sees it: its lines, what was paid on it, what was taken back. Only reads."""

from dataclasses import dataclass
from itertools import groupby

from domain.billing import overpayments, readers, refund_status
from domain.billing.invoices import NoSuchInvoice, references_under_way
from domain.billing.overpayments import OwedBack
from domain.billing.refund_status import RefundStatus
from models import Account, CreditAllocation, CreditNote, Invoice, InvoiceLine, Payment, PaymentInvoice, Person


@dataclass(frozen=True)
class PartPaid:
    """What a payment paid of one invoice, what of that was given back, in cents, and how its refunds stand."""

    payment: Payment
    cents: int
    given_back_cents: int
    refund: RefundStatus
    shows_card: bool


@dataclass(frozen=True)
class PartCredited:
    """What a credit note takes of one invoice, in cents."""

    note: CreditNote
    cents: int


@dataclass(frozen=True)
class InvoicePage:
    """One invoice with its lines, what was paid on it, and the credit notes that take of it."""

    invoice: Invoice
    lines: list[InvoiceLine]
    payments: list[PartPaid]
    credit_notes: list[PartCredited]
    under_way: str | None  # the reference of a payment
    refund_asked_cents: int
    owed_back: list[OwedBack]


def find(number: str, account: Account) -> InvoicePage:
    """Gather one invoice with its lines, what was paid on it, and the credit notes that take of it.

    Raises: NoSuchInvoice.
    """
    found = Invoice.get_or_none(Invoice.number == number, Invoice.household.in_(account.household_ids()))
    if found is None:
        raise NoSuchInvoice(number)
    lines = InvoiceLine.select(InvoiceLine, Person).left_outer_join(Person).where(InvoiceLine.invoice == found)
    paid = (
        PaymentInvoice.select(PaymentInvoice, Payment)
        .join(Payment)
        .where(PaymentInvoice.invoice == found, Payment.state.in_(Payment.BOOKED_STATES))
        .order_by(Payment.resolved_at)
    )
    credited, at_home = _credited(found), readers.at_home(account)
    return InvoicePage(
        invoice=found,
        lines=list(lines.order_by(InvoiceLine.position)),
        payments=[_part(link, credited, at_home) for link in paid],
        credit_notes=credited,
        under_way=references_under_way([found]).get(number),
        refund_asked_cents=refund_status.asked_by_invoice([found]).get(found.id, 0),
        owed_back=overpayments.of_invoice(found),
    )


def _part(link: PaymentInvoice, credited: list[PartCredited], at_home: set[int]) -> PartPaid:
    status, shows_card = refund_status.of(link.payment), link.payment.payer_id in at_home
    return PartPaid(link.payment, link.amount_cents, _given_back(link, credited), status, shows_card)


def _given_back(link: PaymentInvoice, credited: list[PartCredited]) -> int:
    """Return what was given back of what a payment paid of an invoice, in cents."""
    return sum(one.cents for one in credited if one.note.payment_id == link.payment_id and one.note.refund_id)


def _credited(invoice: Invoice) -> list[PartCredited]:
    """Return what credit notes take of an invoice, the oldest first."""
    shares = (
        CreditAllocation.select(CreditAllocation, CreditNote)
        .join(CreditNote)
        .switch(CreditAllocation)
        .join(InvoiceLine)
        .where(InvoiceLine.invoice == invoice)
        .order_by(CreditNote.id)
    )
    by_note = groupby(shares, key=lambda share: share.credit_note)
    return [PartCredited(note, sum(share.amount_cents for share in of_note)) for note, of_note in by_note]
