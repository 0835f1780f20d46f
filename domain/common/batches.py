"""Many rows at once, a batch after the other."""

from collections.abc import Collection, Iterator, Sequence

from peewee import Field, ModelSelect

from models import Table

BATCH = 200  # rows an INSERT; SQLite takes 32,766 values at most


def cut(things: Collection, size: int = BATCH) -> Iterator[Sequence]:
    """Yield a list's batches."""
    things = list(things)
    for start in range(0, len(things), size):
        yield things[start : start + size]


def insert_all(table: type[Table], rows: Sequence[dict]) -> None:
    """Insert rows by batches."""
    for batch in cut(rows):
        table.insert_many(batch).execute()


def among(query: ModelSelect, field: Field, values: Collection) -> Iterator:
    """Yield the rows of a query whose field is one of many values."""
    for batch in cut(values):
        yield from query.where(field.in_(batch))
