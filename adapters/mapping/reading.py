"""A file of another system's, read by its mapping: their table becomes ours before the reader that all files have."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from adapters import csv_files, doubtful
from adapters.csv_files import KEY, Column, Reading, Source
from adapters.mapping.rules import BadMapping, Mapping, Rule, alike, translated
from adapters.table_files import Line, table


@dataclass
class Opened:
    """A file's lines to go through, and where our columns are in them."""

    header: list[str]
    lines: Iterator[Line]
    sources: list[Source]
    unused: list[str] = field(default_factory=list)  # columns that nothing takes
    skipped: Counter = field(default_factory=Counter)  # how many rows are left out, by column and value


def read(path: Path, columns: Sequence[Column], mapping: Mapping | None) -> tuple[Reading, Opened]:
    """Read a file by its mapping, if it has one; return what it says, and the file.

    Raises: BadTable.
    """
    opened = open_file(path, columns, mapping)
    return csv_files.read_rows(opened.lines, len(opened.header), opened.sources, columns), opened


def open_file(path: Path, columns: Sequence[Column], mapping: Mapping | None) -> Opened:
    """Return a file's lines and where our columns are in them. Raises: BadTable."""
    if mapping is None:
        header, lines = table(path)
        return Opened(header, lines, csv_files.sources(header, columns))
    header, lines = table(path, mapping.separator, mapping.header_line)
    if not any(header):
        raise BadMapping(f"ligne {mapping.header_line} : il faut une ligne avec le nom des colonnes, et elle est vide")
    places = _places(header, mapping)
    there = [column for column in columns if column.name in mapping.columns]
    sources = [_source(column, mapping.columns[column.name], places, header) for column in there]
    opened = Opened(header, iter(()), sources, _unused(header, mapping))
    opened.lines = _kept(lines, mapping, places, opened)
    return opened


def _taken(mapping: Mapping) -> list[str]:
    """Return each column of the file that a mapping takes something of."""
    of_rules = [name for rule in mapping.columns.values() for name in rule.columns]
    return list(dict.fromkeys([*of_rules, *(skip.column for skip in mapping.skip)]))


def _places(header: Sequence[str], mapping: Mapping) -> dict[str, int]:
    """Return where the columns that a mapping names are. Raises: BadMapping, naming those that are not, or twice."""
    names = [alike(name) for name in header]
    wanted = list(dict.fromkeys([*_taken(mapping), *mapping.ignore]))
    if missing := [name for name in wanted if alike(name) not in names]:
        there = ", ".join(f"« {name.strip()} »" for name in header if name.strip())
        raise BadMapping(f"le fichier n’a pas de colonne {_quoted(missing)} ; il a {there}")
    if twice := [name for name in _taken(mapping) if names.count(alike(name)) > 1]:
        raise BadMapping(f"la colonne {_quoted(twice)} est deux fois dans le fichier : laquelle est la bonne ?")
    return {name: names.index(alike(name)) for name in wanted}


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"« {name} »" for name in names)


def _unused(header: Sequence[str], mapping: Mapping) -> list[str]:
    taken = {alike(name) for name in [*_taken(mapping), *mapping.ignore]}
    return [name.strip() for name in header if name.strip() and alike(name) not in taken]


def _source(column: Column, rule: Rule, places: dict[str, int], header: Sequence[str]) -> Source:
    """Return where a column is, called as the file does and as we do."""
    where = tuple(places[name] for name in rule.columns)
    theirs = " + ".join(header[place].strip() for place in where) or "valeur fixe"
    return Source(column, f"{theirs} ({column.name})", where, _taking(rule, column, where))


def _taking(rule: Rule, column: Column, where: tuple[int, ...]) -> Callable[[Sequence[str]], str]:
    if rule.value:
        return lambda _cells: rule.value
    translate, is_key = translated(rule, column), column.sort == KEY and not rule.codes

    def take(cells: Sequence[str]) -> str:
        parts = [doubtful.tidied(cells[place], of_several_lines=True) for place in where]
        text = rule.said(parts)
        if is_key and text:
            _want_key([*parts, text])
        return translate(text)

    return take


def _want_key(parts: Sequence[str]) -> None:
    """Want parts that name something, before a rule adds to them: F-0 is as good as 0 to put strangers together.

    Raises: ValueError, the reason.
    """
    for part in parts:
        if not part:
            raise ValueError("ce code a plusieurs colonnes, et il en manque une partie")
        doubtful.refuse_no_key(part)


def _kept(lines: Iterable[Line], mapping: Mapping, places: dict[str, int], opened: Opened) -> Iterator[Line]:
    """Yield the lines that are not left out, and count the others."""
    rules = [(skip.column, places[skip.column], {alike(one) for one in skip.values}) for skip in mapping.skip]
    for line, cells in lines:
        whole = len(cells) == len(opened.header) and any(cells)
        why = [(name, cells[place]) for name, place, values in rules if whole and alike(cells[place]) in values]
        opened.skipped.update(why[:1])
        if not why:
            yield line, cells
