"""What an invoice is for, in short, where several stand. Only reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peewee import ModelSelect

from domain.billing import parts, refund_status
from models import Invoice, InvoiceLine, Person, built_once


@dataclass(frozen=True)
class Summary:
    """What an invoice is for, in short: its first line's words, whom that is for, and how many more there are."""

    description: str
    first_name: str
    others: int
    part: tuple[int, int] | None = None  # which of how many


@dataclass(frozen=True)
class ListedInvoice:
    """An invoice where several stand; one without a line has no summary."""

    invoice: Invoice
    summary: Summary | None
    refund_asked_cents: int = 0


def of(found: Iterable[Invoice]) -> list[ListedInvoice]:
    """Return the invoices, each with its summary."""
    invoices = list(found)
    lines: dict[int, list[tuple[str, str | None, int]]] = {}
    for invoice, *line in _lines([one.id for one in invoices]):
        lines.setdefault(invoice, []).append(tuple(line))
    asked, part = refund_status.asked_by_invoice(invoices), parts.of(invoices).get
    said = [_summary(lines.get(one.id, []), part(one.id)) for one in invoices]
    return [ListedInvoice(one, words, asked.get(one.id, 0)) for one, words in zip(invoices, said, strict=True)]


@built_once
def _lines(invoice_ids: list[int]) -> "ModelSelect[InvoiceLine]":
    """Read what each line is for, for whom, and its total in cents."""
    total = InvoiceLine.net_cents + InvoiceLine.tps_cents + InvoiceLine.tvq_cents
    words = InvoiceLine.select(InvoiceLine.invoice, InvoiceLine.description, Person.first_name, total)
    of_these = words.left_outer_join(Person).where(InvoiceLine.invoice.in_(invoice_ids))
    return of_these.order_by(InvoiceLine.position).tuples()


def _summary(lines: Sequence[tuple[str, str | None, int]], part: tuple[int, int] | None) -> Summary | None:
    if not lines:
        return None
    description, first_name, _cents = lines[0]
    return Summary(description, first_name or "", sum(cents >= 0 for *_, cents in lines[1:]), part)  # rebates apart
