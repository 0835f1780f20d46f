"""`flask import` on real files: how they may be written, what is refused, and that it is all of a file or nothing."""

from datetime import date

import pytest

from domain.people import household
from models import Household, Membership, Person
from tests.commands.rows import card, everything, line, table

HEADER = table([card()]).splitlines()[0]


def households_of(number: str) -> set[str]:
    rows = Household.select(Household.code).join(Membership).join(Person).where(Person.card_number == number).tuples()
    return {code for (code,) in rows}


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_way_a_table_is_written_is_read(brings, separator, encoding, end):
    text = table([card(last_name="Trần, l’aînée; dite « Œil »")], separator).replace("\n", end)
    result = brings("cards", text.encode(encoding))
    assert result.exit_code == 0, result.output
    assert Person.get().last_name == "Trần, l’aînée; dite « Œil »"


@pytest.mark.parametrize("separator", [",", ";"])
def test_windows_1252_is_read(brings, separator):
    text = table([card(last_name="Lecœur-Bédard’", first_name="Zoé")], separator)
    assert brings("cards", text.encode("cp1252")).exit_code == 0
    assert Person.get().name == "Zoé Lecœur-Bédard’"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "le fichier est vide"),
        (b"\n", "le fichier est vide"),
        (f"{HEADER}\nQMAGB00000001,A\0B".encode(), "ligne 2 : le fichier contient un caractère nul"),
        (HEADER.replace("birth_date,", "").encode(), "il manque la colonne birth_date"),
        (f"{HEADER},last_name".encode(), "la colonne last_name est là deux fois"),
        (f'{HEADER}\n"QMAGB00000001,A'.encode(), "ligne 2 : le fichier CSV est mal formé"),
    ],
    ids=["empty", "a blank line", "NUL", "a column missing", "a column twice", "a quote left open"],
)
def test_what_is_no_table_is_refused_with_the_reason(brings, content, words):
    result = brings("cards", content)
    assert result.exit_code == 1
    assert words in result.output
    assert not Person.select().exists()


def test_a_file_that_is_not_there_is_said(flask, tmp_path):
    result = flask("import", "cards", tmp_path / "absent.csv")
    assert result.exit_code == 2
    assert "absent.csv" in result.output


def test_a_header_alone_brings_nothing_in(brings):
    result = brings("cards", HEADER)
    assert result.exit_code == 0
    assert "0 créé(s)" in result.output


def test_a_column_nobody_knows_is_passed_over(brings):
    assert brings("cards", [card() | {"shoe_size": "42"}]).exit_code == 0
    assert Person.select().count() == 1


