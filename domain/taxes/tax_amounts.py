"""What someone paid in a year that counts for taxes: child care, activities, gifts. Amounts paid, never those invoiced.

What was given back since is taken off the year of the payment (Relevé 24 guide RL-24.G: expenses paid, less refunds).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peewee import Case, ModelSelect, Node, fn

from city import City
from domain.activities.schedule import held_on
from domain.common import clock
from domain.common.batches import among
from models import (
    Activity,
    Allocation,
    CreditAllocation,
    CreditNote,
    GuestPayer,
    Invoice,
    InvoiceLine,
    Payment,
    Place,
    Registration,
    TaxReceipt,
)

Key = tuple[int | None, str, int | None, int | None]  # of Paid, all but the cents
WHOLE_FROM = 15  # the first payment known by that day of January: the year is taken to be whole


@dataclass(frozen=True)
class Paid:
    """What one person paid in a year for one other, or in one gift; `gift_id` is that payment's."""

    payer_id: int | None
    kind: str
    person_id: int | None
    gift_id: int | None
    cents: int


@dataclass(frozen=True)
class Care:
    """When and where a child was looked after in a year."""

    number: int
    first: date
    last: date
    places: tuple[str, ...]


def of_year(year: int, payer_ids: Iterable[int] | None = None) -> list[Paid]:
    """Return what was paid in a year, Montreal's, by these people or by everyone, what is nothing left out."""
    sums: dict[Key, int] = {}
    for key, cents in [*_received(year, payer_ids), *((key, -cents) for key, cents in _given_back(year, payer_ids))]:
        sums[key] = sums.get(key, 0) + cents
    return [Paid(*key, cents) for key, cents in sorted(sums.items(), key=str) if cents > 0]


def _received(year: int, payer_ids: Iterable[int] | None) -> list[tuple[Key, int]]:
    query = InvoiceLine.select(*_key(), fn.SUM(Allocation.amount_cents)).join(Allocation).join(Payment)
    return _summed(query, year, payer_ids)


def _given_back(year: int, payer_ids: Iterable[int] | None) -> list[tuple[Key, int]]:
    query = InvoiceLine.select(*_key(), fn.SUM(CreditAllocation.amount_cents))
    return _summed(query.join(CreditAllocation).join(CreditNote).join(Payment), year, payer_ids)


def _key() -> tuple[Node, Node, Node, Node]:
    """Return what amounts are added up by: a gift is its payment, whoever its line names."""
    is_gift = InvoiceLine.category == TaxReceipt.DONATION
    whom = Case(None, [(is_gift, None)], InvoiceLine.person)
    gift = Case(None, [(is_gift, Payment.id)], None)
    return Payment.payer, InvoiceLine.category, whom, gift


def _summed(query: "ModelSelect[InvoiceLine]", year: int, payer_ids: Iterable[int] | None) -> list[tuple[Key, int]]:
    start, end = bounds(year)
    query = query.where(
        InvoiceLine.category.in_(TaxReceipt.KINDS), Payment.resolved_at >= start, Payment.resolved_at < end
    ).group_by(*_key())
    if payer_ids is not None:
        query = query.where(Payment.payer.in_(list(payer_ids)))
    rows = query.tuples().iterator()
    return [((payer, kind, person, gift), int(cents)) for payer, kind, person, gift, cents in rows]


def services(year: int, payer_id: int, kind: str, person_id: int | None) -> list[str]:
    """Return the words of the lines paid in a year for someone, each once, in the order of the invoices."""
    start, end = bounds(year)
    rows = (
        InvoiceLine.select(InvoiceLine.description)
        .join(Allocation)
        .join(Payment)
        .where(
            Payment.payer == payer_id,
            Payment.resolved_at >= start,
            Payment.resolved_at < end,
            InvoiceLine.category == kind,
            InvoiceLine.person.is_null() if person_id is None else InvoiceLine.person == person_id,
            InvoiceLine.net_cents > 0,
        )
        .order_by(InvoiceLine.id)
    )
    return list(dict.fromkeys(rows.scalars()))


