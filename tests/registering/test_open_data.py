"""The catalogue as open data."""

import csv
import io

from python_calamine import CalamineWorkbook

from tests.factories import make_group, make_place


def test_it_has_a_row_a_group_and_no_number_of_places(client):
    group = make_group(make_place(code="ecole"), capacity=1, price_cents=5_800)
    answer = client.get("/inscription/activites.csv")
    assert answer.mimetype == "text/csv"
    [row] = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row["activity"], row["place"], row["price"], row["places"]) == (group.code, "ecole", "58.00", "few")
    assert row["starts_on"] == group.starts_on.isoformat()


def test_people_get_a_workbook_in_french_with_the_same_groups(client):
    group = make_group(make_place(code="ecole", name="École Saint-Jean"), capacity=1, price_cents=5_800)
    answer = client.get("/inscription/activites.xlsx")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    header, row = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    said = dict(zip(header, row, strict=True))
    assert (said["Lieu"], said["Prix ($)"], said["Places"]) == ("École Saint-Jean", 58, "3 places ou moins")
    assert said["Premier jour"] == group.starts_on
    assert said["Code"] == group.code
    assert client.get("/inscription/activites.pdf").status_code == 404
