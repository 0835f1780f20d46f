"""Rows as JSON has them: what a download holds."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TypeVar

from models import Table

Row = TypeVar("Row", bound=Table)
Item = dict[str, str | int | None]  # a moment or a day is its text


def items(
    rows: Iterable[Row], without: tuple[str, ...], instead: Mapping[str, Callable[[Row], str]] | None = None
) -> list[Item]:
    """Return rows without some of their columns, and with what is told instead of some."""
    return [item(row, without) | {name: tell(row) for name, tell in (instead or {}).items()} for row in rows]


def item(row: Table, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> Item:
    """Return a row's own columns, or some of them alone: dates in ISO 8601, moments in UTC."""
    values = {name: value for name, value in row.__data__.items() if name not in without and (not only or name in only)}
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in values.items()}
