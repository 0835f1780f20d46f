"""A workbook's first sheet says what the file would say were it saved as CSV."""

from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
from xlsxwriter import Workbook

from adapters import workbooks


def made(*rows: tuple, sheets: tuple[str, ...] = ("a",)) -> bytes:
    """Make a workbook whose first sheet has these rows, and the others something else."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        for number, name in enumerate(sheets):
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows if number == 0 else [("other",)]):
                sheet.write_row(line, 0, row)
    return file.getvalue()


def test_cells_are_texts():
    rows = made(("a", 12, 40.5, True, date(2026, 11, 23), datetime(2026, 11, 23, 18, 30), time(9, 5), None, "000123"))
    assert list(workbooks.rows(rows)) == [
        ["a", "12", "40.5", "1", "2026-11-23", "2026-11-23T18:30", "09:05", "", "000123"]
    ]


def test_the_first_sheet_alone_is_read_from_its_first_line():
    content = made((), ("a", "b"), ("x", 1), sheets=("première", "autre"))
    assert list(workbooks.rows(content)) == [["", ""], ["a", "b"], ["x", "1"]]


def test_a_number_that_lost_digits_is_no_whole_number_any_more():
    [[kept, lost]] = workbooks.rows(made((202611000123, 2026110001234567)))
    assert kept == "202611000123"
    assert "E" in lost


def test_a_duration_past_midnight_is_an_hour():
    [[hour]] = workbooks.rows(made((timedelta(hours=18, minutes=30),)))
    assert hour == "18:30"


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!"])
def test_a_cell_that_is_an_error_is_named(error):
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["card_number", "household"])
        sheet.write_formula(1, 1, "=NA()", None, error)
    with pytest.raises(workbooks.BadWorkbook, match="case B2 : une erreur de tableur"):
        list(workbooks.rows(file.getvalue()))


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500])
def test_a_damaged_one_is_said(content):
    with pytest.raises(workbooks.BadWorkbook, match="abîmé"):
        list(workbooks.rows(content))


@pytest.mark.parametrize(
    "cell", [b'<c r="B2" t="e">', b'<c r="B2" s="1" t="e">', b'<c t="e" r="B2">', b'<x:c s="2" t="e" r="B2"/>']
)
def test_an_error_is_seen_however_its_cell_is_written(cell):
    assert workbooks.ERROR.search(b'<c r="A1" t="s"><v>0</v></c>' + cell)[1] == b"B2"
    assert not workbooks.ERROR.search(b'<c r="A1" t="s"><v>e</v></c><c r="B2" t="n"/><col r="C3" t="e"/>')
