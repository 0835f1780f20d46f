"""CSV files in and out: any of the city's encodings and separators in, formulas defused on the way out."""

import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from operator import itemgetter
from pathlib import Path
from typing import Any, TextIO

from domain.common import clock
from domain.imports.outcome import Problem, Reason, Row

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST = 10_000_000  # of any unit: a price times a quantity must still fit the database's integers
SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009"), None)


class BadTable(Exception):
    """Tried to read a file that is not a table with the columns asked for."""


@dataclass(frozen=True)
class Column:
    """A column: its name, how its text is read (raising ValueError with the reason), and whether it must be there."""

    name: str
    read: Callable[[str], object]
    required: bool = True
    default: object = ""
    field: str = ""  # under which its value is known, when it is not its name


@dataclass(frozen=True)
class Source:
    """Where a column is in a row: how the file calls it, in which cells, how its text is taken (or a ValueError)."""

    column: Column
    called: str
    places: tuple[int, ...]
    take: Callable[[Sequence[str]], str]


Line = tuple[int, list[str]]  # its number, its cells


def read(path: Path, columns: Sequence[Column]) -> tuple[list[Row], list[Problem]]:
    """Read a table; return its rows, and what is wrong with the others.

    Raises: BadTable when it is not a table at all, or a required column is missing.
    """
    header, lines = table(path)
    return read_rows(lines, len(header), sources(header, columns), columns)


def sources(header: Sequence[str], columns: Sequence[Column]) -> list[Source]:
    """Return where the columns are in a file that names them as we do. Raises: BadTable."""
    names = [name.strip().casefold() for name in header]
    _check_header(names, columns)
    there = [(names.index(column.name), column) for column in columns if column.name in names]
    return [Source(column, column.name, (place,), itemgetter(place)) for place, column in there]


def table(path: Path, separator: str = "", header_line: int = 1) -> tuple[list[str], Iterator[Line]]:
    """Return a file's header, and its other lines, numbered; without `separator`, the header shows which it is.

    Raises: BadTable, also while the lines are gone through.
    """
    text = io.StringIO(_text(path), newline="")
    for _before in range(header_line - 1):
        text.readline()
    start = text.tell()
    separator = separator or _separator(text.readline())
    text.seek(start)
    lines = _numbered(csv.reader(text, delimiter=separator, strict=True), header_line)
    return next(lines, (header_line, []))[1], lines


def _numbered(lines: Any, first: int) -> Iterator[Line]:
    """Yield each line's cells with the number of the line that they begin on."""
    start = first
    try:
        for cells in lines:
            yield start, cells
            start = lines.line_num + first
    except csv.Error as problem:
        line = lines.line_num + first - 1
        raise BadTable(f"ligne {line} : le fichier CSV est mal formé ({problem})") from problem


def _text(path: Path) -> str:
    """Return the file's text: UTF-8 with or without a mark, else Windows-1252."""
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadTable("le fichier est en UTF-16 : enregistrez-le en « CSV UTF-8 »")
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise BadTable(f"ligne {line} : le fichier contient un caractère nul")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _separator(header: str) -> str:
    return ";" if header.count(";") > header.count(",") else ","


def _check_header(header: list[str], columns: Sequence[Column]) -> None:
    if not any(header):
        raise BadTable("le fichier est vide : il faut une première ligne avec le nom des colonnes")
    if twice := {name for name in header if header.count(name) > 1}:
        raise BadTable(f"ligne 1 : la colonne {sorted(twice)[0]} est là deux fois")
    if missing := [column.name for column in columns if column.required and column.name not in header]:
        raise BadTable(f"ligne 1 : il manque la colonne {', '.join(missing)}")


def read_rows(
    lines: Iterable[Line], width: int, where: Sequence[Source], columns: Sequence[Column]
) -> tuple[list[Row], list[Problem]]:
    """Read lines of `width` cells; return their rows, and what is wrong with the others."""
    rows, rejections = [], []
    there = {source.column.name for source in where}
    absent = {column.field or column.name: column.default for column in columns if column.name not in there}
    for line, cells in lines:
        if not any(cells):
            continue
        if len(cells) != width:
            counts = {"found": len(cells), "wanted": width}
            rejections.append(Problem(line, "toute la ligne", Reason.CELL_COUNT, counts))
            continue
        values = dict(absent)
        bad = len(rejections)
        for source in where:
            try:
                values[source.column.field or source.column.name] = read_cell(source, cells)
            except ValueError as problem:
                rejections.append(Problem(line, source.called, Reason.CELL, {"why": str(problem)}))
        if len(rejections) == bad:
            rows.append(Row(line, values, frozenset(absent)))
    return rows, rejections


def read_cell(source: Source, cells: Sequence[str]) -> object:
    """Return what a column is in a row. Raises: ValueError with the reason."""
    text = as_typed(source.take(cells).strip())
    return source.column.read(text) if text or source.column.required else source.column.default


