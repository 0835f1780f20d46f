"""What an import reads, means to do, and did."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from models import Table

Thing = TypeVar("Thing")
Cells = dict[str, Any]  # by column: what its reader makes of a cell
Record = TypeVar("Record", bound=Table)


class Watch(Protocol):
    """Looks on while things are gone through, such as a progress bar; `iter` is nobody."""

    def __call__(self, things: Iterable[Thing], /) -> Iterable[Thing]:
        """Yield the same things."""


@dataclass(frozen=True)
class Row:
    """A line of the file, read: its values by column, and the columns that the file has not."""

    line: int
    values: Cells
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Problem:
    """Why a row is refused or left alone: its line (the header is line 1), the column, and what to do.

    `key` is what is left alone, as the file's first column names it.
    """

    line: int
    column: str
    reason: str
    key: str = ""

    def __str__(self) -> str:
        return f"ligne {self.line}, {self.column} : {self.reason}"


@dataclass
class Outcome:
    """What an import would do, and has done once its plan is carried out."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Problem] = field(default_factory=list)
    left_alone: list[Problem] = field(default_factory=list)

    def not_created(self, problem: Problem) -> None:
        """Leave alone what was to be created."""
        self.created -= 1
        self.left_alone.append(problem)

    def not_updated(self, problem: Problem) -> None:
        """Leave alone what was to be updated."""
        self.updated -= 1
        self.left_alone.append(problem)


Change = Callable[[Outcome], None]  # writes a thing whole, in the caller's transaction, if it still is as planned


@dataclass
class Plan:
    """What a file changes; the outcome counts it already, and a change that cannot be made any more says so to it."""

    outcome: Outcome = field(default_factory=Outcome)
    changes: list[Change] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)  # of all the file speaks of


def by_key(query: Iterable[Record], name: str) -> dict[str, Record]:
    """Return a query's rows by one of their fields."""
    return {getattr(row, name): row for row in query}
