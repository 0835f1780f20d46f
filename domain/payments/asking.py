"""Asking the gateway of several rows: one question that fails, or an answer not booked, stops nothing behind it."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from domain.payments.gateway import AccountRefused, GatewayDown, NoSuchCharge, Uncertain

Row = TypeVar("Row")
Answer = TypeVar("Answer")

UNANSWERED = (Uncertain, NoSuchCharge, GatewayDown)
AWAY_AFTER = 5  # failures in a row: then it is the gateway, not the row, and each question waits for a time-out


def each(rows: Iterable[Row], ask: Callable[[Row], Answer], failed: Callable[[Row], None] | None = None) -> None:
    """Ask something of each row; `failed` is told of those that got no answer, and may put them off.

    Raises: the last failure, a fault of ours before the gateway's, once all were asked; AccountRefused and the fifth
    failure in a row at once.
    """
    last: Exception | None = None
    fault: Exception | None = None
    in_a_row = 0
    for row in rows:
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