def text(most: int = 255) -> Callable[[str], str]:
    """Return a reader of a text of 1 to `most` characters."""

    def check(cell: str) -> str:
        if not cell:
            raise ValueError("cette case est vide")
        if len(cell) > most:
            raise ValueError(f"plus de {most} caractères")
        return cell

    return check


def one_of(*allowed: str) -> Callable[[str], str]:
    """Return a reader of one of these words."""

    def check(cell: str) -> str:
        if cell.casefold() not in allowed:
            raise ValueError(f"« {cell[:40]} » n’est pas permis ; il faut {', '.join(allowed)}")
        return cell.casefold()

    return check


def day(cell: str) -> date:
    """Read a date such as 2026-11-23."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell, re.ASCII):
            raise ValueError
        return datetime.strptime(cell, "%Y-%m-%d").date()
    except ValueError:
        raise ValueError(f"« {cell[:40]} » n’est pas une date ; il faut par exemple 2026-11-23") from None


def days(cell: str) -> str:
    """Read days such as 2026-11-23 2026-11-30, put in order."""
    return " ".join(sorted({day(word).isoformat() for word in cell.replace(",", " ").replace(";", " ").split()}))


def time_of_day(cell: str) -> time:
    """Read a time of day such as 09:00."""
    try:
        return datetime.strptime(cell, "%H:%M").time()
    except ValueError:
        raise ValueError(f"« {cell[:40]} » n’est pas une heure ; il faut par exemple 09:00") from None


def moment(cell: str) -> datetime:
    """Read a moment of Montreal's such as 2026-12-05T18:00, or with seconds, as UTC.

    The hour that comes twice is its first time.
    """
    seconds = ":%S" if cell.count(":") > 1 else ""
    try:
        there = datetime.strptime(cell.replace(" ", "T"), f"%Y-%m-%dT%H:%M{seconds}").replace(tzinfo=clock.MONTREAL)
    except ValueError:
        raise ValueError(f"« {cell[:40]} » n’est pas un moment ; il faut par exemple 2026-12-05T18:00") from None
    utc = clock.stored(there)
    if clock.local(utc).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise ValueError(f"{cell} n’existe pas : l’heure avance cette nuit-là")
    return utc


def words(*allowed: str) -> Callable[[str], str]:
    """Return a reader of some of these words, put in their order."""

    def check(cell: str) -> str:
        found = cell.casefold().replace(",", " ").split()
        if not found or set(found) - set(allowed):
            raise ValueError(f"« {cell[:40]} » n’est pas permis ; il faut des mots parmi {' '.join(allowed)}")
        return " ".join(word for word in allowed if word in found)

    return check


def flag(cell: str) -> bool:
    """Read 0 or 1."""
    return one_of("0", "1")(cell) == "1"


def number(cell: str, decimals: int) -> int:
    """Read a number with at most `decimals` decimals as a whole number of the smallest unit."""
    bare = cell.translate(SPACES).replace(",", ".").replace("−", "-").removesuffix("$")
    match = re.fullmatch(rf"(-?)(\d{{1,10}})(?:\.(\d{{1,{decimals}}}))?", bare, re.ASCII)
    if not match:
        raise ValueError(f"« {cell[:40]} » n’est pas un nombre ; il faut par exemple 1234.56 ou 1 234,56")
    sign, whole, fraction = match.groups()
    if int(whole) >= MOST:
        raise ValueError(f"« {cell[:40]} » est trop grand")
    return int(sign + whole + (fraction or "").ljust(decimals, "0"))


def cents(cell: str) -> int:
    """Read an amount as cents."""
    return number(cell, 2)


def thousandths(cell: str) -> int:
    """Read a quantity as thousandths."""
    return number(cell, 3)


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a table in one step, the file before staying whole until then; return how many rows."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.unlink(missing_ok=True)
    with open(unfinished, "w", encoding="utf-8-sig", newline="", opener=_for_its_owner) as file:
        count = _write(file, header, rows)
    unfinished.replace(path)
    return count


def _for_its_owner(path: str, flags: int) -> int:
    """Open a file that nobody else may read: it names people."""
    return os.open(path, flags, 0o600)


def text_of(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as the text of a file to download."""
    file = io.StringIO(newline="")
    file.write("\ufeff")
    _write(file, header, rows)
    return file.getvalue()


def _write(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    writer = csv.writer(file)
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
        count += 1
    return count


def defused(cell: object) -> object:
    """Return a cell that a spreadsheet will not take for a formula; numbers stay as they are."""
    if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA) and not re.fullmatch(r"-?\d+(\.\d+)?", cell):
        return f"'{cell}"
    return cell


def as_typed(cell: str) -> str:
    """Return a cell as it was before it was defused: a telephone +1 819… comes back as it went out."""
    is_defused = cell.startswith("'") and cell.lstrip("'").startswith(FORMULA)
    return cell[1:] if is_defused else cell
