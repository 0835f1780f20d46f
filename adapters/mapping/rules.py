"""A mapping: a TOML file that says where each column of ours comes from in another system's file.

Its shape is told in docs/data.md. Whatever in it is not understood is refused by its name.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from adapters.csv_files import KEY, Column
from adapters.mapping.formats import Amount, Translate, amounts, dates
from adapters.table_files import BadTable
from city import SettingError, read
from domain.activities.classes import folded

SEPARATORS = (",", ";", "\t", "|")
SEEN = 4096  # texts of a column whose translation is remembered
UNSAID = Amount(unit="")
CUTS = {  # two halves, of which the other loses nothing
    "before": lambda text, mark: text.partition(mark)[0],
    "after": lambda text, mark: text.partition(mark)[2],
    "before_last": lambda text, mark: text.rpartition(mark)[0] if mark in text else text,
    "after_last": lambda text, mark: text.rpartition(mark)[2] if mark in text else "",
}


class BadMapping(BadTable):
    """Tried to read a file by a mapping that is not understood, or that is another file's."""


@dataclass(frozen=True)
class Rule:
    """Where a column of ours comes from: columns of the file, or a constant; what is done to them, in this order."""

    columns: list[str] = field(default_factory=list)
    join: str = " "
    before: str = ""
    after: str = ""
    before_last: str = ""
    after_last: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    date: list[str] = field(default_factory=list)
    amount: Amount = UNSAID
    digits: int = 0
    prefix: str = ""
    value: str = ""

    def cuts(self) -> list[str]:
        """Return which cuts it makes."""
        return [name for name in CUTS if getattr(self, name)]

    def said(self, cells: Sequence[str]) -> str:
        """Return what the file says, its cells joined and cut, before it is translated."""
        text = self.join.join(filter(None, (cell.strip() for cell in cells)))
        for name in self.cuts():
            text = CUTS[name](text, getattr(self, name)).strip()
        return text


@dataclass(frozen=True)
class Skip:
    """Which rows are left out, and counted: those that have one of these values in a column."""

    column: str
    values: list[str]


@dataclass(frozen=True)
class Mapping:
    """What a mapping's file says."""

    columns: dict[str, Rule]  # by column of ours
    skip: list[Skip] = field(default_factory=list)
    ignore: list[str] = field(default_factory=list)
    separator: str = ""
    header_line: int = 1


