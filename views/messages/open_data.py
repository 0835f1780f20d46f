"""The catalogue as a file: open data as machines read them (docs/contract.md), and a table that people open."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext as _

from domain.activities import windows
from domain.activities.catalogue import Entry
from domain.common import clock, formats
from views.messages.catalogue import STATES, WEEKDAYS, places

Cell = str | int | Decimal | date | datetime | None
COLUMNS = (
    "activity", "program", "title", "season", "starts_on", "ends_on", "weekdays", "starts_at", "ends_at", "place",
    "provider", "price", "price_non_resident", "opens", "state", "places", "register_at",
)  # fmt: skip


def row(entry: Entry) -> tuple[str, ...]:
    """Return a group as a row of the open data; amounts with a point, moments in Montreal's time."""
    one = entry.activity
    opening = windows.first_opening(one, clock.now())
    return (
        one.code, one.programme, one.title, one.season, one.starts_on.isoformat(), one.ends_on.isoformat(),
        one.weekdays, f"{one.starts_at:%H:%M}", f"{one.ends_at:%H:%M}", one.place.code, one.provider,
        _plain(one.price_cents), _plain(one.price_non_resident_cents),
        f"{clock.local(opening):%Y-%m-%dT%H:%M}" if opening else "", str(entry.state), _band(entry), one.register_at,
    )  # fmt: skip


def header() -> list[str]:
    """Return the headings of the table for people, in the order of `cells`."""
    return [
        _("Activité"),
        _("Saison"),
        _("Premier jour"),
        _("Dernier jour"),
        _("Jours"),
        _("De"),
        _("À"),
        _("Lieu"),
        _("Adresse"),
        _("Donnée par"),
        _("Prix ($)"),
        _("Prix, non-résidents ($)"),
        _("Inscription dès le"),
        _("Inscription"),
        _("Places"),
        _("Où s’inscrire"),
        _("Code"),
    ]


def cells(entry: Entry) -> Sequence[Cell]:
    """Return a group as people read it: what is left in words, no number of places."""
    one = entry.activity
    days = ", ".join(str(WEEKDAYS[day]) for day in one.weekdays.split())
    return [
        one.title,
        one.season,
        one.starts_on,
        one.ends_on,
        days,
        formats.time_of_day(one.starts_at),
        formats.time_of_day(one.ends_at),
        one.place.name,
        ", ".join(filter(None, (one.place.address, one.place.city))),
        one.provider,
        _dollars(one.price_cents),
        _dollars(one.price_non_resident_cents),
        windows.first_opening(one, clock.now()),
        str(STATES[entry.state]),
        places(entry),
        one.register_at,
        one.code,
    ]


def _plain(cents: int | None) -> str:
    return "" if cents is None else formats.plain_amount(cents)


def _dollars(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents).scaleb(-2)


def _band(entry: Entry) -> str:
    """Return what is left, in bands, as open data write it."""
    if entry.free is None:
        return ""
    return "full" if entry.free <= 0 else "few" if entry.few else "some"
