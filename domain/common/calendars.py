"""What the house asks of whoever writes calendar files. adapters/calendar.py keeps the promise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Entry:
    """One thing to put in a calendar. Moments are UTC; `key` never changes, so that a second import updates it."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    where: str
    words: str = ""
    tentative: bool = False
    cancelled: bool = False
    sequence: int = 0  # higher each time that it changed: else a calendar keeps what it has


class CalendarFiles(Protocol):
    """Writes calendar files."""

    def ics(self, name: str, entries: Iterable[Entry], made_at: datetime) -> bytes:
        """Return the file of a calendar; `made_at` is UTC."""
