"""Tables for people, read back by other programs: a spreadsheet set to Quebec's French, and a workbook's reader."""

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from adapters import spreadsheets

HEADER = ["Nom", "Montant ($)", "Jour", "Moment", "Nombre", "Rien"]
ROW = ["Trần, « Zoé »", Decimal("-1234.50"), date(2026, 11, 23), datetime(2026, 7, 2, 1, 30), 12, None]
FORMULAS = ["=1+1", "+33", "-2+3", "@SUM(A1)", "\t=1", "https://exemple.ca", "'=x"]


def test_text_opens_right_in_quebecs_french():
    text = spreadsheets.csv_text(HEADER, [ROW])
    assert text.startswith("\ufeff")
    [header, row] = csv.reader(io.StringIO(text[1:]), delimiter=";")
    assert header == HEADER
    assert row == ["Trần, « Zoé »", "-1234,50", "2026-11-23", "2026-07-01 21:30", "12", ""]


@pytest.mark.parametrize("typed", FORMULAS[:5])
def test_what_looks_like_a_formula_is_defused_in_text(typed):
    [_header, row] = csv.reader(io.StringIO(spreadsheets.csv_text(["a"], [[typed]])), delimiter=";")
    assert row == [f"'{typed}"]


def test_a_workbook_has_numbers_days_and_hours():
    book = CalamineWorkbook.from_filelike(io.BytesIO(spreadsheets.workbook(("Paiements", HEADER, [ROW]))))
    assert book.sheet_names == ["Paiements"]
    [header, row] = book.get_sheet_by_index(0).to_python()
    assert header == HEADER
    assert row == ["Trần, « Zoé »", -1234.5, date(2026, 11, 23), datetime(2026, 7, 1, 21, 30), 12.0, ""]


def test_no_text_of_a_workbook_is_a_formula_or_a_link():
    content = spreadsheets.workbook(("a", ["a"], [[text] for text in FORMULAS]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [cell for [cell] in rows[1:]] == FORMULAS
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_a_text_longer_than_a_cell_is_cut_and_loses_no_other():
    content = spreadsheets.workbook(("a", ["a", "b"], [["x" * 40_000, "y"]]))
    [_header, row] = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert (len(row[0]), row[1]) == (spreadsheets.LONGEST_CELL, "y")
