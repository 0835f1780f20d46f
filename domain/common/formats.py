"""How Quebec writes amounts, dates, hours and telephone numbers. Times come in UTC and are told in Montreal's."""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal

from domain.common import phones
from domain.common.clock import local

LOCALE = "fr_CA"
NO_BREAK = "\u00a0"
_DAYS = {
    "lun": "lundi", "mar": "mardi", "mer": "mercredi", "jeu": "jeudi", "ven": "vendredi", "sam": "samedi",
    "dim": "dimanche",
}  # fmt: skip
_ONE_DAY = f"({'|'.join(_DAYS)})"
_CLOCK = "([01][0-9]|2[0-3]):([0-5][0-9])"
_OPENING = re.compile(f"{_ONE_DAY}(?:-{_ONE_DAY})? {_CLOCK}-{_CLOCK}")


@lru_cache(maxsize=4096)  # Babel takes 12 µs, and a page of a large household has forty
def money(cents: int) -> str:
    """Return an amount such as 1 234,56 $, held together by no-break spaces."""
    return f"{_number(Decimal(cents) / 100, '#,##0.00')}{NO_BREAK}$"


def in_currency(cents: int, currency: str) -> str:
    """Return an amount of any currency: 1 234,56 $ of Canadian dollars, else such as 1 234,56 USD."""
    return money(cents) if currency == "CAD" else money(cents).replace("$", currency)


def plain_amount(cents: int) -> str:
    """Return an amount such as 1234.56, for files that machines read."""
    return f"{Decimal(cents) / 100:.2f}"


def day(value: date) -> str:
    """Return a date such as 23 novembre 2026, the first of a month as 1er."""
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first} {format_date(value, 'MMMM y', locale=LOCALE)}".replace(" ", NO_BREAK)


def moment(moment_utc: datetime) -> str:
    """Return a moment such as 23 novembre 2026 à 13 h 30."""
    return f"{day(local(moment_utc))} à {hour(moment_utc)}"


def hour(moment_utc: datetime) -> str:
    """Return a stored UTC moment's time in Montreal, such as 13 h 30; of an hour that comes twice, which of the two.

    Else a place held at 1 h 50, as the clocks go back, would seem to be free since 1 h 10.
    """
    return _told(local(moment_utc), time_of_day(local(moment_utc).time()))


def to_the_second(moment_utc: datetime) -> str:
    """Return a stored UTC moment's time in Montreal to the second, such as 13 h 30 min 05 s."""
    there = local(moment_utc)
    parts = (f"{there.hour}", "h", f"{there.minute:02}", "min", f"{there.second:02}", "s")
    return _told(there, NO_BREAK.join(parts))


def _told(there: datetime, said: str) -> str:
    """Return what is said of a moment; of an hour that comes twice, with which of the two it is."""
    if there.utcoffset() == there.replace(fold=1 - there.fold).utcoffset():
        return said
    return f"{said} (heure{NO_BREAK}{'avancée' if there.dst() else 'normale'})"


def weekday(value: date) -> str:
    """Return a day such as lundi 23 novembre 2026."""
    return f"{format_date(value, 'EEEE', locale=LOCALE)} {day(value)}"


def moment_day(moment_utc: datetime) -> str:
    """Return a stored UTC moment's day in Montreal, such as lundi 23 novembre 2026."""
    return weekday(local(moment_utc).date())


def dated(moment_utc: datetime) -> str:
    """Return a stored UTC moment's date in Montreal, such as 23 novembre 2026."""
    return day(local(moment_utc).date())


def hours(starts_utc: datetime, ends_utc: datetime) -> str:
    """Return the hours between two UTC moments such as de 18 h à 22 h; past midnight, the day is told."""
    starts, ends = local(starts_utc), local(ends_utc)
    until = hour(ends_utc)
    if ends.date() != starts.date():
        until = f"{until} le {weekday(ends.date())}"
    return f"de {hour(starts_utc)} à {until}"


def opening(text: str) -> str:
    """Return opening hours as people say them: « lun-ven 08:00-22:00 » as du lundi au vendredi, de 8 h à 22 h.

    What the city wrote in its own words stays as it is.
    """
    parts = [_OPENING.fullmatch(part.strip()) for part in text.split(";")]
    understood = [part for part in parts if part]
    return "; ".join(_opening(part) for part in understood) if len(understood) == len(parts) else text


def _opening(part: re.Match[str]) -> str:
    first, last, *clocks = part.groups()
    days = f"du {_DAYS[first]} au {_DAYS[last]}" if last else f"le {_DAYS[first]}"
    starts, ends = (time_of_day(time(int(hour), int(minute))) for hour, minute in (clocks[:2], clocks[2:]))
    return f"{days}, de {starts} à {ends}"


def time_of_day(value: time) -> str:
    """Return a time of day, already Montreal's, such as 13 h 30, 9 h 05 or, on the hour, 13 h."""
    minutes = f"{NO_BREAK}{value.minute:02}" if value.minute else ""
    return f"{value.hour}{NO_BREAK}h{minutes}"


def of_name(name: str) -> str:
    """Return whose something is: de Sofia, d’Émile, d’Hélène."""
    first = unicodedata.normalize("NFD", name.replace("Œ", "O").replace("Æ", "A")).casefold()[:1]
    return f"d’{name}" if first and first in "aeiouh" else f"de {name}"


def phone(text: str) -> str:
    """Return a telephone number such as 819 843-1330, its extension after it; anything else as it came.

    Its space does not break; its hyphen does in a browser, unless the element has the class nowrap.
    """
    number, poste, extension = text.partition(phones.EXTENSION)
    digits = "".join(c for c in number if c.isdigit()).removeprefix("1")
    if len(digits) != 10 or "+" in number and not number.startswith("+1"):
        return text
    after = f"{poste.rstrip()}{NO_BREAK}{extension}" if extension else ""
    return f"{digits[:3]}{NO_BREAK}{digits[3:6]}-{digits[6:]}{after}"


def dialled(text: str) -> str:
    """Return a telephone number as a link dials it, such as +18198431330;ext=24 (RFC 3966)."""
    number, _poste, extension = text.partition(phones.EXTENSION)
    digits = re.sub(r"\D", "", number)
    abroad = "+" in number
    return f"+{digits if abroad else '1' + digits.removeprefix('1')}{';ext=' + extension if extension else ''}"


def quantity(thousandths: int) -> str:
    """Return a quantity such as 3 or 1,5."""
    return _number(Decimal(thousandths) / 1000, "#,##0.###")


def percent(thousandths: int) -> str:
    """Return a rate given in thousandths of a percent such as 5 % or 9,975 %."""
    return f"{quantity(thousandths)}{NO_BREAK}%"


def _number(value: Decimal, pattern: str) -> str:
    """Return a number as Quebec writes it (Babel's thousands are held by U+00A0), with a real minus."""
    return format_decimal(value, pattern, locale=LOCALE).replace("-", "−")
