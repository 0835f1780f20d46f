"""Bringing the city's data in: all of a file or nothing, the same file twice changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from peewee import Model


@dataclass(frozen=True)
class Problem:
    """Why a row is refused or left alone: the file's line (the header is line 1), the column, and what to do."""

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


def by_key(query: Iterable[Model], name: str) -> dict[str, Model]:
    """Return a query's rows by one of their fields."""
    return {getattr(row, name): row for row in query}
