"""What a household has in some seasons: places invoiced or confirmed keep their rank, and fill caps."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peewee import fn

from domain.activities import pricing
from domain.activities.enrolments import Enrolment
from domain.activities.pricing import Purse
from domain.common import clock
from models import (
    Activity,
    CartItem,
    CartLine,
    Invoice,
    InvoiceLine,
    Membership,
    PartnerContract,
    Person,
    PlannedInvoice,
    Registration,
)


@dataclass(frozen=True)
class Settled:
    """Places that are not priced again, and what was invoiced for them, before tax."""

    places: Sequence[Enrolment]
    paid_cents: Mapping[Purse, int]


def of_household(household_id: int, activities: Sequence[Activity]) -> Settled:
    """Return what counts beside new places of these activities: four queries, however many there are."""
    registered, invoiced = _registered(household_id, activities), _invoiced(household_id, activities)
    return Settled(
        [*registered, *invoiced],
        pricing.purses([*_lines(household_id, activities), *_planned(household_id, activities)]),
    )


def _of_their_seasons(activities: Sequence[Activity]) -> Sequence[str]:
    return sorted({one.season for one in activities})


def _registered(household_id: int, activities: Sequence[Activity]) -> list[Enrolment]:
    """Return confirmed places; one that the other home of a child took is the other home's."""
    theirs = Membership.select(Membership.person).where(Membership.household == household_id)
    # of a file nobody knows which home; said without OR, for which SQLite would read every row of all files
    ours = fn.COALESCE(Registration.household, household_id) == household_id
    rows = (
        Registration.select(Registration, Person, Activity)
        .join(Person)
        .switch(Registration)
        .join(Activity)
        .where(Registration.person.in_(list(theirs.scalars())), Registration.status == Registration.CONFIRMED, ours)
    )
    seasons = _of_their_seasons(activities)  # looked at here: the database would begin with all of the town's season
    return [
        Enrolment(f"registration {row.id}", row.person, row.activity, tuple(row.option.split()), row.registered_on, 0)
        for row in rows.order_by(Registration.id)
        if row.activity.season in seasons
    ]


def _invoiced(household_id: int, activities: Sequence[Activity]) -> list[Enrolment]:
    """Return held places that are on an invoice."""
    rows = (
        CartItem.select(CartItem, Person, Activity)
        .join(Person)
        .switch(CartItem)
        .join(Activity)
        .where(
            Activity.season.in_(_of_their_seasons(activities)),
            CartItem.household == household_id,
            CartItem.state == CartItem.HELD,
            CartItem.invoice.is_null(False),
        )
    )
    return [_enrolment(row) for row in rows.order_by(CartItem.held_at, CartItem.id)]


def _enrolment(row: CartItem) -> Enrolment:
    held_on = clock.local(row.held_at or row.chosen_at).date()
    return Enrolment(row.id, row.person, row.activity, tuple(row.options.split()), held_on, 1)


def _lines(household_id: int, activities: Sequence[Activity]) -> list[tuple[Activity, str, int]]:
    """Return the activity, the option and the cents before tax of each line invoiced for places."""
    rows = (
        CartLine.select(CartLine, InvoiceLine, CartItem, Activity)
        .join(InvoiceLine)
        .join(Invoice)
        .switch(CartLine)
        .join(CartItem)
        .join(Activity)
        .where(
            CartItem.household == household_id,
            CartItem.state.in_((CartItem.HELD, CartItem.CONFIRMED)),
            Activity.season.in_(_of_their_seasons(activities)),
            Invoice.status == Invoice.OPEN,
        )
    )
    return [(row.item.activity, row.option, row.line.net_cents) for row in rows]


def _planned(household_id: int, activities: Sequence[Activity]) -> list[tuple[Activity, str, int]]:
    """Return the same of what partners' contracts will invoice."""
    rows = (
        PlannedInvoice.select(PlannedInvoice, PartnerContract, Registration, Activity)
        .join(PartnerContract)
        .join(Registration)
        .join(Activity)
        .where(
            PartnerContract.household == household_id,
            PlannedInvoice.state == PlannedInvoice.PLANNED,
            Registration.status == Registration.CONFIRMED,
            Activity.season.in_(_of_their_seasons(activities)),
        )
    )
    return [
        (row.contract.registration.activity, line["option"], line["net_cents"])
        for row in rows
        for line in json.loads(row.lines)
    ]
