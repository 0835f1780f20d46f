"""Many rows at once, a batch after the other."""

from collections.abc import Iterator, Sequence

from models import Table

BATCH = 200  # rows an INSERT; SQLite takes 32,766 values at most


def cut(things: Sequence) -> Iterator[Sequence]:
    """Yield a list's batches."""
    for start in range(0, len(things), BATCH):
        yield things[start : start + BATCH]


def insert_all(table: type[Table], rows: Sequence[dict]) -> None:
    """Insert rows by batches."""
    for batch in cut(rows):
        table.insert_many(batch).execute()
