"""A partner's activity: the place is given without payment, by a written contract, and invoiced on its dates.

Consumer Protection Act (P-40.1), ss. 188 to 196: nothing is paid before the start, then in two payments or more, about
equal, each about the beginning of an equal part of the time; the contract is in writing, with a form to end it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN

from city import City
from city_registration import Partner
from domain.activities import schedule
from domain.activities.on_payment import enrol
from domain.billing import issuing
from domain.billing.issuing import Draft
from domain.billing.listener import Listener
from domain.cart import confirm, items
from domain.cart.confirm import Priced
from domain.common import clock, numbering
from domain.common.money import half_up
from domain.people import household
from models import Account, Activity, CartItem, PartnerContract, Person, PlannedInvoice, Registration

LEAST_PARTS = 2
PLANNED = PlannedInvoice.PLANNED
Printed = dict[str, Any]  # what is kept of a contract, as JSON has it
Schedule = Sequence[tuple[date, int]]


class NoSuchContract(Exception):
    """Tried to see a contract that does not exist, or is another household's."""


@dataclass(frozen=True)
class ContractDocument:
    """All that a contract prints: what was agreed to then, under the city's letterhead of today."""

    city: City
    contract: PartnerContract
    printed: Printed

    @property
    def number(self) -> str:
        return self.contract.number

    @property
    def issued_at(self) -> datetime:
        return self.contract.made_at

    @property
    def schedule(self) -> Schedule:
        return [(date.fromisoformat(day), cents) for day, cents in self.printed["schedule"]]


def is_by_contract(priced: Priced) -> bool:
    """Tell whether a place is a partner's, and costs something."""
    return priced.item.activity.provider == Activity.PARTNER and any(line.unit_price_cents for line in priced.lines)


