"""Dates and amounts as other systems write them: read one way or refused, never one for another."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import cells, csv_files
from adapters.mapping.formats import MONTHS, Amount, DateFormat, amounts, dates

FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905


@pytest.mark.parametrize(
    ("written", "text", "read"),
    [
        ("JJ/MM/AAAA", "14/03/2016", "2016-03-14"),
        ("JJ/MM/AAAA", "4/3/2016", "2016-03-04"),
        ("MM/JJ/AAAA", "03/14/2016", "2016-03-14"),
        ("AAAA-MM-JJ", "2016-03-14", "2016-03-14"),
        ("AAAAMMJJ", "20160314", "2016-03-14"),
        ("JJ mois AAAA", "14 mars 2016", "2016-03-14"),
        ("JJ mois AAAA", "1er  août\u00a02016", "2016-08-01"),
        ("JJ mois AAAA", "1 AOUT 2016", "2016-08-01"),
        ("JJ-mois-AAAA", "14-févr.-2016", "2016-02-14"),
        ("mois JJ, AAAA", "Feb 29, 2016", "2016-02-29"),
        ("AAAA-MM-JJ HH:mm:ss", "2016-03-14 23:59:59", "2016-03-14"),
    ],
)
def test_a_day_is_read_as_its_format_says(written, text, read):
    assert dates([written], csv_files.day)(text) == read


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("JJ/MM/AAAA", "31/02/2016"),
        ("JJ/MM/AAAA", "03/14/2016"),
        ("JJ/MM/AAAA", "14/03/16"),
        ("JJ/MM/AAAA", "14-03-2016"),
        ("JJ/MM/AAAA", "14/03/2016 08:00"),
        ("JJ/MM/AAAA", "１４/03/2016"),
        ("JJ/MM/AAAA", "14/03/0000"),
        ("AAAAMMJJ", "2016114"),
        ("JJ mois AAAA", "14 marche 2016"),
        ("JJ mois AAAA", "14  2016"),
    ],
)
def test_what_is_not_written_so_is_refused_with_what_was_said(written, text):
    with pytest.raises(ValueError, match="ne se lit pas comme") as refusal:
        dates([written], csv_files.day)(text)
    assert str(refusal.value) == f"« {text} » ne se lit pas comme {written}"


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_of_two_centuries_comes_back(day):
    said = {
        "JJ/MM/AAAA": f"{day:%d/%m/%Y}",
        "AAAAMMJJ": f"{day:%Y%m%d}",
        "JJ mois AAAA": f"{day.day} {FRENCH[day.month - 1]} {day.year}",
    }
    for written, text in said.items():
        assert dates([written], csv_files.day)(text) == day.isoformat()


def test_each_word_is_one_month_alone():
    words = [word for names in MONTHS for word in names.split()]
    assert len(words) == len(set(words))


def test_of_two_formats_a_text_that_both_read_otherwise_is_refused():
    either = dates(["JJ/MM/AAAA", "MM/JJ/AAAA"], csv_files.day)
    assert (either("14/03/2016"), either("03/14/2016"), either("05/05/2016")) == (
        "2016-03-14",
        "2016-03-14",
        "2016-05-05",
    )
    with pytest.raises(ValueError, match="se lit de deux façons comme JJ/MM/AAAA ou MM/JJ/AAAA"):
        either("03/04/2016")


def test_moments_and_hours_are_written_as_their_columns_want_them():
    moment = dates(["JJ/MM/AAAA HH:mm", "JJ/MM/AAAA HH:mm:ss"], csv_files.moment)
    assert csv_files.moment(moment("05/12/2026 18:00")) == csv_files.moment("2026-12-05T18:00")
    assert csv_files.moment(moment("05/12/2026 18:00:30")) == csv_files.moment("2026-12-05T18:00:30")
    assert dates(["HHhmm"], csv_files.time_of_day)("9h05") == "09:05"


@pytest.mark.parametrize(
    ("written", "reader", "why"),
    [
        ("DD/MM/YYYY", csv_files.day, "ne dit pas AAAA, JJ"),
        ("JJ/MM/AA", csv_files.day, "ne dit pas AAAA"),
        ("JJ/MM/AAAA", csv_files.moment, "ne dit pas HH, mm"),
        ("JJ/MM/MM/AAAA", csv_files.day, "deux fois la même partie"),
        ("JJ mois MM AAAA", csv_files.day, "deux fois la même partie"),
        ("JJ/MM/AAAA", csv_files.cents, "n’est pas une date"),
        ("", csv_files.day, "ne dit pas AAAA, MM, JJ"),
    ],
)
def test_a_format_that_cannot_serve_its_column_is_refused(written, reader, why):
    with pytest.raises(ValueError, match=why):
        dates([written], reader)


def test_a_format_is_read_literally_where_it_says_no_date():
    assert DateFormat("[JJ].MM.AAAA").read("[14].03.2016")
    assert not DateFormat("JJ.MM.AAAA").read("14x03x2016")


@pytest.mark.parametrize(
    ("how", "text", "read"),
    [
        (Amount(), "1 234,56 $", "1234.56"),
        (Amount(), "$1234.5", "1234.5"),
        (Amount(), "(12,00)", "-12.00"),
        (Amount(), "12,00-", "-12.00"),
        (Amount(), "\u22127", "-7"),
        (Amount("."), "1,234,567.80", "1234567.80"),
        (Amount("."), "$ (1,234.56)", "-1234.56"),
        (Amount(","), "1.234,56", "1234.56"),
        (Amount(unit="cents"), "123456", "1234.56"),
        (Amount(unit="cents"), "-5", "-0.05"),
        (Amount(sign="reversed"), "-40,00", "40.00"),
        (Amount(sign="reversed"), "40", "-40"),
        (Amount(negative="CR"), "125.00CR", "-125.00"),
        (Amount(negative="CR"), "CR 125.00", "-125.00"),
    ],
)
def test_an_amount_is_read_as_the_mapping_says(how, text, read):
    assert amounts(how, csv_files.cents)(text) == read


@pytest.mark.parametrize(
    ("how", "text"),
    [
        (Amount(), "1,234.56"),
        (Amount(","), "1,234.56"),
        (Amount("."), "1234,56"),
        (Amount("."), "12,34.56"),
        (Amount(unit="cents"), "12.34"),
        (Amount(), "125.00CR"),
        (Amount(), "()"),
        (Amount(), "-"),
        (Amount(), "--5"),
        (Amount(), "(-5)"),
        (Amount(), "²"),
        (Amount(), "5$5$"),
        (Amount(negative="CR"), "CR"),
    ],
)
def test_what_is_no_amount_that_way_is_refused(how, text):
    with pytest.raises(ValueError, match="n’est pas un montant"):
        amounts(how, csv_files.cents)(text)


@given(st.integers(-99_999_999, 99_999_999))
def test_cents_written_any_way_are_the_same_cents(amount):
    sign, whole, fraction = "-" if amount < 0 else "", abs(amount) // 100, abs(amount) % 100
    ways = {
        Amount("."): f"{sign}${whole:,}.{fraction:02}",
        Amount(","): f"{sign}{whole:,}".replace(",", ".") + f",{fraction:02} $",
        Amount(unit="cents"): str(amount),
        Amount(sign="reversed"): f"{'' if amount < 0 else '-'}{whole}.{fraction:02}",
    }
    for how, text in ways.items():
        assert csv_files.cents(amounts(how, csv_files.cents)(text)) == amount


@pytest.mark.parametrize(
    ("how", "reader", "why"),
    [
        (Amount(), csv_files.day, "n’est pas un montant"),
        (Amount(unit="cents"), csv_files.thousandths, "n’est pas en cents"),
        (Amount(unit="euros"), cells.price, "unit doit être dollars ou cents"),
        (Amount(decimal=";"), cells.price, "decimal doit être , ou ."),
        (Amount(sign="minus"), cells.price, "sign doit être as_is ou reversed"),
    ],
)
def test_an_amount_that_cannot_serve_its_column_is_refused(how, reader, why):
    with pytest.raises(ValueError, match=why):
        amounts(how, reader)
