"""The catalogue as open data."""

import csv
import io

from tests.factories import make_group, make_place


def test_it_has_a_row_a_group_and_no_number_of_places(client):
    group = make_group(make_place(code="ecole"), capacity=1, price_cents=5_800)
    answer = client.get("/inscription/activites.csv")
    assert answer.mimetype == "text/csv"
    [row] = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row["activity"], row["place"], row["price"], row["places"]) == (group.code, "ecole", "58.00", "few")
    assert row["starts_on"] == group.starts_on.isoformat()
