"""Calendar files (RFC 5545). Moments are written in UTC: the hour that comes twice in autumn is never mistaken."""

from collections.abc import Iterable
from datetime import UTC, datetime

from icalendar import Calendar, Event

from domain.common.calendars import Entry

PRODUCT = "-//Mon dossier loisirs//FR-CA"


def ics(name: str, entries: Iterable[Entry], made_at: datetime) -> bytes:
    """Write a calendar file."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "America/Montreal")
    for entry in entries:
        calendar.add_component(_event(entry, made_at))
    return calendar.to_ical()


def _event(entry: Entry, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", entry.key)
    event.add("dtstamp", made_at.replace(tzinfo=UTC))
    event.add("dtstart", entry.starts_at.replace(tzinfo=UTC))
    event.add("dtend", entry.ends_at.replace(tzinfo=UTC))
    event.add("summary", entry.title)
    event.add("location", entry.where)
    event.add("sequence", entry.sequence)
    event.add("status", _status(entry))
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    if entry.words:
        event.add("description", entry.words)
    return event


def _status(entry: Entry) -> str:
    if entry.cancelled:
        return "CANCELLED"
    return "TENTATIVE" if entry.tentative else "CONFIRMED"
