"""What the city's accounting books: payments by invoice and ledger account."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from domain import ledger, money
from domain.wording import MONTREAL, local, plain_amount
from models import Allocation, Invoice, InvoiceLine, Payment, Person

HEADER = (
    "payment", "kind", "date", "invoice_number", "payer_card", "payer", "method", "amount", "amount_cents",
    "ledger_account", "gateway_id", "settlement_batch", "source",
)  # fmt: skip


def payments(first: date, last: date) -> Iterator[list[object]]:
    """Return a row per payment, invoice and ledger account, of the payments of these days (Montreal's, inclusive).

    The rows of a payment add up to its amount: revenue before tax by account, then TPS and TVQ.
    """
    start, end = _utc(first), _utc(last + timedelta(days=1))
    allocations = (
        Allocation.select(Allocation, Payment, InvoiceLine, Invoice, Person)
        .join(Payment)
        .left_outer_join(Person)
        .switch(Allocation)
        .join(InvoiceLine)
        .join(Invoice)
        .where(Payment.state == Payment.PAID, Payment.resolved_at >= start, Payment.resolved_at < end)
        .order_by(Payment.resolved_at, Payment.id, Invoice.number, InvoiceLine.position)
    )
    sums: dict[tuple[int, str, str], int] = {}
    seen: dict[tuple[int, str, str], Allocation] = {}
    for allocation in allocations:
        for account, cents in _split(allocation).items():
            key = (allocation.payment_id, allocation.line.invoice.number, account)
            sums[key] = sums.get(key, 0) + cents
            seen.setdefault(key, allocation)
    for key, cents in sums.items():
        if cents:
            yield _row(seen[key], key[2], cents)


def _split(allocation: Allocation) -> dict[str, int]:
    """Split what was paid of a line into revenue, TPS and TVQ, in the line's own proportions."""
    line = allocation.line
    parts = money.share(allocation.amount_cents, [line.net_cents, line.tps_cents, line.tvq_cents])
    return dict(zip((line.ledger_account, ledger.TPS, ledger.TVQ), parts, strict=True))


def _row(allocation: Allocation, account: str, cents: int) -> list[object]:
    payment = allocation.payment
    payer = payment.payer
    return [
        payment.reference,
        "payment",
        local(payment.resolved_at).date().isoformat(),
        allocation.line.invoice.number,
        payer.card_number if payer else "",
        payer.name if payer else "",
        payment.method,
        plain_amount(cents),
        cents,
        account,
        payment.gateway_id or "",
        payment.settlement_batch,
        payment.source,
    ]


def _utc(day: date) -> datetime:
    return datetime.combine(day, time(0), MONTREAL).astimezone(UTC).replace(tzinfo=None)