def test_columns_come_in_any_order_and_case_and_the_optional_may_be_missing(brings):
    row = {name.upper(): value for name, value in reversed(card().items()) if name not in ("email", "status")}
    assert brings("cards", [row]).exit_code == 0
    assert Person.get().status == Person.ACTIVE


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("birth_date", "29/02/1984"),
        ("birth_date", "1985-02-29"),
        ("birth_date", "٢٠٢٦-١١-٢٣"),
        ("expires_on", ""),
        ("card_number", "QMAGB0000001"),
        ("card_number", ""),
        ("last_name", "x" * 256),
        ("household", ""),
        ("resident", "2"),
        ("status", "perdue"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column(brings, column, value):
    result = brings("cards", [card(1), card(2, **{column: value})])
    assert result.exit_code == 1
    assert f"ligne 3, {column} : " in result.output
    assert not Person.select().exists()


def test_every_rejected_line_is_listed_in_the_files_order_whatever_is_wrong_with_it(brings):
    brings("cards", [card()])
    rows = [
        line("F1", household="D404"),
        line("F2", unit_price="abc"),
        line("F3", household="D405", card_number="QMAGB00000404"),
        line("F4"),
        line("F5", issued_on="hier", quantity=""),
    ]
    before = everything()
    result = brings("invoices", rows)
    assert result.exit_code == 1
    places = [words.split(" : ")[0] for words in result.output.splitlines() if words.startswith("ligne")]
    assert places == [
        "ligne 2, household",
        "ligne 3, unit_price",
        "ligne 4, household",
        "ligne 4, card_number",
        "ligne 6, issued_on",
        "ligne 6, quantity",
    ]
    assert "Rien n’a été écrit : 6 erreur(s)" in result.output
    assert everything() == before


def test_a_row_with_a_cell_too_many_is_named(brings):
    result = brings("cards", f"{table([card()])}{'x,' * 20}\n")
    assert "ligne 3, toute la ligne" in result.output
    assert result.exit_code == 1


def test_the_line_named_is_the_files_even_after_a_cell_of_two_lines_and_a_blank_one(brings):
    first, wrong = table([card(last_name="A\nB")]), table([card(2, status="x")]).splitlines()[1]
    result = brings("cards", f"{first}\n{wrong}\n")
    assert "ligne 5, status" in result.output


@pytest.mark.parametrize("typed", ["qmagb00000001", "QMAGB 0000-0001", "1".zfill(8), "QMAGBOOOOOOO1"])
def test_a_card_is_known_however_its_number_is_typed(brings, typed):
    brings("cards", [card(1)])
    result = brings("cards", [card(1, card_number=typed)])
    assert "1 inchangé(s)" in result.output


def test_the_same_file_twice_changes_nothing(brings):
    rows = [card(1), card(2), card(2, household="D2")]
    brings("cards", rows)
    before = everything()
    assert "0 créé(s), 0 modifié(s), 2 inchangé(s)" in brings("cards", rows).output
    assert everything() == before


@pytest.mark.parametrize("his", ["o’brien@école.ca", "O'Brien@ÉCOLE.ca", "o'brien@xn--cole-9oa.ca"])
def test_a_mailbox_of_two_adults_is_known_for_one_however_the_file_writes_it(brings, city, his):
    """A forgotten password goes to an address that is hers alone."""
    brings("cards", [card(1, email="o'brien@école.ca"), card(2, email=his)])
    hers, other = Person.select().order_by(Person.id)
    assert household.is_anothers_too(hers.email, hers, city)
    assert household.is_anothers_too(other.email, other, city)


def test_a_known_card_is_updated(brings):
    brings("cards", [card(1), card(2)])
    result = brings("cards", [card(1, status="lost", expires_on="2031-01-01")])
    assert "0 créé(s), 1 modifié(s)" in result.output
    changed = Person.get(Person.card_number == "QMAGB00000001")
    assert (changed.status, changed.expires_on) == (Person.LOST, date(2031, 1, 1))
    assert Person.select().where(Person.status == Person.ACTIVE).count() == 1


def test_a_child_of_two_households_has_a_row_in_each_and_the_last_file_counts(brings):
    brings("cards", [card(1), card(1, household="D2")])
    assert households_of("QMAGB00000001") == {"D1", "D2"}
    brings("cards", [card(1, household="D2")])
    assert households_of("QMAGB00000001") == {"D2"}


def test_one_card_with_two_names_in_a_file_is_refused(brings):
    result = brings("cards", [card(1), card(1, household="D2", last_name="Roy")])
    assert result.exit_code == 1
    assert "ligne 3, card_number : cette carte est déjà à la ligne 2" in result.output
    assert not Person.select().exists()


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(brings):
    brings("cards", [card(1)])
    before = everything()
    result = brings("cards", [card(1, status="lost"), card(2, household="D2")], "--dry-run")
    assert result.exit_code == 0
    assert "rien n’est écrit : 1 créé(s), 1 modifié(s)" in result.output
    assert everything() == before


def test_a_dry_run_of_a_wrong_file_exits_1_as_well(brings):
    assert brings("cards", [card(status="perdue")], "--dry-run").exit_code == 1


@pytest.mark.parametrize("dry_run", [(), ("--dry-run",)])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_file_that_has_not_the_rows_expected_is_refused_whole(brings, rows, dry_run):
    before = everything()
    result = brings("cards", [card(number) for number in range(1, rows + 1)], "--expect", "2", *dry_run)
    assert result.exit_code == 1
    assert f"{rows} ligne(s) au lieu de 2 : rien n’a été écrit" in result.output
    assert everything() == before
    assert brings("cards", [card(1), card(2)], "--expect", "2").exit_code == 0


def test_a_file_shorter_by_a_tenth_is_taken_and_said_unless_one_is_sure(brings):
    brings("cards", [card(number) for number in range(1, 11)])
    short = [card(number) for number in range(1, 10)]
    assert "attention : 9 ligne(s), mais 10 au dernier import" in brings("cards", short, "--dry-run").output
    assert "attention" not in brings("cards", short, "--dry-run", "--sure").output
    result = brings("cards", short)
    assert result.exit_code == 0
    assert "attention" in result.output
    assert "attention" not in brings("cards", short).output
