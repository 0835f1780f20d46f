"""Places whose time is over are free again: what they owed is cancelled, whoever held them is told, nothing is lost."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.billing import issuing
from domain.cart import holds, outages
from domain.cart.items import is_of_the_home
from models import CartItem, CartLine, Invoice, InvoiceLine, hold, write

AT_ONCE = 200  # a turn


@dataclass(frozen=True)
class Lapsed:
    """What went at once: places, and the invoices that are owed no more."""

    items: Sequence[CartItem]
    invoices: Sequence[Invoice]


def sweep(now: datetime, activities: Collection[int] = ()) -> list[Lapsed]:
    """Let go of what is over, one invoice or place a transaction; return it by who held it together.

    While the gateway does not answer, nothing is over. `activities` are those to look at: all, when none is named.
    """
    if outages.since():
        return []
    over = holds.due(now)
    if activities:
        over = over.where(CartItem.activity.in_(list(activities)))
    found: dict[tuple[int, int], list[CartItem]] = {}
    for item in over.limit(AT_ONCE):
        found.setdefault((item.household_id, item.invoice_id or 0), []).append(item)
    gone = []
    for (_household, invoice_id), items in found.items():
        with write():
            gone.append(_let_go(items, invoice_id, now))
    return [one for one in gone if one.items]


def free_of_who_left() -> int:
    """Free the places, on no invoice yet, of who died or is of another home; return how many went.

    Nobody is written to: neither home is told of the other, and no letter says of the dead that their time is over.
    """
    gone = CartItem.select().where(CartItem.state.in_(CartItem.TAKING), ~is_of_the_home())
    if not gone.exists():
        return 0
    with write():
        hold(gone)
        held = list(gone)
        holds.keep_places(item.activity_id for item in held)
        return sum(holds.remove(item) for item in held)


def _let_go(items: Sequence[CartItem], invoice_id: int, now: datetime) -> Lapsed:
    """Free these places, and those of the same invoice, in the caller's transaction."""
    if not invoice_id:
        _keep([item.id for item in items], [item.activity_id for item in items])
        return Lapsed([item for item in items if holds.lapse(item, now)], [])
    of_it = CartItem.invoice == invoice_id
    theirs = list(CartItem.select().where(of_it))
    hold(Invoice.select().where(Invoice.id.in_([one.id for one in invoices_of(theirs)])))  # from a payment that begins
    _keep([item.id for item in theirs], [item.activity_id for item in theirs])
    together = list(CartItem.select().where(of_it, CartItem.state == CartItem.HELD))
    if len(together) > CartItem.select().where(of_it, holds.is_due(now)).count():  # they go together, or not yet
        return Lapsed([], [])
    gone = [item for item in together if holds.lapse(item, now)]
    return Lapsed(gone, [one for one in invoices_of(gone) if issuing.cancel(one)])


def _keep(ids: Sequence[int], activities: Sequence[int]) -> None:
    """Keep others off these places until the transaction ends: they lapse together, or are all given more time."""
    hold(CartItem.select().where(CartItem.id.in_(list(ids))))
    holds.keep_places(activities)


def invoices_of(items: Sequence[CartItem]) -> list[Invoice]:
    """Return every invoice that has a line of these places, the one due first first."""
    lines = CartLine.select(CartLine.line).where(CartLine.item.in_([item.id for item in items]))
    theirs = InvoiceLine.select(InvoiceLine.invoice).where(InvoiceLine.id.in_(lines))
    return list(Invoice.select().where(Invoice.id.in_(theirs)).order_by(Invoice.due_on, Invoice.id))