def due_dates(activity: Activity, parts: int, today: date) -> list[date]:
    """Return the beginning of each equal part of the time: the first on the first day, or today once it has begun."""
    first = max(activity.starts_on, today)
    days = max((activity.ends_on - first).days + 1, parts)
    return [first + timedelta(days=days * number // parts) for number in range(parts)]


def parts(household_id: int, priced: Priced, today: date) -> list[tuple[Draft, list[int]]]:
    """Cut what a place costs into equal parts, taxed once: as many as its plan has, two at least."""
    count = max(LEAST_PARTS, len(priced.plan.percent))
    due = due_dates(priced.item.activity, count, today)
    whole = confirm.whole(household_id, [priced], today)
    cut = issuing.in_parts(whole, [""] * count, due, [[1] * count for _line in priced.lines])
    return [(draft, positions) for draft, positions in cut if draft.amounts.total_cents]


def planned(household_id: int, priced: Priced, today: date) -> Schedule:
    """Return when a partner's place is paid, and how much then, tax included, in cents."""
    return [(draft.due_on, draft.amounts.total_cents) for draft, _positions in parts(household_id, priced, today)]


def agree(household_id: int, priced: Priced, city: City, listener: Listener) -> PartnerContract | None:
    """Give a held place by a contract, in the caller's transaction; None when another was first."""
    item, now = priced.item, clock.now()
    given = enrol(item)
    registration = given and Registration.get_by_id(given.id)
    if registration is None or registration.item_id != item.id:  # the city's file gave it already
        return None
    cut = parts(household_id, priced, clock.today())
    contract = PartnerContract.create(
        number=numbering.own_code("contract"),
        registration=registration,
        household=household_id,
        made_at=now,
        total_cents=sum(draft.amounts.total_cents for draft, _positions in cut),
        printed=json.dumps(_printed(priced, [draft for draft, _positions in cut], city), ensure_ascii=False),
    )
    for number, (draft, positions) in enumerate(cut, 1):
        lines = [line | {"option": priced.options[at]} for line, at in zip(draft.lines, positions, strict=True)]
        PlannedInvoice.create(
            contract=contract,
            position=number,
            due_on=draft.due_on,
            total_cents=draft.amounts.total_cents,
            lines=json.dumps(lines, ensure_ascii=False),
        )
    listener.contracted(contract)
    return contract


def _printed(priced: Priced, drafts: Sequence[Draft], city: City) -> Printed:
    """Return what the law wants in the contract (P-40.1, s. 190)."""
    item, activity = priced.item, priced.item.activity
    consumer, partner = _consumer(item), partner_of(activity, city)
    days, net = list(schedule.held_on(activity)), sum(draft.amounts.subtotal_cents for draft in drafts)
    return {
        "consumer_id": consumer.id,
        "consumer": consumer.name,
        "consumer_address": [consumer.address, f"{consumer.city}  {consumer.postal_code}".strip()],
        "partner": partner.name,
        "partner_address": [*partner.address, *filter(None, (partner.phone, partner.email))],
        "made_in": consumer.city or partner.address[-1],
        "person": item.person.name,
        "title": activity.title,
        "description": activity.description,
        "place": activity.place.location,
        "starts_on": activity.starts_on.isoformat(),
        "ends_on": activity.ends_on.isoformat(),
        "days": len(days),
        "starts_at": f"{activity.starts_at:%H:%M}",
        "ends_at": f"{activity.ends_at:%H:%M}",
        "day_cents": half_up(net, len(days)) if days else net,
        "net_cents": net,
        "tps_cents": sum(draft.amounts.tps_cents for draft in drafts),
        "tvq_cents": sum(draft.amounts.tvq_cents for draft in drafts),
        "schedule": [(draft.due_on.isoformat(), draft.amounts.total_cents) for draft in drafts],
    }


def _consumer(item: CartItem) -> Person:
    """Return who agrees: whoever confirmed, while she is of that home; by staff, the oldest of the household."""
    account = items.taken_by(item)
    return account.person if account else household.people_of(item.household_id)[-1]


def partner_of(activity: Activity, city: City) -> Partner:
    """Return who gives an activity; who is not named in city.toml is reached through the city."""
    known = city.partners.get(activity.code) or city.partners.get(activity.programme)
    return known or Partner(name=f"{city.name} (mandataire)", address=city.address, phone=city.phone)


def find(number: str, account: Account, city: City) -> ContractDocument:
    """Return a contract of an account's households. Raises: NoSuchContract.

    The consumer's address stands on her own copy alone, and not before she is verified.
    """
    mine = PartnerContract.household.in_(account.household_ids())
    contract = PartnerContract.get_or_none(PartnerContract.number == number, mine)
    if contract is None:
        raise NoSuchContract(number)
    printed = json.loads(contract.printed)
    if not (_is_hers(contract, printed, account) and household.reads_contacts(account)):
        printed["consumer_address"] = []
    return ContractDocument(city, contract, printed)


def _is_hers(contract: PartnerContract, printed: Printed, account: Account) -> bool:
    """Tell whether an account's holder is the consumer; older ones say it by who put it in the cart."""
    item = contract.registration.item
    consumer_id = printed.get("consumer_id") or (item and _consumer(item).id)
    return bool(consumer_id == account.person_id)


def of_households(household_ids: Sequence[int], today: date) -> list[tuple[PartnerContract, list[PlannedInvoice]]]:
    """Return the households' contracts until their activity ends, each with what is still to come: one query."""
    to_come = (PlannedInvoice.contract == PartnerContract.id) & (PlannedInvoice.state == PLANNED)
    rows = (
        PartnerContract.select(PartnerContract, PlannedInvoice, Registration, Activity, Person)
        .join(PlannedInvoice, JOIN.LEFT_OUTER, on=to_come, attr="to_come")
        .switch(PartnerContract)
        .join(Registration)
        .join(Activity)
        .switch(Registration)
        .join(Person)
        .where(
            PartnerContract.household.in_(household_ids),
            Registration.status == Registration.CONFIRMED,
            (Activity.ends_on >= today) | PlannedInvoice.id.is_null(False),
        )
        .order_by(PartnerContract.id, PlannedInvoice.position)
    )
    found: dict[int, tuple[PartnerContract, list[PlannedInvoice]]] = {}
    for row in rows:
        planned = found.setdefault(row.id, (row, []))[1]
        if coming := getattr(row, "to_come", None):
            planned.append(coming)
    return list(found.values())
