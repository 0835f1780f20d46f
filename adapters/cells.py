"""How cells of what is sold are read: codes, prices, whole numbers, addresses, names of city.toml.

Each returns a value, or raises ValueError with the reason, in French.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from adapters import doubtful
from adapters.csv_files import Column, cents, day, moment, text, thousandths
from domain.common import clock, emails, phones

FIRST_BIRTH = date(1900, 1, 1)


def written(column: Column, value: str | int | date | time | None) -> str:
    """Return a cell that its column's reader makes this value of."""
    if value is None:
        return ""
    if column.read in DECIMALS and isinstance(value, int):
        decimals = DECIMALS[column.read]
        whole, fraction = divmod(abs(value), 10**decimals)
        return f"{'-' if value < 0 else ''}{whole}.{fraction:0{decimals}}"
    if column.read is moment and isinstance(value, datetime):
        return clock.local(value).replace(tzinfo=None).isoformat(timespec="seconds" if value.second else "minutes")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(int(value)) if isinstance(value, bool) else str(value)


def named(*allowed: str) -> Callable[[str], str]:
    """Return a reader of one of the names that city.toml gives to something, as it writes them."""

    def check(cell: str) -> str:
        if cell not in allowed:
            raise ValueError(f"« {cell[:40]} » n’est pas dans city.toml ; il y a {', '.join(allowed) or 'rien'}")
        return cell

    return check


def spared(*words: str, most: int = 60) -> Callable[[str], str]:
    """Return a reader of one of these words, whatever its case, or of any other text as it stands."""
    return lambda cell: cell.casefold() if cell.casefold() in words else text(most)(cell)


def key(most: int) -> Callable[[str], str]:
    """Return a reader of what tells a thing from others, and stands in its page's address."""

    def check(cell: str) -> str:
        if re.search(r"[/\\]", cell) or re.fullmatch(r"\.+", cell):
            raise ValueError(
                f"« {cell[:40]} » n’est pas permis ; il faut un code sans « / » ni « \\ », autre que « .. »"
            )
        return text(most)(cell)

    return check


segment = key(60)  # a part of an address, such as a programme's code


def part_of_a_name(cell: str) -> str:
    """Read a first or a last name; who has one name has the other one empty."""
    return text(255)(cell) if cell else ""


def email(cell: str) -> str:
    """Read an address as it is kept, so that one mailbox on two cards is known for one; what is none stays as it is."""
    try:
        return emails.read(cell)
    except emails.NotAnAddress:
        return text(255)(cell)


def phone(cell: str) -> str:
    """Read a telephone as it is kept; what is none stays as it stands, for a person to read."""
    doubtful.refuse_shortened(cell)
    try:
        return phones.read(cell)
    except phones.NotAPhone:
        return text(255)(cell)


def day_of_birth(cell: str) -> date:
    """Read a day on which somebody alive may be born."""
    born = day(cell)
    if not FIRST_BIRTH <= born <= clock.today():
        raise ValueError(f"« {cell[:40]} » n’est pas un jour de naissance ; il en faut un de 1900 à aujourd’hui")
    return born


def day_past(cell: str) -> date:
    """Read a day that is not to come; a day is left for clocks that differ."""
    known = day(cell)
    if known > clock.today() + timedelta(days=1):
        raise ValueError(f"« {cell[:40]} » est dans le futur")
    return known


def code(cell: str) -> str:
    """Read a code that stands among others in one text: without a space, `:` or `/`."""
    if re.search(r"[\s:/]", cell):
        raise ValueError(f"« {cell[:40]} » n’est pas un code ; il faut un mot sans espace, « : » ni « / »")
    return text(60)(cell)


def codes(cell: str) -> str:
    """Read codes such as nage-1 nage-2, each once, in their order."""
    return " ".join(dict.fromkeys(code(one) for one in cell.replace(",", " ").replace(";", " ").split()))


def web_address(cell: str) -> str:
    """Read an address such as https://example.org/activites."""
    if not re.fullmatch(r"https?://[^\s/?#]+\S*", text(255)(cell)):
        raise ValueError(f"« {cell[:40]} » n’est pas une adresse ; il faut par exemple https://example.org/activites")
    return cell


def price(cell: str) -> int:
    """Read an amount that is not below zero, as cents."""
    if cents(cell) < 0:
        raise ValueError(f"« {cell[:40]} » est sous zéro")
    return cents(cell)


DECIMALS = {cents: 2, price: 2, thousandths: 3}  # of a number that a reader makes whole


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of a whole number from `least` to `most`."""

    def check(cell: str) -> int:
        if not re.fullmatch(r"-?\d{1,9}", cell, re.ASCII) or not least <= int(cell) <= most:
            raise ValueError(f"« {cell[:40]} » n’est pas permis ; il faut un nombre entier de {least} à {most}")
        return int(cell)

    return check
