"""From held places to what is owed: one invoice, or one a date. Settled, the first gives the places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from city_registration import InstalmentPlan
from domain.billing import issuing
from domain.billing.issuing import Draft, LineDraft
from domain.billing.listener import Listener
from domain.common import numbering
from domain.common.batches import insert_all
from models import CartItem, CartLine, Invoice, InvoiceLine, Value

AT_ONCE = InstalmentPlan(percent=[100], due=[0])


class NothingHeld(Exception):
    """Tried to confirm a cart that holds nothing to be invoiced."""


class ConfirmedEnough(Exception):
    """Tried to confirm a cart more often than a household may in a day; nothing is made, and the places stay."""


class TotalChanged(Exception):
    """Tried to confirm another total than the cart's; nothing is made, and the places stay."""

    def __init__(self, total_cents: int) -> None:
        super().__init__(total_cents)
        self.total_cents = total_cents


@dataclass(frozen=True)
class Priced:
    """A held place with the lines of what it costs, of which option each is, and in how many parts that is paid."""

    item: CartItem
    lines: Sequence[LineDraft]
    options: Sequence[str]
    plan: InstalmentPlan = AT_ONCE


def whole(household: int, priced: Sequence[Priced], today: date) -> Draft:
    """Work out the invoice of held places, taxed once."""
    lines = [line for one in priced for line in one.lines]
    return issuing.draft("", household, today, today, lines)


def invoice(
    household: int, priced: Sequence[Priced], seen_cents: int, today: date, listener: Listener
) -> list[Invoice]:
    """Make the invoices of held places, in the caller's transaction: the first is to be settled for the places.

    Raises: NothingHeld, TotalChanged.
    """
    if not priced:
        raise NothingHeld
    draft = whole(household, priced, today)
    if draft.amounts.total_cents != seen_cents:
        raise TotalChanged(draft.amounts.total_cents)
    numbers = [numbering.own_code("invoice") for _ in _days(priced)]
    return _write(priced, _parts(draft, priced, numbers, today), listener)


def schedule(household: int, priced: Sequence[Priced], today: date) -> list[tuple[date, int]]:
    """Return when held places are paid, and how much then, tax included, in cents."""
    if not priced:
        return []
    parts = _parts(whole(household, priced, today), priced, [""] * len(_days(priced)), today)
    return [(part.due_on, part.amounts.total_cents) for part, _positions in parts]


def _days(priced: Sequence[Priced]) -> list[int]:
    return sorted({days for one in priced for days in one.plan.due})


def _parts(
    draft: Draft, priced: Sequence[Priced], numbers: Sequence[str], today: date
) -> list[tuple[Draft, list[int]]]:
    """Cut an invoice into one a date of the places' plans."""
    days = _days(priced)
    percents = [[_percent(one.plan).get(day, 0) for day in days] for one in priced for _line in one.lines]
    return issuing.in_parts(draft, numbers, [today + timedelta(days=day) for day in days], percents)


def _percent(plan: InstalmentPlan) -> Mapping[int, int]:
    return dict(zip(plan.due, plan.percent, strict=True))


def _write(priced: Sequence[Priced], parts: Sequence[tuple[Draft, list[int]]], listener: Listener) -> list[Invoice]:
    """Write the invoices and which lines are whose, before anybody hears that one is settled."""
    drafts = [draft for draft, _positions in parts]
    ids = issuing.write_all(drafts)
    CartItem.update(invoice=ids[0]).where(CartItem.id.in_([one.item.id for one in priced])).execute()
    owners: list[dict[str, Value]] = [
        {"item": one.item.id, "option": option} for one in priced for option in one.options
    ]
    for invoice_id, (_draft, positions) in zip(ids, parts, strict=True):
        lines = InvoiceLine.select(InvoiceLine.id).where(InvoiceLine.invoice == invoice_id)
        found = lines.order_by(InvoiceLine.position).scalars()
        rows = [owners[at] | {"line": line} for at, line in zip(positions, found, strict=True)]
        insert_all(CartLine, rows)
    issuing.tell_settled(drafts, listener)
    return list(Invoice.select().where(Invoice.id.in_(ids)).order_by(Invoice.due_on, Invoice.id))
