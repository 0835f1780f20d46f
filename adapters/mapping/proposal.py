"""A first mapping, written from a file's header and what its columns hold: what is known is said, and nothing else."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

from adapters import csv_files
from adapters.cells import DECIMALS
from adapters.csv_files import BadTable, Column
from adapters.mapping import synonyms
from adapters.mapping.formats import WRITTEN, Amount, Translate, amounts, dates
from adapters.mapping.synonyms import bare

LIKELIEST = (";", "\t", "|", ",")  # commas stand in texts too
JUDGED = 200  # lines, for the separator and the header's place
MOST_CODES = 30
DAYS = [part.replace("/", sign) for part in ("JJ/MM/AAAA", "MM/JJ/AAAA", "AAAA/MM/JJ") for sign in "/-. "]
DAYS += ["AAAAMMJJ", "JJMMAAAA", "JJ mois AAAA", "JJ-mois-AAAA", "mois JJ, AAAA"]
HOURS = ["HH:mm", "HH:mm:ss", "HHhmm", "HH h mm"]
DATES = [*DAYS, *(f"{day}{between}{hour}" for day, between, hour in product(DAYS, " T", HOURS)), *HOURS]


@dataclass(frozen=True)
class Sheet:
    """A file as it was found: its columns, and what each holds, each value once."""

    separator: str  # empty: as the header shows by itself
    header_line: int
    header: list[str]
    values: list[dict[str, None]]

    def place(self, known: set[str]) -> list[int]:
        """Return where the columns are that bear one of these names."""
        return [place for place, name in enumerate(self.header) if bare(name) in known]


@dataclass(frozen=True)
class Guess:
    """A column of ours: what is proposed, why, and whether it is to be chosen first; its codes, if it has some."""

    target: str
    rule: str
    why: str
    sure: bool = True
    codes: tuple[str, ...] = ()


def propose(path: Path, columns: Sequence[Column]) -> str:
    """Return a mapping of a file as TOML, each line commented. Raises: BadTable."""
    sheet = _sheet(path)
    guesses = [guess for column in columns for guess in _guesses(sheet, column, columns[0])]
    guesses = _halves(sheet, columns, guesses)
    return "\n".join(_written(path.name, sheet, columns, guesses)) + "\n"


def _sheet(path: Path) -> Sheet:
    """Read a file whose separator and header are to be found: most of its lines have the header's number of cells."""
    found = max((_tried(path, separator) for separator in LIKELIEST), key=lambda tried: tried[0])
    _score, separator, header_line = found
    by_itself, _lines = csv_files.table(path, "", header_line)
    header, lines = csv_files.table(path, separator, header_line)
    if not any(header):
        raise BadTable("le fichier est vide : il faut une première ligne avec le nom des colonnes")
    values: list[dict[str, None]] = [{} for _name in header]
    for _line, cells in lines:
        if len(cells) == len(header) and any(cells):
            for those, cell in zip(values, cells, strict=True):
                those[" ".join(cell.split())] = None
    return Sheet("" if by_itself == header else separator, header_line, header, values)


def _tried(path: Path, separator: str) -> tuple[int, str, int]:
    """Return how many lines are as wide as most are by a separator, and the first; as far as it reads."""
    widths: list[tuple[int, int]] = []
    with suppress(BadTable):
        header, lines = csv_files.table(path, separator)
        widths.append((1, len(header)))
        widths += ((line, len(cells)) for line, cells in islice(lines, JUDGED) if any(cells))
    wide = [width for _line, width in widths if width > 1]
    usual = max(wide, key=wide.count, default=1)
    return wide.count(usual), separator, next((line for line, width in widths if width == usual), 1)


def _guesses(sheet: Sheet, column: Column, key: Column) -> Iterator[Guess]:
    places = sheet.place(synonyms.known(column.name, is_key=column is key))
    names = [_quoted(sheet.header[place].strip()) for place in places]
    if len(places) == 1:
        yield _guess(column, names[0], list(sheet.values[places[0]]))
    elif places:
        yield Guess(column.name, names[0], f"{' ou '.join(names)} ? à choisir", sure=False)


def _guess(column: Column, name: str, cells: list[str]) -> Guess:
    values = [cell for cell in cells if cell]
    plain = Guess(column.name, name, "reconnu par son nom")
    if _reads(column, values):
        return plain
    if column.read in WRITTEN:
        return _date(column, name, values)
    if column.read in DECIMALS:
        return _amount(column, name, values)
    if column.name in synonyms.CODES and len(cells) <= MOST_CODES:
        return _codes(column, name, cells)
    return plain


def _reads(column: Column, values: Sequence[str], translate: Translate = str) -> bool:
    """Tell whether a column's reader takes all these values, once they are translated."""
    return all(_can(lambda value=value: column.read(translate(value))) for value in values)


def _reads_most(values: Sequence[str], translate: Translate) -> bool:
    """Tell whether nine values of ten are read: a few wrong ones hide no format, and make none certain."""
    return 10 * sum(_can(translate, value) for value in values) >= 9 * len(values)


def _can(read: Callable[..., object], *words: object) -> bool:
    try:
        read(*words)
    except ValueError:
        return False
    return True


