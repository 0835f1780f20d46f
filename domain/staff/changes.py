"""Changements à reporter: what was changed here and is to be keyed in the city's other system, or decided."""

from dataclasses import dataclass
from datetime import date

from city import City
from domain.common import alerts, audit, clock
from models import LocalChange, Person, StaffAccount, StaffSession, write

CARDS = "cards"


class OtherSince(Exception):
    """Tried to decide between two values, and the file brought a third, or somebody decided, meanwhile."""


@dataclass(frozen=True)
class ToKey:
    """A change to key, or to decide if the file says something else; `person` is whose card it is about."""

    change: LocalChange
    person: Person | None


def to_key(city: City, today: date) -> list[ToKey]:
    """Return what waits, the oldest first: of kinds of files whose master is still the other system."""
    waits = LocalChange.keyed_at.is_null() | LocalChange.other_value.is_null(False)
    changes = [
        change
        for change in LocalChange.select().where(waits).order_by(LocalChange.id)
        if city.imports.portal_since(change.kind, today) is None
    ]
    cards = [change.key for change in changes if change.kind == CARDS]
    people = {person.card_number: person for person in Person.select().where(Person.card_number.in_(cards))}
    return [ToKey(change, people.get(change.key)) for change in changes]


def read(visit: StaffSession, city: City, today: date) -> list[ToKey]:
    """Return what waits; a look at each file concerned is noted."""
    waiting = to_key(city, today)
    for one in waiting:
        if one.person is not None:
            audit.look(visit, audit.Act.CHANGE_READ, one.person)
    return waiting


def tick(staff: StaffAccount, change_id: int) -> None:
    """Note that somebody wrote a change in the other system; twice is once."""
    with write():
        ticked = LocalChange.update(keyed_at=clock.now(), keyed_by=staff.username).where(
            LocalChange.id == change_id, LocalChange.keyed_at.is_null()
        )
        if ticked.execute():
            _note(staff, audit.Act.CHANGE_KEYED, LocalChange.get_by_id(change_id))


def keep_ours(staff: StaffAccount, change_id: int, other_seen: str) -> None:
    """Stand by what was changed here: it is to be keyed again, and the file's new value no more news.

    Raises: OtherSince.
    """
    with write():
        change = _disputed(change_id, other_seen)
        again = {"file_value": other_seen, "other_value": None, "keyed_at": None, "keyed_by": ""}
        LocalChange.update(**again).where(LocalChange.id == change_id).execute()
        _note(staff, audit.Act.CHANGE_KEPT, change)


def take_the_files(staff: StaffAccount, change_id: int, other_seen: str) -> None:
    """Give up what was changed here: the next file writes its own. Raises: OtherSince."""
    with write():
        change = _disputed(change_id, other_seen)
        LocalChange.delete().where(LocalChange.id == change_id).execute()
        _note(staff, audit.Act.CHANGE_GIVEN_UP, change)


def _disputed(change_id: int, other_seen: str) -> LocalChange:
    """Return a change that the file gainsays, with what it said when the page was shown."""
    change = LocalChange.get_or_none(LocalChange.id == change_id, LocalChange.other_value == other_seen)
    if change is None:
        raise OtherSince
    return change


def _note(staff: StaffAccount, action: audit.Act, change: LocalChange) -> None:
    """Note who decided, and settle the import's alert once nothing of the same thing is disputed."""
    person = Person.get_or_none(Person.card_number == change.key) if change.kind == CARDS else None
    audit.by_staff(staff, action, person, change.field)
    same = (LocalChange.kind == change.kind) & (LocalChange.key == change.key)
    if not LocalChange.select().where(same, LocalChange.other_value.is_null(False)).exists():
        alerts.settle(alerts.of_import(change.kind), change.key)
