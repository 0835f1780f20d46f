"""Asking the gateway of several rows: one question that fails, or an answer not booked, stops nothing behind it.

How long a row is asked about is told by when its question was due, not by today: one that had no answer, or whose
answer was not booked, is still to be asked, however long the portal stood still.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from peewee import Expression, Field

from domain.payments.gateway import AccountRefused, GatewayDown, NoSuchCharge, Uncertain

Row = TypeVar("Row")
Answer = TypeVar("Answer")

UNANSWERED = (Uncertain, NoSuchCharge, GatewayDown)
GIVEN_BACK_FOLLOWED_FOR = timedelta(days=14)  # a bank may send back what was given
STOOD_STILL_FOR = timedelta(days=60)  # at most, with something to ask about still
AWAY_AFTER = 5  # failures in a row: then it is the gateway, not the row, and each question waits for a time-out


def each(rows: Iterable[Row], ask: Callable[[Row], Answer], failed: Callable[[Row], None] | None = None) -> None:
    """Ask something of each row; `failed` is told of those that got no answer, and may put them off.

    Raises: the last failure, a fault of ours before the gateway's, once all were asked; AccountRefused and the fifth
    failure in a row at once.
    """
    last: Exception | None = None
    fault: Exception | None = None
    in_a_row = 0
    for row in list(rows):  # read before anything is booked: SQLite lets nobody write after who wrote while he read
        try:
            ask(row)
        except AccountRefused:
            raise
        except Exception as problem:
            last, in_a_row = problem, in_a_row + 1
            if not isinstance(problem, UNANSWERED):
                fault = problem
            if failed:
                failed(row)
            if in_a_row == AWAY_AFTER:
                raise
        else:
            in_a_row = 0
    if worst := fault or last:
        raise worst


def lately(field: Field, now: datetime, longest: timedelta) -> Expression:
    """Return the condition that a moment may be one of a row still asked about: the years behind are not looked at."""
    return field.between(now - longest - STOOD_STILL_FOR, now)


def is_followed(due_at: datetime | None, since: datetime | None) -> bool:
    """Tell whether the next question about what was given back is still one of its days."""
    return bool(due_at and since and due_at < since + GIVEN_BACK_FOLLOWED_FOR)
