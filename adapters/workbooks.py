"""Workbooks in: the first sheet's cells as texts, as the file would have them were it saved as CSV."""

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zipfile import BadZipFile, ZipFile

from defusedxml import ElementTree

ZIP = b"PK\x03\x04"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ERROR = re.compile(rb'<(?:\w+:)?c (?=[^>]*\bt="e")[^>]*\br="([A-Z]+[0-9]+)"')
EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number: the others became zeros


class BadWorkbook(Exception):
    """Tried to read as a workbook what is none, or is damaged."""


def is_one(raw: bytes) -> bool:
    """Tell whether a file begins as workbooks do."""
    return raw.startswith(ZIP)


def rows(raw: bytes) -> Iterator[list[str]]:
    """Yield the first sheet's rows as texts, from its first line on.

    Raises: BadWorkbook, also for a cell that is an error: the reader would make nothing of it.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
        found = sheet.to_python(skip_empty_area=False)
        wrong = ERROR.search(_first_sheet(raw))
    except (CalamineError, BadZipFile, KeyError, IndexError, ValueError, ElementTree.ParseError) as problem:
        raise BadWorkbook("ce classeur ne se lit pas : il est abîmé, ou n’est pas un .xlsx") from problem
    if wrong:
        raise BadWorkbook(f"case {wrong[1].decode()} : une erreur de tableur (comme #N/A), pas une valeur")
    for row in found:
        yield [_text(cell) for cell in row]


def _first_sheet(raw: bytes) -> bytes:
    """Return the first sheet's XML, as the workbook names it (ECMA-376, part 1, 18.2.19)."""
    with ZipFile(io.BytesIO(raw)) as parts:
        first = ElementTree.fromstring(parts.read("xl/workbook.xml")).find(f"{MAIN}sheets/{MAIN}sheet")
        if first is None:
            raise BadZipFile
        for one in ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels")):
            if one.get("Id") == first.get(f"{RELATIONS}id"):
                return parts.read(f"xl/{(one.get('Target') or '').removeprefix('/xl/')}")
    raise BadZipFile


def _text(cell: object) -> str:
    """Return a cell as text. A number that lost digits says so: it is no key any more."""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        if cell.is_integer():
            return str(int(cell)) if abs(cell) < EXACT else f"{cell:E}"
        return repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes") if (cell.hour or cell.minute) else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        return f"{datetime.combine(date.min, time()) + cell:%H:%M}"
    return str(cell)
