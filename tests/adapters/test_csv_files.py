"""CSV tables: cells read as they are written in Quebec, wrong ones named, and what goes out is defused and whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import csv_files
from adapters.csv_files import BadTable, Column
from domain.common.formats import money, plain_amount
from views.messages.imports import problem

COLUMNS = [Column("name", csv_files.text(5)), Column("price", csv_files.cents, required=False, default=0)]


@pytest.fixture
def reads(tmp_path):
    def run(text: str):
        (tmp_path / "in.csv").write_text(text, encoding="utf-8", newline="")
        found = csv_files.read(tmp_path / "in.csv", COLUMNS)
        return found.rows, found.rejected

    return run


@given(st.integers(-999_999_999, 999_999_999))
def test_an_amount_is_read_back_however_it_was_written(cents):
    assert csv_files.cents(plain_amount(cents)) == csv_files.cents(money(cents)) == cents


@pytest.mark.parametrize(
    ("written", "cents"), [("-0,50", -50), ("\u22120,05", -5), ("5 $", 500), ("1\u2009000", 100_000), ("00.10", 10)]
)
def test_signs_spaces_and_the_dollar_are_understood(written, cents):
    assert csv_files.cents(written) == cents


@pytest.mark.parametrize("written", ["", " ", "-", ".5", "5.", "1.234", "1,2,3", "1.234,56", "0x10", "²", "+1", "1$2"])
def test_what_is_no_amount_is_said_so(written):
    with pytest.raises(ValueError, match="n’est pas un nombre"):
        csv_files.cents(written)


def test_an_amount_that_no_column_could_hold_is_too_large():
    assert csv_files.cents("9999999.99") == 999_999_999
    with pytest.raises(ValueError, match="est trop grand"):
        csv_files.cents("-10000000")


@pytest.mark.parametrize(("written", "read"), [("1", 1_000), ("0,5", 500), ("1.125", 1_125), ("-2", -2_000)])
def test_a_quantity_has_three_decimals(written, read):
    assert csv_files.thousandths(written) == read


def test_a_day_is_read():
    assert csv_files.day("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    "written", ["2027-02-29", "2026-1-2", "26-11-23", "2026-11-23T00:00", "0000-01-01", "", "２０２６-11-23"]
)
def test_what_is_no_day_is_said_so(written):
    with pytest.raises(ValueError, match="n’est pas une date"):
        csv_files.day(written)


def test_a_word_is_one_of_those_allowed_whatever_its_case():
    assert csv_files.one_of("open", "cancelled")("Open") == "open"
    with pytest.raises(ValueError, match="il faut open, cancelled"):
        csv_files.one_of("open", "cancelled")("ouverte")


def test_a_long_wrong_cell_is_not_repeated_whole():
    with pytest.raises(ValueError, match=r"^« 7{40} »"):
        csv_files.cents("7" * 500)


def test_rows_come_with_their_line_their_values_and_the_defaults(reads):
    rows, rejections = reads('NAME ,other,price\n"A\nB",x,"1,50"\n\n C ,x,\n')
    assert not rejections
    assert [(row.line, row.values) for row in rows] == [
        (2, {"name": "A B", "price": 150}),
        (5, {"name": "C", "price": 0}),
    ]


def test_an_optional_column_that_is_absent_has_its_default(reads):
    rows, _ = reads("name\nA\n")
    assert rows[0].values == {"name": "A", "price": 0}


def test_wrong_rows_are_named_and_the_good_ones_kept(reads):
    rows, rejections = reads("name;price\nA;x\nB;1\nC;1;2\n;2\nTOOLONG;1\n")
    assert [row.values["name"] for row in rows] == ["B"]
    assert [problem(rejection) for rejection in rejections] == [
        "ligne 2, price : « x » n’est pas un nombre ; il faut par exemple 1234.56 ou 1 234,56",
        "ligne 4, toute la ligne : 3 cases au lieu de 2",
        "ligne 5, name : cette case est vide",
        "ligne 6, name : plus de 5 caractères",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "vide"),
        (",\n", "vide"),
        ("price\n1\n", "il manque la colonne name"),
        ("name,Name\nA,B\n", "la colonne name est là deux fois"),
        ('name\n"A', "mal formé"),
        ("name\n" + "x" * 140_000, "mal formé"),
        ("name\nA\n\0\n", "ligne 3 : le fichier contient un caractère nul"),
    ],
)
def test_what_is_no_table_is_refused(reads, text, words):
    with pytest.raises(BadTable, match=words):
        reads(text)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "-1e5", "@x", "\t=1", "\r=1", "-", "--1", "-1.", "-١x"])
def test_a_cell_that_would_be_a_formula_is_defused(text):
    assert csv_files.defused(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["-5", "-5.00", -5, 0, "", "A=1", "1-2", "Œil"])
def test_a_cell_that_would_not_stays_as_it_is(cell):
    assert csv_files.defused(cell) == cell


def test_a_table_written_is_read_back(tmp_path):
    file = tmp_path / "out.csv"
    assert csv_files.write(file, ["name", "price"], [["A;é", "1.50"], ['"B"', "-2.00"]]) == 2
    rows = csv_files.read(file, COLUMNS).rows
    assert [tuple(row.values.values()) for row in rows] == [("A;é", 150), ('"B"', -200)]


def test_a_table_that_fails_half_way_leaves_the_one_before(tmp_path):
    file = tmp_path / "out.csv"
    csv_files.write(file, ["name"], [["before"]])
    with pytest.raises(ZeroDivisionError):
        csv_files.write(file, ["name"], ([1 // n] for n in (1, 0)))
    assert "before" in file.read_text("utf-8-sig")


@pytest.mark.parametrize("text", ["+1 819 555-0143", "=1+1", "'=1", "''@x", "'tis", "-5", "Zoé", "'-5"])
def test_a_cell_comes_back_as_it_went_out(text):
    assert csv_files.as_typed(csv_files.defused(text)) == text
