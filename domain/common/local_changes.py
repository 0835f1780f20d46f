"""What is changed here of things that the city's files bring as well: the nightly file must not undo it unasked.

Each is also work for whoever keeps the other system: it stays in the list until somebody says that it is written there,
or the file says the same.
"""

from collections.abc import Collection
from datetime import date, datetime

from domain.common import clock
from domain.common.batches import among
from models import LocalChange


def as_text(value: str | int | date | datetime | None) -> str:
    """Return a value as a file's column says it."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def note(kind: str, key: str, field: str, before: str, now: str, made_by: str = "") -> None:
    """Remember, in the caller's transaction, that a field was changed here, and which value of the file it replaces.

    Changed again, what the file said stays; changed to what the file says, there is nothing to remember.
    """
    mine = (LocalChange.kind == kind) & (LocalChange.key == key) & (LocalChange.field == field)
    LocalChange.insert(
        kind=kind, key=key, field=field, file_value=before, value=now, made_by=made_by, made_at=clock.now()
    ).on_conflict(
        conflict_target=[LocalChange.kind, LocalChange.key, LocalChange.field],
        update={
            LocalChange.value: now,
            LocalChange.made_by: made_by,
            LocalChange.made_at: clock.now(),
            LocalChange.keyed_by: "",
            LocalChange.keyed_at: None,
        },
    ).execute()
    said_by_the_file = (LocalChange.file_value == now) | (LocalChange.other_value == now)
    LocalChange.delete().where(mine, said_by_the_file).execute()


def of(kind: str, keys: Collection[str]) -> dict[str, dict[str, LocalChange]]:
    """Return what was changed here of some things, by key and field."""
    changes: dict[str, dict[str, LocalChange]] = {}
    for change in among(LocalChange.select().where(LocalChange.kind == kind), LocalChange.key, keys):
        changes.setdefault(change.key, {})[change.field] = change
    return changes


def forget(kind: str, key: str) -> None:
    """Forget, in the caller's transaction, what was changed of something whose time here is over."""
    LocalChange.delete().where(LocalChange.kind == kind, LocalChange.key == key).execute()
