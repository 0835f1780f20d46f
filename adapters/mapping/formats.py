"""How another system writes dates and amounts, read into the way ours are written.

What a format makes is a text that the column's own reader takes; what it cannot read is a ValueError with the reason.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters import csv_files
from adapters.cells import DECIMALS
from domain.activities.classes import folded

PARTS = {
    "AAAA": ("year", "[0-9]{4}"),
    "MM": ("month", "[0-9]{1,2}"),
    "JJ": ("day", "[0-9]{1,2}"),
    "mois": ("word", r"[^\W\d_]+"),
    "HH": ("hour", "[0-9]{1,2}"),
    "mm": ("minute", "[0-9]{2}"),
    "ss": ("second", "[0-9]{2}"),
}
AFTER = {"JJ": "(?:er)?", "mois": r"\.?"}
MONTHS = (
    "janvier janv jan january",
    "fevrier fevr fev february feb",
    "mars mar march",
    "avril avr april apr",
    "mai may",
    "juin june jun",
    "juillet juil july jul",
    "aout august aug",
    "septembre sept sep september",
    "octobre oct october",
    "novembre nov november",
    "decembre dec december",
)
MONTH_OF = {word: number for number, names in enumerate(MONTHS, start=1) for word in names.split()}
A_DAY, AN_HOUR = ("AAAA", "MM", "JJ"), ("HH", "mm")
WRITTEN = {  # by a column's reader: what a format must say, and how that reader wants it
    csv_files.day: (A_DAY, lambda moment: moment.date().isoformat()),
    csv_files.moment: ((*A_DAY, *AN_HOUR), datetime.isoformat),
    csv_files.time_of_day: (AN_HOUR, lambda moment: f"{moment:%H:%M}"),
}
Translate = Callable[[str], str]


class DateFormat:
    """A way of writing dates, such as « JJ/MM/AAAA », « JJ mois AAAA » or « AAAA-MM-JJ HH:mm »."""

    def __init__(self, written: str) -> None:
        self.written = written
        pieces = re.split(f"({'|'.join(PARTS)})", " ".join(written.split()))
        self.says = ["MM" if piece == "mois" else piece for piece in pieces[1::2]]
        if len(set(self.says)) < len(self.says):
            raise ValueError(f"« {written} » dit deux fois la même partie d’une date")
        stuck = "" in pieces[2:-1:2]  # two parts with nothing between: 1132026 might be two days
        self._pattern = re.compile("".join(map(_pattern, pieces, [stuck] * len(pieces))), re.IGNORECASE)

    def read(self, text: str) -> datetime | None:
        """Return the moment that a text is, without its zone; None when it is not written so."""
        match = self._pattern.fullmatch(" ".join(text.split()))
        if not match:
            return None
        found = match.groupdict()
        if "word" in found:
            found["month"] = MONTH_OF.get(folded(found.pop("word")), 0)
        try:
            return datetime(**({"year": 2000, "month": 1, "day": 1} | {name: int(one) for name, one in found.items()}))
        except ValueError:
            return None


def _pattern(piece: str, stuck: bool) -> str:
    if piece not in PARTS:
        return re.escape(piece)
    name, digits = PARTS[piece]
    return f"(?P<{name}>{digits.replace('{1,2}', '{2}') if stuck else digits}){AFTER.get(piece, '')}"


def dates(written: Sequence[str], reader: Callable) -> Translate:
    """Return what reads dates written in one of these ways, for a column's reader. Raises: ValueError, the reason."""
    if reader not in WRITTEN:
        raise ValueError("cette colonne n’est pas une date")
    wanted, write = WRITTEN[reader]
    formats = [DateFormat(one) for one in written]
    for one in formats:
        if lacking := [part for part in wanted if part not in one.says]:
            raise ValueError(f"« {one.written} » ne dit pas {', '.join(lacking)} : il faut {_example(wanted)}")

    def translate(text: str) -> str:
        found = {write(moment) for one in formats if (moment := one.read(text))}
        if len(found) == 1:
            return found.pop()
        why = "se lit de deux façons" if found else "ne se lit pas"
        raise ValueError(f"« {text[:40]} » {why} comme {' ou '.join(written)}")

    return translate


def _example(wanted: tuple[str, ...]) -> str:
    return {A_DAY: "par exemple JJ/MM/AAAA", AN_HOUR: "par exemple HH:mm"}.get(wanted, "par exemple JJ/MM/AAAA HH:mm")


@dataclass(frozen=True)
class Amount:
    """How amounts are written: their decimal sign (none: as ours), unit and sign, and what marks those below zero.

    Parentheses and a minus after the amount mean below zero too.
    """

    decimal: str = ""
    unit: str = "dollars"
    sign: str = "as_is"
    negative: str = ""

    CENTS, REVERSED = "cents", "reversed"

    def problems(self) -> list[str]:
        """Return what cannot be understood, in French."""
        asked = (("decimal", ("", ",", ".")), ("unit", ("dollars", self.CENTS)), ("sign", ("as_is", self.REVERSED)))
        wrong = [(name, words) for name, words in asked if getattr(self, name) not in words]
        return [f"{name} doit être {' ou '.join(word for word in words if word)}" for name, words in wrong]


def amounts(how: Amount, reader: Callable) -> Translate:
    """Return what reads amounts, for a column's reader. Raises: ValueError, the reason."""
    if reader not in DECIMALS:
        raise ValueError("cette colonne n’est pas un montant")
    if how.unit == Amount.CENTS and DECIMALS[reader] != 2:
        raise ValueError("une quantité n’est pas en cents")
    if problems := how.problems():
        raise ValueError(problems[0])

    def translate(text: str) -> str:
        below, bare = _unsigned(text, how.negative)
        figures = _figures(bare, how.decimal)
        if not figures or (how.unit == Amount.CENTS and not figures.isdecimal()):
            raise ValueError(f"« {text[:40]} » n’est pas un montant, comme la correspondance dit de le lire")
        if how.unit == Amount.CENTS:
            figures = f"{figures.zfill(3)[:-2]}.{figures.zfill(3)[-2:]}"
        return f"{'-' if below != (how.sign == Amount.REVERSED) else ''}{figures}"

    return translate


def _unsigned(text: str, negative: str) -> tuple[bool, str]:
    """Return whether an amount is below zero, and what is left of it without its sign, spaces and dollar."""
    bare = text.translate(csv_files.SPACES).replace("−", "-").replace("$", "", 1)
    marks = [("(", ")"), ("-", ""), ("", "-")] + ([(negative, ""), ("", negative)] if negative else [])
    for before, after in marks:
        mark = before + after
        if len(bare) > len(mark) and bare.startswith(before) and bare.endswith(after):
            return True, bare.removeprefix(before).removesuffix(after)
    return False, bare


def _figures(bare: str, decimal: str) -> str:
    """Return an amount without its sign as digits, with a point before its decimals; nothing when it is none."""
    thousands = {",": ".", ".": ","}.get(decimal, "")
    grouped = rf"[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+|" if thousands else ""
    match = re.fullmatch(rf"({grouped}[0-9]+)(?:[{decimal or '.,'}]([0-9]+))?", bare)
    if not match:
        return ""
    whole, fraction = match.groups()
    return re.sub(r"\D", "", whole) + (f".{fraction}" if fraction else "")
