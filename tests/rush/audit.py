"""The truth after a rush: what the database says of places, the gateway of charges, and the pages of what was paid."""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass, field

from models import Activity, CartItem, Invoice, Payment, PaymentInvoice, PlacesTaken, Registration
from tests.faults.audit import LIVE, held_cents


@dataclass
class Audit:
    """What is wrong, each named; of a place, of money. All must be empty."""

    oversold: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    charged_without_a_place: list[str] = field(default_factory=list)
    charges: int = 0
    registered: int = 0

    @property
    def clean(self) -> bool:
        return not (self.oversold or self.lost or self.charged_without_a_place)


def audit(rows: Sequence[dict], told_paid: Sequence[str]) -> Audit:
    """Hold the gateway's transactions and the payments that pages called paid against what stands here."""
    live = [row for row in rows if row["type"] == "sale" and row["status"] in LIVE and held_cents(row, rows) > 0]
    enrolled = {number for number in _invoices() if _is_enrolled(number)}
    paid_for = _paid_for()
    return Audit(
        oversold=_oversold(),
        lost=[f"told paid: {one}" for one in told_paid if not _stands(paid_for.get(one, []), enrolled)]
        + [f"settled: {number}" for number in _settled() if number not in enrolled],
        charged_without_a_place=[
            row["order_id"] for row in live if not _stands(paid_for.get(row["order_id"], []), enrolled)
        ],
        charges=len(live),
        registered=Registration.select().where(Registration.status == Registration.CONFIRMED).count(),
    )


def _oversold() -> list[str]:
    """Name the groups with more people than places, or whose count of places taken is not that of the people there."""
    there: Tally[int] = Tally()
    for table, live in (
        (CartItem, CartItem.state.in_(CartItem.TAKING)),
        (Registration, Registration.status == Registration.CONFIRMED),
    ):
        there.update(table.select(table.activity).where(live).scalars())
    counters = PlacesTaken.select(PlacesTaken, Activity).join(Activity)
    return [
        f"{one.activity.code}: {there[one.activity_id]} there, {one.taken} counted, {one.capacity} places"
        for one in counters
        if there[one.activity_id] != one.taken or (one.capacity is not None and there[one.activity_id] > one.capacity)
    ]


def _invoices() -> list[str]:
    """Return the invoices of places, of those that still hold and those that were given."""
    return list(Invoice.select(Invoice.number).join(CartItem).distinct().scalars())


def _is_enrolled(number: str) -> bool:
    """Tell whether every place that an invoice is for is its person's."""
    places = list(CartItem.select().join(Invoice).where(Invoice.number == number, CartItem.state != CartItem.REMOVED))
    confirmed = Registration.select(Registration.item).where(
        Registration.item.in_([one.id for one in places]), Registration.status == Registration.CONFIRMED
    )
    return bool(places) and {one.id for one in places} == set(confirmed.scalars())


def _settled() -> list[str]:
    settled = (Invoice.status == Invoice.OPEN) & (Invoice.left() <= 0)
    return list(Invoice.select(Invoice.number).join(CartItem).where(settled).distinct().scalars())


def _paid_for() -> dict[str, list[str]]:
    """Return the invoices that each payment which has the money pays, by its reference."""
    links = PaymentInvoice.select(Payment.reference, Invoice.number).join(Payment).switch(PaymentInvoice).join(Invoice)
    found: dict[str, list[str]] = {}
    for reference, number in links.where(Payment.state.in_(Payment.RECEIVED_STATES)).tuples().iterator():
        found.setdefault(reference, []).append(number)
    return found


def _stands(numbers: Sequence[str], enrolled: set[str]) -> bool:
    return bool(numbers) and all(number in enrolled for number in numbers)
