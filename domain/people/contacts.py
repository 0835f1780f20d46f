"""Whom to call for someone: several, in order, each home's own list.

Of someone of several of an account's households, all of them call the same. A contact is known by name and telephone.
"""

from collections.abc import Sequence

from peewee import Expression, IntegrityError, ModelSelect, fn

from domain.common import audit
from domain.people import household
from models import Account, EmergencyContact, Membership, Person, write

MOST = 8


class TooMany(Exception):
    """Tried to enter one more contact than a home has room for."""


class AlreadyThere(Exception):
    """Tried to make of a contact one that is there already."""


def of_several(people: Sequence[Person], household_ids: Sequence[int]) -> dict[int, list[EmergencyContact]]:
    """Return whom some households call for some people, in order, by person; who is entered in several stands once."""
    rows = EmergencyContact.select().where(
        EmergencyContact.person.in_(people), EmergencyContact.household.in_(household_ids)
    )
    found: dict[int, list[EmergencyContact]] = {}
    for row in in_order(rows):
        hers = found.setdefault(row.person_id, [])
        if not any((row.name, row.phone) == (one.name, one.phone) for one in hers):
            hers.append(row)
    return found


def in_order(rows: "ModelSelect[EmergencyContact]") -> "ModelSelect[EmergencyContact]":
    """Return contacts as they are to be called."""
    return rows.order_by(EmergencyContact.rank, EmergencyContact.id)


def add(account: Account, person: Person, name: str, phone: str, relation: str) -> None:
    """Enter one more, called last, in each of the account's households that the person is of; twice is once.

    Raises: TooMany.
    """
    with write():
        for household_id in _homes(account, person):
            here = EmergencyContact.select().where(*_at(person, [household_id]))
            same = (EmergencyContact.name == name) & (EmergencyContact.phone == phone)
            if here.count() >= MOST and not here.where(same).exists():
                raise TooMany
            last = here.select(fn.MAX(EmergencyContact.rank)).scalar() or 0
            values = {"person": person, "household": household_id, "name": name, "phone": phone}
            EmergencyContact.insert(**values, relation=relation, rank=last + 1).on_conflict(
                conflict_target=list(map(EmergencyContact._meta.fields.get, values)),
                update={EmergencyContact.relation: relation},
            ).execute()
        _note(account, person)


def find(account: Account, person: Person, contact_id: int) -> EmergencyContact | None:
    """Return a contact of the account's households for someone, None when it is no longer there."""
    mine = _at(person, _homes(account, person))
    return EmergencyContact.get_or_none(EmergencyContact.id == contact_id, *mine)


def change(account: Account, contact: EmergencyContact, name: str, phone: str, relation: str) -> None:
    """Correct who a contact is. Raises: AlreadyThere."""
    values = {"name": name, "phone": phone, "relation": relation}
    try:
        with write():
            EmergencyContact.update(**values).where(*_same(account, contact)).execute()
            _note(account, contact.person)
    except IntegrityError:
        raise AlreadyThere from None


def remove(account: Account, contact: EmergencyContact) -> None:
    """Take a contact off the list."""
    with write():
        EmergencyContact.delete().where(*_same(account, contact)).execute()
        _note(account, contact.person)


def put_first(account: Account, contact: EmergencyContact) -> None:
    """Have a contact called before the others."""
    with write():
        here = _at(contact.person, _homes(account, contact.person))
        first = EmergencyContact.select(fn.MIN(EmergencyContact.rank)).where(*here).scalar() or 0
        EmergencyContact.update(rank=first - 1).where(*_same(account, contact)).execute()
        _note(account, contact.person)


def _homes(account: Account, person: Person) -> list[int]:
    """Return the account's households that someone is of; none before the city knows whose the account is."""
    if not household.reads_contacts(account):
        return []
    mine = Membership.household.in_(account.household_ids())
    return list(Membership.select(Membership.household).where(Membership.person == person, mine).scalars())


def _at(person: Person, household_ids: list[int]) -> tuple[Expression, ...]:
    return EmergencyContact.person == person, EmergencyContact.household.in_(household_ids)


def _same(account: Account, contact: EmergencyContact) -> tuple[Expression, ...]:
    """Return what a contact and its copies in the account's other households are known by."""
    who = EmergencyContact.name == contact.name, EmergencyContact.phone == contact.phone
    return *_at(contact.person, _homes(account, contact.person)), *who


def _note(account: Account, person: Person) -> None:
    audit.by_resident(account, audit.Act.EMERGENCY_CONTACT, subject=str(person.id))
