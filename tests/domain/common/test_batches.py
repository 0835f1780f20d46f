"""Many rows go in by batches, each once."""

import pytest

from domain.common import batches
from models import Household


@pytest.mark.parametrize("rows", [0, 1, batches.BATCH, batches.BATCH + 1])
def test_every_row_is_inserted_once_however_many_batches_they_make(db, queries, rows):
    with queries() as made:
        batches.insert_all(Household, [{"code": f"D{number}"} for number in range(rows)])
    assert len([query for query in made if query.startswith("INSERT")]) == -(-rows // batches.BATCH)
    assert {one.code for one in Household.select()} == {f"D{number}" for number in range(rows)}
