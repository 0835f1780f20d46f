"""What is held on somebody, as tables that she reads: sections, headings and values in words. JSON keeps the keys."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext as _

from domain.privacy.plain_rows import Section, Value
from models import AuditEvent
from views.messages import staff
from views.messages.held_words import CODES, FIELDS, LEFT_TO_MACHINES, SECTIONS
from views.messages.methods import methods, ways_back

Cell = str | int | Decimal | date | datetime | None
Held = Mapping[str, Section]
WAYS = {"payments.method": methods, "overpayments.method": ways_back}


def table(held: Held) -> tuple[list[str], Iterator[list[Cell]]]:
    """Return everything as one table, its headings and its rows: a row a value, things counted from one."""
    return [_("Sujet"), _("Numéro"), _("Renseignement"), _("Valeur")], _values(held)


def sheets(held: Held) -> Iterator[tuple[str, list[str], Iterator[list[Cell]]]]:
    """Yield a table for each section that holds something: its title, its headings and its rows."""
    for name, section in held.items():
        if section.rows:
            told = _told(name, section)
            yield str(SECTIONS[name]), [heading(name, field) for field in told], _rows(name, section, told)


def heading(section: str, field: str) -> str:
    """Return what a field is called in a section."""
    return str(FIELDS.get(f"{section}.{field}") or FIELDS[field])


def _values(held: Held) -> Iterator[list[Cell]]:
    for name, section in held.items():
        for number, row in enumerate(section.rows, 1):
            for field in _told(name, section):
                if field in row:
                    yield [str(SECTIONS[name]), number, heading(name, field), _said(name, field, row)]


def _rows(name: str, section: Section, told: Sequence[str]) -> Iterator[list[Cell]]:
    return ([_said(name, field, row) if field in row else None for field in told] for row in section.rows)


def _told(name: str, section: Section) -> list[str]:
    return [field for field in section.fields if f"{name}.{field}" not in LEFT_TO_MACHINES]


def _said(section: str, field: str, row: Mapping[str, Value]) -> Cell:
    """Return a value as people read it: amounts and quantities as numbers, keys in words."""
    value = row[field]
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, int):
        return _number(field, value)
    if not isinstance(value, str):
        return value
    if field == "subject":
        return staff.subject(AuditEvent(action=row["action"], subject=value))
    return _in_words(section, field, value)


def _number(field: str, value: int) -> int | Decimal:
    if field.endswith("_cents"):
        return Decimal(value).scaleb(-2)
    return Decimal(value) / 1000 if field.endswith("_thousandths") else value


def _in_words(section: str, field: str, value: str) -> str:
    """Return a key, or several parted by a space, in words; what somebody wrote, and what has none, as it is."""
    words = CODES.get(f"{section}.{field}") or WAYS.get(f"{section}.{field}", dict)()
    if value in words:
        return str(words[value])
    keys = value.split(" ")
    return ", ".join(str(words[key]) for key in keys) if all(key in words for key in keys) else value
