"""What the worker does at the gateway, a row at a time: for each kind, which rows are due, and how one advances."""

from collections.abc import Callable
from typing import NamedTuple

from domain.payments import lifecycle, refunds, saved_cards, unmatched_charges, webhooks
from domain.payments.context import Context


class Task(NamedTuple):
    """A kind of work. `due` returns ids; `advance` may wait for the network."""

    due: Callable[[], list[int]]
    advance: Callable[[int, Context], None]


TASKS = {
    "payment": Task(lifecycle.due_for_work, lifecycle.advance),
    "refund": Task(refunds.due_for_work, refunds.advance),
    "unmatched charge": Task(unmatched_charges.due_for_work, unmatched_charges.advance),
    "webhook": Task(webhooks.due_for_work, webhooks.advance),
    "card": Task(saved_cards.due_for_work, saved_cards.advance),
}


def due(kinds: tuple[str, ...] = tuple(TASKS)) -> list[tuple[str, int]]:
    """Return what is to be done now, as (kind, id)."""
    return [(kind, key) for kind in kinds for key in TASKS[kind].due()]


def advance(kind: str, key: int, context: Context) -> None:
    """Do one thing."""
    TASKS[kind].advance(key, context)
