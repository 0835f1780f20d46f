"""What a file is: its encoding, its separator, or a workbook's first sheet; in the end a header, and lines of texts.

Of its letters nothing is guessed: a byte that does not fit refuses the file with its line; nobody's accents change.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from adapters import workbooks

Line = tuple[int, list[str]]  # its number, its cells
MARK = "\ufeff"
SEPARATORS = ",;\t|"
DECLARED = re.compile(r"^sep=(.)\r?\n")  # what Excel writes, and reads, before the header

# How DOS (850) and old Mac (Roman) write é è ê à â ç, read as Windows-1252: marks that no word has there.
LETTER, SMALL = r"[^\W\d_]", "[a-zà-öø-ÿ]"
IMPROBABLE = re.compile(
    rf"(?<={LETTER})[‚ƒ„†‡ˆ‰‹˜]|(?<={LETTER})[“”•™€…](?={LETTER})|(?<![^\s\"(«;,])[‚ƒ†‡ˆ‰˜](?={LETTER})"
    rf"|(?<={SMALL})[ŠŽ]|(?<={LETTER})[ŠŽ](?={SMALL})"
)
# What UTF-8 makes of é, œ, ’ or ế. Of Windows-1252's capitals, É before a space that holds is no such pair.
ACCENTS = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|[\xe1\xe2][\x80-\xbf]{2}")
NAMED = (
    (rb"\s*(<!doctype\s+html|<html|<table|<\?xml)", "une page web ou du XML (HTML)"),
    (rb"%PDF", "un PDF"),
    (rb"\{\\rtf", "un document RTF"),
    (rb"\s*[\[{]\s*[\[{\"]", "du JSON"),
    (rb"(\x89PNG|\xff\xd8\xff|GIF8)", "une image"),
    (rb"\x1f\x8b", "un fichier compressé"),
)


class BadTable(Exception):
    """Tried to read a file that is not a table with the columns asked for."""


def table(path: Path, separator: str = "", header_line: int = 1) -> tuple[list[str], Iterator[Line]]:
    """Return a file's header, and its other lines, numbered; without `separator`, the header shows which it is.

    Raises: BadTable, also while the lines are gone through.
    """
    lines = lines_as_they_are(path, separator, header_line)
    header = next((cells for number, cells in lines if number >= header_line), [])
    return header, _as_wide(lines, len(header))


def lines_as_they_are(path: Path, separator: str = "", header_line: int = 1) -> Iterator[Line]:
    """Yield a file's lines from its header on, of as many cells as each has. Raises: BadTable."""
    raw = path.read_bytes()
    return _rows_of(raw) if workbooks.is_one(raw) else _lines_of(_text(raw), separator, header_line)


def _rows_of(raw: bytes) -> Iterator[Line]:
    """Yield the rows of a workbook's first sheet. Raises: BadTable."""
    try:
        yield from enumerate(workbooks.rows(raw), 1)
    except workbooks.BadWorkbook as problem:
        raise BadTable(str(problem)) from problem


def _lines_of(text: str, separator: str, header_line: int) -> Iterator[Line]:
    """Yield each line's cells with the number of the line that they begin on. Raises: BadTable."""
    declared = DECLARED.match(text)
    before = max(header_line - 1, 1 if declared else 0)
    file = io.StringIO(text, newline="")
    for _line in range(before):
        file.readline()
    separator = separator or (declared[1] if declared else _separator(text.splitlines()[before : before + 1]))
    lines = csv.reader(file, delimiter=separator, strict=True, skipinitialspace=separator != "\t")
    start, widths = before + 1, []
    try:
        for cells in lines:
            yield start, cells
            start = lines.line_num + before + 1
            widths = [*widths[:1], len(cells)]
    except csv.Error as problem:
        raise BadTable(f"ligne {lines.line_num + before} : le fichier CSV est mal formé ({problem})") from problem
    if widths and widths[-1] < widths[0] and not text.endswith(("\n", "\r")):
        raise BadTable(f"ligne {start - 1} : la dernière ligne est coupée, le fichier n’est pas entier")


def _as_wide(lines: Iterable[Line], width: int) -> Iterator[Line]:
    """Yield lines of as many cells as the header: what is empty at the right may be left out, or too much."""
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        extra = [cell for cell in cells[width:] if cell.strip()]
        yield number, cells if extra else [*cells[:width], *[""] * (width - len(cells))]


def _text(raw: bytes) -> str:
    """Return a file's text: UTF-8 or UTF-16, or else Windows-1252 where nothing speaks against it. Raises: BadTable."""
    for pattern, name in NAMED:
        if re.match(pattern, raw, re.IGNORECASE):
            raise BadTable(f"ce fichier est {name}, pas un tableau : enregistrez-le en CSV ou en .xlsx")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(raw, "utf-16").lstrip(MARK)
    if b"\0" in raw:
        raise BadTable(f"ligne {_line_at(raw, raw.index(0))} : le fichier contient un caractère nul")
    try:
        return raw.decode().lstrip(MARK)
    except UnicodeDecodeError as problem:
        if ACCENTS.search(raw):
            raise BadTable(
                f"ligne {_line_at(raw, problem.start)} : ce fichier est en UTF-8, sauf un caractère de cette ligne ; "
                "enregistrez-le en entier en « CSV UTF-8 »"
            ) from problem
    return _probable(_decoded(raw, "cp1252"))


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as problem:
        line = _line_at(raw, problem.start)
        raise BadTable(
            f"ligne {line} : ces lettres ne se lisent pas ; enregistrez le fichier en « CSV UTF-8 »"
        ) from problem


def _probable(text: str) -> str:
    """Return a text whose letters are those of a language. Raises: BadTable, with the line of one that is not."""
    found = IMPROBABLE.search(text)
    if not found:
        return text
    line = text.count("\n", 0, found.start()) + 1
    begins = len(text[: found.start()]) - len(re.split(r"[\s,;]", text[: found.start()])[-1])
    word = re.split(r"[\s,;]", text[begins:])[0][:40]
    raise BadTable(
        f"ligne {line} : « {word} » a des lettres improbables (un fichier de DOS ou d’un vieux Mac ?) ; "
        "enregistrez-le en « CSV UTF-8 »"
    )


def _separator(header: Sequence[str]) -> str:
    counts = {one: "".join(header).count(one) for one in SEPARATORS}
    return max(SEPARATORS, key=lambda one: counts[one])


def _line_at(raw: bytes, place: int) -> int:
    return raw.count(b"\n", 0, place) + 1