def _date(column: Column, name: str, values: list[str]) -> Guess:
    found = [one for one in DATES if _can(dates, [one], column.read) and _reads_most(values, dates([one], column.read))]
    rule = f"{{ column = {name}, date = {_quoted(found[0] if found else DAYS[0])} }}"
    if len(found) == 1:
        return Guess(column.name, rule, "reconnu par son nom ; ses dates se lisent ainsi, et pas autrement")
    if not found:
        return Guess(column.name, rule, "reconnu par son nom ; dites comment ses dates sont écrites", sure=False)
    return Guess(column.name, rule, f"{' ou '.join(found)} ? rien ne les distingue : à choisir", sure=False)


def _amount(column: Column, name: str, values: list[str]) -> Guess:
    ways = {'sign = "as_is"': Amount(), 'decimal = ","': Amount(","), 'decimal = "."': Amount(".")}
    found = [words for words, how in ways.items() if _reads(column, values, amounts(how, column.read))]
    rule = f"{{ column = {name}, amount = {{ {(found or [*ways][1:])[0]} }} }}"
    if len(found) == 1 or 'sign = "as_is"' in found:
        return Guess(column.name, rule, "reconnu par son nom ; tous ses montants se lisent ainsi")
    return Guess(column.name, rule, "reconnu par son nom ; dites comment ses montants sont écrits", sure=False)


def _codes(column: Column, name: str, values: list[str]) -> Guess:
    """Propose what each code means; one that is not known is left to say, and until then refuses its rows."""
    lines = []
    for value in values:
        ours = synonyms.CODES[column.name].get(bare(value), "")
        if ours and _reads(column, [ours]):
            lines.append(f"{_quoted(value)} = {_quoted(ours)}")
        elif value and _reads(column, [value]):
            lines.append(f"{_quoted(value)} = {_quoted(value.casefold())}")
        else:
            lines.append(f'# {_quoted(value)} = ""  # inconnu : à dire')
    return Guess(column.name, name, f"reconnu par son nom ; {_allowed(column)}", codes=tuple(lines))


def _allowed(column: Column) -> str:
    """Say what a column takes, in its reader's words."""
    try:
        column.read("?")
    except ValueError as problem:
        return str(problem).rpartition(" ; ")[2]
    return ""


def _halves(sheet: Sheet, columns: Sequence[Column], guesses: list[Guess]) -> list[Guess]:
    """Propose the two halves of « Nom, prénom », where each value has one comma."""
    places = sheet.place({"nom prenom"})
    names = {"last_name", "first_name"}
    if len(places) != 1 or not names <= {column.name for column in columns} - {guess.target for guess in guesses}:
        return guesses
    values = [value for value in sheet.values[places[0]] if value]
    if not values or any(value.count(",") != 1 for value in values):
        return guesses
    name = _quoted(sheet.header[places[0]].strip())
    why = "chaque valeur a une virgule, le nom avant, le prénom après"
    halves = (("last_name", "before"), ("first_name", "after"))
    return guesses + [Guess(target, f'{{ column = {name}, {cut} = "," }}', why) for target, cut in halves]


def _written(name: str, sheet: Sheet, columns: Sequence[Column], guesses: list[Guess]) -> Iterator[str]:
    yield f"# Correspondance proposée pour {_quoted(name)}. Relisez chaque ligne : après « # », pourquoi."
    yield "# Essayez-la : --map CE-FICHIER --show montre les vingt premières lignes et n’écrit rien."
    if sheet.header_line > 1:
        yield f"header_line = {sheet.header_line}  # les lignes avant n’ont pas ses cases"
    if sheet.separator:
        yield f"separator = {_quoted(sheet.separator)}  # ce qui sépare les cases de la plupart des lignes"
    yield from _left(sheet, guesses)
    yield "\n[columns]"
    by_target = {guess.target: guess for guess in guesses}
    for column in columns:
        guess = by_target.get(column.name)
        if guess is None:
            yield f'# {column.name} = ""  # {"OBLIGATOIRE : " if column.required else ""}aucune colonne reconnue'
        elif not guess.codes:
            yield f"{'' if guess.sure else '# '}{guess.target} = {guess.rule}  # {guess.why}"
    for guess in guesses:
        if guess.codes:
            yield from (f"\n[columns.{guess.target}]  # {guess.why}", f"column = {guess.rule}")
            yield from (f"[columns.{guess.target}.codes]", *guess.codes)


def _left(sheet: Sheet, guesses: Sequence[Guess]) -> Iterator[str]:
    """Name the columns of the file that nothing takes."""
    rules = [guess.rule for guess in guesses if guess.sure]
    names = [_quoted(name.strip()) for name in sheet.header if name.strip()]
    left = [name for name in dict.fromkeys(names) if not any(name in rule for rule in rules)]
    if left:
        yield "# Colonnes que rien ne prend : donnez-leur une place plus bas, ou ôtez « # » pour les laisser."
        yield f"# ignore = [{', '.join(left)}]"


def _quoted(text: str) -> str:
    """Return a text as TOML writes it; in a comment too, where a line's end would end the comment."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