def without_payer_cents(household_ids: list[int], year: int) -> int:
    """Return what counts for taxes and was paid in a year on the households' invoices in nobody's name."""
    start, end = bounds(year)
    by_guest = fn.EXISTS(GuestPayer.select().where(GuestPayer.payment == Payment.id))
    paid = (
        Allocation.select(fn.SUM(Allocation.amount_cents))
        .join(Payment)
        .switch(Allocation)
        .join(InvoiceLine)
        .join(Invoice)
        .where(
            Invoice.household.in_(household_ids),
            fn.COALESCE(Payment.payer, 0) == 0,  # IS NULL would have every such payment of the city looked at
            ~by_guest,  # not NOT IN: PostgreSQL would read every guest of the city
            Payment.resolved_at >= start,
            Payment.resolved_at < end,
            InvoiceLine.category.in_(TaxReceipt.KINDS),
        )
    )
    return int(paid.scalar() or 0)


def care(person_ids: Iterable[int | None], year: int) -> dict[int | None, Care]:
    """Return when and where these children were looked after in a year, as their registrations say; by person.

    Nobody in particular, whose id is None, was looked after nowhere.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    known = {person_id for person_id in person_ids if person_id is not None}
    rows = (  # days are looked at below: the database would begin with all that the town held that year
        Registration.select(Registration, Activity, Place)
        .join(Activity)
        .join(Place)
        .where(
            Registration.status == Registration.CONFIRMED,
            Activity.category == TaxReceipt.CHILD_CARE,
        )
        .order_by(Activity.starts_on)
    )
    found: dict[int, tuple[set[date], dict[str, None]]] = {}
    for row in among(rows, Registration.person, known):
        held, places = found.setdefault(row.person_id, (set(), {}))
        held.update(day for day in held_on(row.activity) if first <= day <= last)
        places[row.activity.place.name] = None
    return {
        person_id: Care(len(held), min(held), max(held), tuple(places))
        for person_id, (held, places) in found.items()
        if held
    }


def years(payer_id: int, today: date, household_ids: Sequence[int] = ()) -> list[int]:
    """Return the years since someone's first payment, or her households' first invoice, the latest first."""
    paid = Payment.select(fn.MIN(Payment.resolved_at)).where(
        Payment.payer == payer_id, Payment.state.not_in(Payment.NOT_BOOKED_STATES)
    )
    issued = Invoice.select(fn.MIN(Invoice.issued_on)).where(Invoice.household.in_(household_ids))
    moment = paid.scalar()
    days_known = (today, clock.local(moment).date() if moment else None, issued.scalar() if household_ids else None)
    return list(range(today.year, min(day.year for day in days_known if day) - 1, -1))


def records_begin() -> datetime | None:
    """Return the moment (UTC) of the first payment known here, whoever's."""
    # not MIN: it would look at every payment, this at the first of an index
    booked = Payment.select(Payment.resolved_at).where(Payment.state.not_in(Payment.NOT_BOOKED_STATES))
    return booked.where(Payment.resolved_at.is_null(False)).order_by(Payment.resolved_at).limit(1).scalar()


def is_partial(year: int, city: City) -> bool:
    """Tell whether payments of a year are missing here: those made before the portal, and not imported."""
    if city.tax_receipts.first_complete_year:
        return year < city.tax_receipts.first_complete_year
    began = records_begin()
    return began is None or clock.local(began).date() > date(year, 1, WHOLE_FROM)


def bounds(year: int) -> tuple[datetime, datetime]:
    """Return a Montreal year's first moment and the next one's, in UTC."""
    return clock.montreal_day(date(year, 1, 1))[0], clock.montreal_day(date(year + 1, 1, 1))[0]
