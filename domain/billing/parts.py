"""Which of several invoices one is, when the same places are paid in parts."""

from collections.abc import Collection
from datetime import date

from peewee import ModelSelect

from models import CartLine, Invoice, InvoiceLine, built_once


def of(invoices: Collection[Invoice]) -> dict[int, tuple[int, int]]:
    """Return, by invoice id, which part an invoice is and of how many; nothing of one that stands alone.

    A place that is paid at once may stand beside one that is not: the most parts count.
    """
    by_place: dict[int, list[tuple[date, int]]] = {}
    for place, invoice, due_on in _with_others([one.id for one in invoices]):
        by_place.setdefault(place, []).append((due_on, invoice))
    in_parts = [sorted(found) for found in sorted(by_place.values(), key=len) if len(found) > 1]
    return {invoice: (at, len(found)) for found in in_parts for at, (_due_on, invoice) in enumerate(found, 1)}


@built_once
def _with_others(invoice_ids: list[int]) -> "ModelSelect[CartLine]":
    """Read the open invoices of every place that these pay: place, invoice, and the day it is due."""
    places = CartLine.select(CartLine.item).join(InvoiceLine).where(InvoiceLine.invoice.in_(invoice_ids))
    rows = CartLine.select(CartLine.item, Invoice.id, Invoice.due_on).join(InvoiceLine).join(Invoice)
    return rows.where(CartLine.item.in_(places), Invoice.status == Invoice.OPEN).distinct().tuples()
