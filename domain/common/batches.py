"""Many rows at once, a batch after the other."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from peewee import Field, Function, ModelSelect

from models import Table, Value

Thing = TypeVar("Thing")
Row = TypeVar("Row", bound=Table)

BATCH = 200  # rows an INSERT; SQLite takes 32,766 values at most


def cut(things: Collection[Thing], size: int = BATCH) -> Iterator[Sequence[Thing]]:
    """Yield a list's batches."""
    ordered = list(things)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def insert_all(table: type[Table], rows: Sequence[Mapping[str, Value]]) -> None:
    """Insert rows by batches."""
    for batch in cut(rows):
        table.insert_many(batch).execute()


def columns_among(
    query: "ModelSelect[Row]", field: Field | Function, values: Collection[Value]
) -> Iterator[tuple[Any, ...]]:
    """Yield the columns that a query selects of the rows whose field is one of many values."""
    for batch in cut(values):
        yield from query.where(field.in_(batch)).tuples().iterator()


def among(query: "ModelSelect[Row]", field: Field, values: Collection[Value]) -> Iterator[Row]:
    """Yield the rows of a query whose field is one of many values."""
    for batch in cut(values):
        yield from query.where(field.in_(batch))
