"""Which invoice lines a refund is for: named by whoever asks it, else in proportion to what was paid of each.

A refund that names nobody is shared out among all: of 58 $ meant for Léa, Tom's receipt for child care lost 25.
"""

from domain.billing import allocation
from domain.billing.allocation import Shares
from models import InvoiceLine, Payment, Person, Refund, RefundLine


class OtherLines(Exception):
    """Tried to refund lines of which so much was not paid, or that do not add up to the amount."""


def choose(payment: Payment, amount_cents: int, named: Shares | None, of_invoice: int | None = None) -> Shares:
    """Return what a refund gives back of each line of a payment, in the caller's transaction.

    Named by nobody, they are all of the payment's, or of one invoice of it. Raises: OtherLines.
    """
    if named is None:
        return allocation.in_proportion(payment, amount_cents, of_invoice)
    if sum(named.values()) != amount_cents:
        raise OtherLines(payment.reference)
    try:
        return allocation.named(named, allocation.free_by_line(payment))
    except allocation.TooMuch:
        raise OtherLines(payment.reference) from None


def refundable(payment: Payment) -> list[tuple[InvoiceLine, int]]:
    """Return the lines of a payment on which something can be given back, each with how many cents at most."""
    free = allocation.free_by_line(payment)
    left = allocation.sum_by_invoice(free)
    lines = (
        InvoiceLine.select(InvoiceLine, Person)
        .left_outer_join(Person)
        .where(InvoiceLine.id.in_(list(free)))
        .order_by(InvoiceLine.invoice, InvoiceLine.position)
    )
    most = [(line, min(free[line.id], left[line.invoice_id])) for line in lines]
    return [(line, cents) for line, cents in most if cents > 0]


def write_down(refund: Refund, shares: Shares) -> None:
    """Keep what a refund gives back of each line, in the caller's transaction."""
    RefundLine.insert_many(
        [{"refund": refund, "line": line, "amount_cents": cents} for line, cents in shares.items()]
    ).execute()


def of(refund: Refund) -> Shares:
    """Return what a refund gives back of each invoice line, in cents."""
    return {one.line_id: one.amount_cents for one in RefundLine.select().where(RefundLine.refund == refund)}
