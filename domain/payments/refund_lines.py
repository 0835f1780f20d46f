"""Which invoice lines a refund is for: named by whoever asks it, else in proportion to what was paid of each.

A refund that names nobody is shared out among all: of 58 $ meant for Léa, Tom's receipt for child care lost 25.
"""

from domain.billing import allocation
from domain.billing.allocation import Shares
from models import InvoiceLine, Payment, Person, Refund, RefundLine


class OtherLines(Exception):
    """Tried to refund lines of which so much was not paid, or that do not add up to the amount."""


def choose(payment: Payment, amount_cents: int, named: Shares | None) -> Shares:
    """Return what a refund gives back of each line of a payment, in the caller's transaction. Raises: OtherLines."""
    if named is None:
        return allocation.in_proportion(payment, amount_cents)
    free = allocation.free_by_line(payment)
    too_much = any(not 0 < cents <= free.get(line, 0) for line, cents in named.items())
    if too_much or sum(named.values()) != amount_cents:
        raise OtherLines(payment.reference)
    return _with_rebates(payment, named, allocation.by_invoice(free))


def _with_rebates(payment: Payment, named: Shares, free: dict[int, dict[int, int]]) -> Shares:
    """Return the lines named, no more than is free of each invoice; all of an invoice takes its rebates back too."""
    shares = dict(named)
    for invoice, lines in allocation.by_invoice(named).items():
        asked, left = sum(lines.values()), sum(free[invoice].values())
        if asked > left:
            raise OtherLines(payment.reference)
        if asked == left:
            shares |= free[invoice]
    return {line: cents for line, cents in shares.items() if cents}


def refundable(payment: Payment) -> list[tuple[InvoiceLine, int]]:
    """Return the lines of a payment on which something can be given back, each with how many cents at most."""
    free = {
        line: min(cents, sum(lines.values()))
        for lines in allocation.by_invoice(allocation.free_by_line(payment)).values()
        for line, cents in lines.items()
        if min(cents, sum(lines.values())) > 0
    }
    lines = (
        InvoiceLine.select(InvoiceLine, Person)
        .left_outer_join(Person)
        .where(InvoiceLine.id.in_(list(free)))
        .order_by(InvoiceLine.invoice, InvoiceLine.position)
    )
    return [(line, free[line.id]) for line in lines]


def write_down(refund: Refund, shares: Shares) -> None:
    """Keep what a refund gives back of each line, in the caller's transaction."""
    RefundLine.insert_many(
        [{"refund": refund, "line": line, "amount_cents": cents} for line, cents in shares.items()]
    ).execute()


def of(refund: Refund) -> Shares:
    """Return what a refund gives back of each invoice line, in cents."""
    return dict(RefundLine.select(RefundLine.line, RefundLine.amount_cents).where(RefundLine.refund == refund).tuples())
