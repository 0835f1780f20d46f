"""What calendars were told: how often a thing's days or hours changed, and days that it has no more.

A calendar takes an event again only with a higher SEQUENCE, and keeps for ever what it is no more told of (RFC 5545,
3.8.7.4): a day that is cancelled must be told as cancelled.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from domain.common.batches import among
from models import CalendarChange


@dataclass(frozen=True)
class Told:
    """How often a thing changed since its calendars were first told of it, and the days it had once."""

    sequence: int = 0
    days: frozenset[date] = frozenset()


def note(kind: str, code: str, days: Iterable[date] = ()) -> None:
    """Note, in the caller's transaction, that what calendars tell of a thing changed; `days` are those it had."""
    row = CalendarChange.get_or_none(CalendarChange.kind == kind, CalendarChange.code == code)
    row = row or CalendarChange(kind=kind, code=code)
    had = set(row.days.split()) | {day.isoformat() for day in days}
    row.sequence, row.days = row.sequence + 1, " ".join(sorted(had))
    row.save()


def of(kind: str, codes: Collection[str]) -> dict[str, Told]:
    """Return by code what calendars were told of some things, also of those that never changed: one query."""
    rows = among(CalendarChange.select().where(CalendarChange.kind == kind), CalendarChange.code, codes)
    found = {row.code: Told(row.sequence, frozenset(map(date.fromisoformat, row.days.split()))) for row in rows}
    return {code: found.get(code, Told()) for code in codes}
