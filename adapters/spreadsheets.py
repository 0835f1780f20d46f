"""Tables for people: they open right in a spreadsheet set to Quebec's French, as text or as a workbook.

What machines read, with points and ISO 8601, is csv_files'.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.csv_files import defused
from domain.common import clock

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | date | datetime | None  # a Decimal is an amount; a datetime is UTC
Table = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]  # its title, its headings, its rows
NUMBER, DAY, MOMENT = "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
LONGEST_CELL, LONGEST_TITLE = 32_767, 31  # of a workbook
WIDEST = 60  # characters


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as text: semicolons, decimal commas, Montreal's hours, a mark so that accents are read."""
    file = io.StringIO(newline="")
    file.write("\ufeff")
    writer = csv.writer(file, delimiter=";")
    writer.writerow(header)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return file.getvalue()


def workbook(*tables: Table) -> bytes:
    """Return tables as a workbook, a sheet each: numbers and days are such, and no text is a formula or a link."""
    from xlsxwriter import Workbook  # weighs 5 MB, for files that few ask for

    file = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, plain) as book:
        bold = book.add_format({"bold": True})
        formats = {kind: book.add_format({"num_format": kind}) for kind in (NUMBER, DAY, MOMENT)}
        for title, header, rows in tables:
            _fill(book.add_worksheet(title[:LONGEST_TITLE]), header, rows, bold, formats)
    return file.getvalue()


def write(path: Path, *tables: Table) -> None:
    """Write a workbook in one step, for its owner alone: it names people."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(workbook(*tables))
    unfinished.replace(path)


def _fill(
    sheet: Worksheet, header: Sequence[str], rows: Iterable[Sequence[Cell]], bold: Format, formats: dict[str, Format]
) -> None:
    widths = [len(name) for name in header]
    sheet.write_row(0, 0, header, bold)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], min(len(str(_text(cell))), WIDEST))
            _write(sheet, line, column, cell, formats)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 2)


def _write(sheet: Worksheet, line: int, column: int, cell: Cell, formats: dict[str, Format]) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(line, column, float(cell), formats[NUMBER])
    elif isinstance(cell, datetime):
        sheet.write_datetime(line, column, clock.local(cell).replace(tzinfo=None), formats[MOMENT])
    elif isinstance(cell, date):
        sheet.write_datetime(line, column, datetime(cell.year, cell.month, cell.day), formats[DAY])
    elif isinstance(cell, int):
        sheet.write_number(line, column, cell)
    elif cell:
        sheet.write_string(line, column, cell[:LONGEST_CELL])


def _text(cell: Cell) -> object:
    """Return a cell as Quebec's spreadsheets read it; a text that they would take for a formula is defused."""
    if isinstance(cell, Decimal):
        return str(cell).replace(".", ",")
    if isinstance(cell, datetime):
        return f"{clock.local(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else defused(cell)
