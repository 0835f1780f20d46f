"""Bringing the city's data in: all of a file or nothing, the same file twice changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from peewee import Model

BATCH = 200  # rows an INSERT; SQLite takes 32,766 values at most


@dataclass
class Problem:
    """Why a row is refused or left alone."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"ligne {self.line}, {self.column} : {self.reason}"


@dataclass
class Outcome:
    """What an import did, or would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Problem] = field(default_factory=list)
    left_alone: list[Problem] = field(default_factory=list)


def insert_all(table: type[Model], rows: Sequence[dict]) -> None:
    """Insert rows by batches."""
    for start in range(0, len(rows), BATCH):
        table.insert_many(rows[start : start + BATCH]).execute()


def by_key(query: Iterable[Model], name: str) -> dict[str, Model]:
    """Return a query's rows by one of their fields."""
    return {getattr(row, name): row for row in query}
