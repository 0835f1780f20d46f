"""What time it is: moments in UTC, days in Montreal. Nobody else asks the machine, whose zone is its own affair."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models import utcnow

MONTREAL = ZoneInfo("America/Montreal")


def now() -> datetime:
    """Return the present moment in UTC, without its zone, as every table stores it."""
    return utcnow()


def today() -> date:
    """Return the day it is in Montreal: an invoice due today is not late at 20:30 because UTC is a day ahead."""
    return local(now()).date()


def local(moment_utc: datetime) -> datetime:
    """Return a stored UTC moment in Montreal's time."""
    return moment_utc.replace(tzinfo=UTC).astimezone(MONTREAL)


def stored(moment_local: datetime) -> datetime:
    """Return a Montreal moment, with its zone or without, in UTC without zone, as every table stores it."""
    aware = moment_local if moment_local.tzinfo else moment_local.replace(tzinfo=MONTREAL)
    return aware.astimezone(UTC).replace(tzinfo=None)


def montreal_day(value: date) -> tuple[datetime, datetime]:
    """Return a Montreal day's first moment and the next day's, both in UTC without zone, as every table stores them."""
    return stored(datetime.combine(value, time(0))), stored(datetime.combine(value + timedelta(days=1), time(0)))


def days(first: date, last: date) -> Iterator[date]:
    """Return every day from the first to the last, both in it."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def noon(day: date) -> datetime:
    """Return noon of a day in Montreal, in UTC: the day stays the same on any clock near here."""
    return stored(datetime.combine(day, time(12)))
