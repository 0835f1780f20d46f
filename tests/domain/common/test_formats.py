"""Quebec writes amounts, dates, hours and telephone numbers its own way."""

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from domain.common import clock, formats

# In these expectations ~ stands for a no-break space, which one cannot see.


def spaces(text: str) -> str:
    return text.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "0,00~$"),
        (5, "0,05~$"),
        (123_456, "1~234,56~$"),
        (123_456_789_01, "123~456~789,01~$"),
        (-1_500, "−15,00~$"),
    ],
)
def test_money_has_a_comma_no_break_spaces_and_a_real_minus(cents: int, words: str):
    assert formats.money(cents) == spaces(words)


def test_a_date_is_day_month_year():
    assert formats.day(date(2026, 11, 23)) == spaces("23~novembre~2026")


def test_the_first_of_a_month_is_ordinal_and_no_other_day_is():
    assert formats.day(date(2027, 1, 1)) == spaces("1er~janvier~2027")
    assert formats.day(date(2027, 8, 21)) == spaces("21~août~2027")


@pytest.mark.parametrize(
    ("utc", "words"),
    [
        (datetime(2026, 11, 23, 18, 30), "23~novembre~2026 à 13~h~30"),
        (datetime(2026, 7, 1, 18, 30), "1er~juillet~2026 à 14~h~30"),  # summer time
        (datetime(2026, 11, 1, 4, 59), "1er~novembre~2026 à 0~h~59"),
        (datetime(2026, 11, 1, 5, 30), "1er~novembre~2026 à 1~h~30 (heure~avancée)"),
        (datetime(2026, 11, 1, 6, 30), "1er~novembre~2026 à 1~h~30 (heure~normale)"),  # the same hour again
        (datetime(2026, 11, 1, 7), "1er~novembre~2026 à 2~h"),
        (datetime(2027, 3, 14, 6, 59), "14~mars~2027 à 1~h~59"),
        (datetime(2027, 3, 14, 7), "14~mars~2027 à 3~h"),  # and none is told that is not
        (datetime(2027, 1, 1, 4, 59), "31~décembre~2026 à 23~h~59"),
    ],
)
def test_a_stored_moment_is_told_in_montreals_time(utc: datetime, words: str):
    assert formats.moment(utc) == spaces(words)


def test_the_day_whose_hour_comes_twice_has_25_and_none_is_counted_in_two_days():
    first, next_day = clock.montreal_day(date(2026, 11, 1))
    assert next_day - first == timedelta(hours=25)
    assert clock.montreal_day(date(2026, 11, 2))[0] == next_day


@pytest.mark.parametrize(
    ("moment", "words"), [(time(13, 30), "13~h~30"), (time(9, 5), "9~h~05"), (time(13), "13~h"), (time(0), "0~h")]
)
def test_an_hour_on_the_hour_has_no_zeros(moment: time, words: str):
    assert formats.time_of_day(moment) == spaces(words)


@pytest.mark.parametrize("typed", ["8198431330", "819 843-1330", "(819) 843.1330", "+1 819 843-1330"])
def test_a_telephone_number_reads_alike_however_it_was_typed(typed: str):
    assert formats.phone(typed) == spaces("819~843-1330")


@pytest.mark.parametrize("typed", ["", "911", "819 843-1330 ou 22", "+33 1 42 34 56 78"])
def test_another_telephone_number_stays_as_it_came(typed: str):
    assert formats.phone(typed) == typed


@pytest.mark.parametrize(
    ("thousandths", "words"), [(3_000, "3"), (1_500, "1,5"), (333, "0,333"), (1_234_000, "1~234"), (-500, "−0,5")]
)
def test_a_quantity_shows_only_the_decimals_it_has(thousandths: int, words: str):
    assert formats.quantity(thousandths) == spaces(words)


@pytest.mark.parametrize(
    ("name", "words"),
    [("Sofia", "de Sofia"), ("Émile", "d’Émile"), ("Œdipe", "d’Œdipe"), ("Hélène", "d’Hélène"), ("", "de ")],
)
def test_whose_it_is_is_elided_before_a_vowel(name: str, words: str):
    assert formats.of_name(name) == words


def test_a_tax_rate_keeps_its_decimals():
    assert formats.percent(5_000) == spaces("5~%")
    assert formats.percent(9_975) == spaces("9,975~%")


def test_a_stored_moments_hour_is_told_here_alone():
    """An hour taken from a moment's local time does not say which of the two it is, the night the clocks go back."""
    rooms = [file for room in ("views", "domain", "commands", "adapters") for file in Path(room).rglob("*.py")]
    told = [file for file in rooms if re.search(r"time_of_day\(.*\.time\(\)", file.read_text(encoding="utf-8"))]
    assert told == [Path("domain/common/formats.py")]


def test_a_moment_to_the_second_says_which_hour_where_it_comes_twice():
    assert formats.to_the_second(datetime(2026, 11, 23, 18, 5, 9)) == spaces("13~h~05~min~09~s")
    assert formats.to_the_second(datetime(2026, 11, 1, 5, 50)) == spaces("1~h~50~min~00~s (heure~avancée)")
    assert formats.to_the_second(datetime(2026, 11, 1, 6, 50)) == spaces("1~h~50~min~00~s (heure~normale)")


@pytest.mark.parametrize(
    ("kept", "shown", "link"),
    [
        ("819 843-1330", "819~843-1330", "+18198431330"),
        ("819 843-1330 poste 24", "819~843-1330 poste~24", "+18198431330;ext=24"),
        ("819 843-1330, poste 24", "819~843-1330 poste~24", "+18198431330;ext=24"),
        ("+33 1 70 18 99 00", "+33 1 70 18 99 00", "+33170189900"),
        ("+1 819 843-1330", "819~843-1330", "+18198431330"),
    ],
)
def test_a_telephone_is_shown_and_dialled_with_its_extension(kept, shown, link):
    assert formats.phone(kept) == spaces(shown)
    assert formats.dialled(kept) == link