def load(path: Path, columns: Sequence[Column]) -> Mapping:
    """Read the mapping of a kind of file. Raises: BadMapping, naming all that is wrong, a line each."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        values["columns"] = {name: _spelled_out(rule) for name, rule in _rules(values).items()}
        mapping = read(Mapping, values)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadMapping(f"la correspondance {path} ne se lit pas : {problem}") from problem
    except SettingError as problem:
        raise BadMapping(f"correspondance {path.name} : {str(problem).removeprefix('city.toml: ')}") from problem
    if problems := [*_unknown(mapping, columns), *_wrong(mapping, columns)]:
        raise BadMapping("\n".join(f"correspondance {path.name} : {problem}" for problem in problems))
    return mapping


def _rules(values: dict) -> dict:
    rules = values.get("columns")
    if not isinstance(rules, dict) or not rules:
        raise SettingError("columns ne dit rien : il faut une section [columns]")
    return rules


def _spelled_out(rule: Any) -> Any:
    """Return a rule in its long form: "Nom" is columns = ["Nom"], and codes may be whole numbers."""
    if isinstance(rule, str):
        return {"columns": [rule]}
    if not isinstance(rule, dict):
        return rule
    rule = dict(rule)
    if isinstance(rule.get("column"), str) and "columns" not in rule:
        rule["columns"] = [rule.pop("column")]
    if isinstance(rule.get("date"), str):
        rule["date"] = [rule["date"]]
    if type(rule.get("value")) is int:
        rule["value"] = str(rule["value"])
    if rule.get("codes") == {}:
        raise SettingError("codes est vide : dites ce que vaut chaque code du fichier")
    if isinstance(rule.get("codes"), dict):
        rule["codes"] = {code: str(ours) if type(ours) is int else ours for code, ours in rule["codes"].items()}
    return rule


def _unknown(mapping: Mapping, columns: Sequence[Column]) -> Iterator[str]:
    known = [column.name for column in columns]
    for name in mapping.columns:
        if name not in known:
            yield f"{name} n’est pas une colonne de cette sorte de fichier ; il y a {', '.join(known)}"


def _wrong(mapping: Mapping, columns: Sequence[Column]) -> Iterator[str]:
    for column in columns:
        if column.name not in mapping.columns:
            if column.required:
                yield f"{column.name} manque : dites de quelle colonne du fichier elle vient"
            continue
        try:
            _check(mapping.columns[column.name], column)
        except ValueError as problem:
            yield f"{column.name} : {problem}"
    if not all(skip.column and skip.values for skip in mapping.skip):
        yield "skip : il faut une colonne et au moins une valeur"
    if mapping.separator not in ("", *SEPARATORS):
        yield f"separator doit être l’un de {' '.join(map(repr, SEPARATORS))}"
    if mapping.header_line < 1:
        yield "header_line est le numéro d’une ligne, à partir de 1"


def _check(rule: Rule, column: Column) -> None:
    """Want a rule that can be followed. Raises: ValueError, the reason."""
    if bool(rule.columns) == bool(rule.value) or "" in rule.columns:
        raise ValueError("il faut column (ou columns), ou bien value")
    ways = [name for name in ("codes", "date", "value") if getattr(rule, name)]
    ways += ["amount"] * (rule.amount != UNSAID) + ["digits ou prefix"] * bool(rule.digits or rule.prefix)
    for together in (ways, rule.cuts()):
        if len(together) > 1:
            raise ValueError(f"{' et '.join(together)} ne vont pas ensemble")
    if rule.value and column.sort == KEY:
        raise ValueError("la même valeur sur chaque ligne en ferait une seule chose : il faut une colonne du fichier")
    if rule.value:
        column.read(rule.value)
    translated(rule, column)
    if len({alike(code) for code in rule.codes}) < len(rule.codes):
        raise ValueError("un code y est deux fois : ni majuscules ni accents ne les distinguent")
    for code, ours in rule.codes.items():
        _check_code(code, ours, column)


def alike(text: str) -> str:
    """Return a name or a code as it is compared: no accents, no capitals, each space one."""
    return " ".join(folded(text).split())


def _check_code(code: str, ours: str, column: Column) -> None:
    if not ours and not column.required:
        return
    try:
        column.read(ours)
    except ValueError as problem:
        raise ValueError(f"code « {code} » : {problem}") from None


def translated(rule: Rule, column: Column) -> Translate:
    """Return how what the file says becomes a text of ours; days come again. Raises: ValueError, the reason."""
    return lru_cache(SEEN)(_translated(rule, column))


def _translated(rule: Rule, column: Column) -> Translate:
    if rule.codes:
        return _codes(rule.codes)
    if rule.date:
        return _unless_empty(dates(rule.date, column.read))
    if rule.amount != UNSAID:
        return _unless_empty(amounts(rule.amount, column.read))
    return _unless_empty(lambda text: f"{rule.prefix}{text.zfill(rule.digits) if text.isdecimal() else text}")


def _unless_empty(translate: Translate) -> Translate:
    return lambda text: translate(text) if text else ""


def _codes(codes: dict[str, str]) -> Translate:
    """Return what reads codes; one that is not among them is refused, and so is an empty cell unless it is."""
    table = {alike(code): ours for code, ours in codes.items()}

    def translate(text: str) -> str:
        if alike(text) not in table:
            said = f"« {text[:40]} »" if text else "une case vide"
            raise ValueError(f"{said} n’est pas dans les codes de la correspondance : {', '.join(codes)}")
        return table[alike(text)]

    return translate
