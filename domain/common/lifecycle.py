"""One life, one way to write it: a row has a `state`, its table of TRANSITIONS says where that may lead."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from peewee import Expression, Field

from models import (
    CartItem,
    Dispute,
    Instalment,
    Overpayment,
    Payment,
    PlannedInvoice,
    Refund,
    SavedCard,
    UnmatchedCharge,
    Value,
)

# what has a state
Living = CartItem | Dispute | Instalment | Overpayment | Payment | PlannedInvoice | Refund | SavedCard | UnmatchedCharge
Transitions = Mapping[str, Collection[str]]


class NoSuchMove(Exception):
    """Tried to move a row to a state that its transitions do not lead to from its own."""


def move(row: Living, transitions: Transitions, to_state: str, **values: Value) -> bool:
    """Change a row's state and these values once, by one conditional UPDATE, in the caller's transaction.

    Returns whether this call made the change: another thread or process may have been first. Raises: NoSuchMove.
    """
    from_state = row.state
    if to_state not in transitions[from_state]:
        raise NoSuchMove(from_state, to_state)
    table = type(row)
    changed = table.update(state=to_state, **values).where(table.id == row.id, table.state == from_state).execute()
    if not changed:
        return False
    for name, value in (values | {"state": to_state}).items():
        setattr(row, name, value)
    return True


def is_due(due_at: Field, now: datetime, longest: timedelta) -> Expression:
    """Return the condition that a row's moment has come.

    One further away than the `longest` that any is ever put off was planned before the clock was set back.
    """
    return (due_at <= now) | (due_at > now + 2 * longest)
