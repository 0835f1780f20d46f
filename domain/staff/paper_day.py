"""What the counter and leaders need of each group on a day without the portal: who is in, what is left, whom to call.

Nothing of the health forms: they are read one by one, each look noted, and a sheet of paper notes none.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peewee import fn

from city import City
from domain.common import audit, clock
from domain.common.batches import among
from domain.people import contacts
from models import (
    Activity,
    CartItem,
    EmergencyContact,
    Membership,
    Person,
    Place,
    PlacesTaken,
    Registration,
    write,
)

LAST_OF_ALL = 10**9  # a turn of which the file says no rank


@dataclass(frozen=True)
class Attending:
    """Somebody of a group, and whom to call: names and telephones, those of each of her homes."""

    person: Person
    age: int
    option: str
    emergency: Sequence[tuple[str, str]]
    adults: Sequence[tuple[str, str]]
    held_until: datetime | None = None  # UTC; of a place held until it is paid


@dataclass(frozen=True)
class Sheet:
    """A group: who is in, whose place is held, who waits, in order; `free` is None when nobody counts its places."""

    activity: Activity
    enrolled: Sequence[Attending]
    held: Sequence[Attending]
    waiting: Sequence[Attending]
    free: int | None


@dataclass(frozen=True)
class DayDocument:
    """All the groups, as the portal knew them at a moment (UTC)."""

    city: City
    issued_at: datetime
    sheets: Sequence[Sheet]


def document(city: City, now: datetime) -> DayDocument:
    """Return every group that is under registration or running, the first to begin first; that it was read is noted."""
    today = clock.local(now).date()
    groups = _groups(today)
    with write():
        audit.by_system(audit.Act.DAY_PRINTED, subject=f"{len(groups)} groups")
    ids = [one.id for one in groups]
    taken = {one.activity_id: one for one in among(PlacesTaken.select(), PlacesTaken.activity, ids)}
    registered = _registered(ids)
    held = _held(ids)
    people = {one.person_id for rows in registered.values() for one in rows}
    people |= {one.person_id for rows in held.values() for one in rows}
    whom = _Whom(people, city.adult_age, today)
    return DayDocument(
        city,
        now,
        [
            Sheet(
                one,
                whom.attending(registered.get((one.id, Registration.CONFIRMED), [])),
                whom.attending(held.get(one.id, [])),
                whom.attending(registered.get((one.id, Registration.WAITING), [])),
                _free(taken.get(one.id)),
            )
            for one in groups
        ],
    )


def _groups(today: date) -> list[Activity]:
    """Return what is not over and is the city's to register: sold here, or with somebody in it."""
    live = Registration.select().where(
        Registration.activity == Activity.id, Registration.status != Registration.CANCELLED
    )
    rows = Activity.select(Activity, Place).join(Place)
    rows = rows.where(Activity.ends_on >= today, Activity.register_at == "")
    rows = rows.where(Activity.capacity.is_null(False) | fn.EXISTS(live))
    return list(rows.order_by(Activity.starts_on, Activity.title, Activity.code))


def _free(counted: PlacesTaken | None) -> int | None:
    return counted.capacity - counted.taken if counted and counted.capacity is not None else None


def _registered(ids: Collection[int]) -> Mapping[tuple[int, str], list[Registration]]:
    """Return who is in, by name, and who waits, in order, by group and status."""
    live = Registration.select(Registration, Person).join(Person).where(Registration.status != Registration.CANCELLED)
    rows: dict[tuple[int, str], list[Registration]] = {}
    for one in among(live, Registration.activity, ids):
        rows.setdefault((one.activity_id, one.status), []).append(one)
    for (_group, status), some in rows.items():
        some.sort(key=_turn if status == Registration.WAITING else _name)
    return rows


def _turn(one: Registration) -> tuple[int, date, int]:
    return one.rank or LAST_OF_ALL, one.registered_on, one.id


def _name(one: Registration | CartItem) -> tuple[str, str, int]:
    return one.person.last_name.casefold(), one.person.first_name.casefold(), one.id


def _held(ids: Collection[int]) -> Mapping[int, list[CartItem]]:
    taking = CartItem.select(CartItem, Person).join(Person).where(CartItem.state.in_(CartItem.TAKING))
    rows: dict[int, list[CartItem]] = {}
    for one in among(taking, CartItem.activity, ids):
        rows.setdefault(one.activity_id, []).append(one)
    for some in rows.values():
        some.sort(key=_name)
    return rows


class _Whom:
    """Whom to call for some people, read once."""

    def __init__(self, people: Collection[int], adult_age: int, today: date) -> None:
        self._today, self._adult_age = today, adult_age
        self._homes: dict[int, list[int]] = {}
        for row in among(Membership.select().order_by(Membership.household), Membership.person, people):
            self._homes.setdefault(row.person_id, []).append(row.household_id)
        self._contacts: dict[int, list[tuple[str, str]]] = {}
        for contact in among(contacts.in_order(EmergencyContact.select()), EmergencyContact.person, people):
            self._contacts.setdefault(contact.person_id, []).append((contact.name, contact.phone))
        self._adults: dict[int, list[Person]] = {}
        living = Membership.select(Membership, Person).join(Person).where(Person.status != Person.DECEASED)
        homes = {home for several in self._homes.values() for home in several}
        for row in among(living.order_by(Membership.id), Membership.household, homes):
            if row.person.age_on(today) >= adult_age:
                self._adults.setdefault(row.household_id, []).append(row.person)

    def attending(self, rows: Sequence[Registration | CartItem]) -> list[Attending]:
        """Return the people of some rows, each with whom to call."""
        return [
            self._one(row.person, row.options, row.held_until)
            if isinstance(row, CartItem)
            else self._one(row.person, row.option)
            for row in rows
        ]

    def _one(self, person: Person, option: str, held_until: datetime | None = None) -> Attending:
        age = person.age_on(self._today)
        at_home = [one for home in self._homes.get(person.id, []) for one in self._adults.get(home, [])]
        adults = [person] if age >= self._adult_age else list({one.id: one for one in at_home}.values())
        return Attending(
            person,
            age,
            option,
            self._contacts.get(person.id, []),
            [(one.name, one.phone) for one in adults if one.phone],
            held_until,
        )
