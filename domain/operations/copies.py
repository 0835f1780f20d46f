"""Which copies of the database are kept: one an hour for a day, then one a day for two weeks."""

import re
from collections.abc import Iterable
from datetime import datetime

HOURS, DAYS = 24, 14
SEALED = ".age"
NAMED, HOUR = re.compile(r"copie-(\d{8}T\d{2})Z\.db(\.age)?"), "%Y%m%dT%H"


def name(now: datetime, *, sealed: bool) -> str:
    """Return the name of the copy of this UTC hour: a second one takes its place."""
    return f"copie-{now.strftime(HOUR)}Z.db{SEALED if sealed else ''}"


def hour(name: str) -> datetime | None:
    """Return the UTC hour that a copy is of; None when the file is none of the copies."""
    named = NAMED.fullmatch(name)
    return datetime.strptime(named[1], HOUR) if named else None


def latest(names: Iterable[str]) -> str | None:
    """Return the newest of the copies, None when there is none."""
    return next(iter(_newest_first(names)), None)


def superfluous(names: Iterable[str]) -> set[str]:
    """Return the copies to take away. What is not named like a copy is nobody's here, and stays.

    The newest 24 stay, and the last of each of the newest 14 days: a machine that was off for a month loses none to it.
    """
    copies = _newest_first(names)
    last_of_day: dict[str, str] = {}
    for one in copies:
        last_of_day.setdefault(_day(one), one)
    return set(copies[HOURS:]) - set(list(last_of_day.values())[:DAYS])


def _newest_first(names: Iterable[str]) -> list[str]:
    return sorted((name for name in names if hour(name)), reverse=True)


def _day(name: str) -> str:
    return name.partition("T")[0]
