"""Rows as a download holds them: typed for tables that people read, plain for JSON."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from models import Table

Row = TypeVar("Row", bound=Table)
Value = str | int | date | datetime | None
Item = dict[str, Value]
Told = Mapping[str, Callable[[Row], Value]]  # what is told instead of a column
Plain = dict[str, str | int | None]  # a moment or a day is its text


@dataclass(frozen=True)
class Section:
    """What is held of one kind: every field that a row may have, in order, and the rows."""

    fields: tuple[str, ...]
    rows: list[Item]


@dataclass(frozen=True)
class Columns(Generic[Row]):
    """Which of a table's columns are told (all but some, or some alone), and what is told instead of some, first."""

    table: type[Row]
    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    instead: Told[Row] | None = None

    def of(self, rows: Iterable[Row]) -> Section:
        """Return rows by these columns: days and moments (UTC) as they are."""
        instead = self.instead or {}
        own = [name for name in self.table._meta.sorted_field_names if self._is_told(name) and name not in instead]
        told = [{name: tell(row) for name, tell in instead.items()} | item(row, own) for row in rows]
        return Section((*instead, *own), told)

    def _is_told(self, name: str) -> bool:
        return name not in self.without and (not self.only or name in self.only)


def item(row: Table, only: Iterable[str]) -> Item:
    """Return some of a row's own columns, a key as its number."""
    return {name: row.__data__.get(name) for name in only}


def plain(section: Section) -> list[Plain]:
    """Return rows as JSON has them: dates in ISO 8601, moments in UTC."""
    return [{name: _plain(value) for name, value in row.items()} for row in section.rows]


def _plain(value: Value) -> str | int | None:
    return value.isoformat() if isinstance(value, date | datetime) else value
