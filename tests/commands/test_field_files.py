"""Files as spreadsheets, old systems and tired people write them: read, or refused with the line; never mixed up."""

import csv
import io
import re
from html import unescape
from urllib.parse import unquote

import pytest
from xlsxwriter import Workbook

from models import Household, Invoice, Membership, Payment, Person
from tests.commands.rows import card, line, payment, table
from tests.factories import make_household, make_invoice


@pytest.fixture
def brings(app, tmp_path):
    """Import a file, given as rows, text or bytes."""

    def run(kind: str, content: list[dict] | str | bytes, name: str = "in.csv"):
        text = table(content) if isinstance(content, list) else content
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return app.test_cli_runner().invoke(args=["import", kind, str(file)])

    return run


@pytest.mark.parametrize("word", ["#N/A", "#REF!", "#VALEUR!", "NULL", "NaN", "n/d", "-", "0", "-1", "None"])
@pytest.mark.parametrize(("kind", "row"), [("cards", card), ("invoices", line)])
def test_no_household_is_made_of_a_word_for_nothing(brings, kind, row, word):
    result = brings(kind, [row(household=word)])
    assert result.exit_code == 1
    assert "ligne 2, household : " in result.output
    assert not Household.select().where(Household.code == word).exists()


@pytest.mark.parametrize("word", ["#N/A", "NULL", "n/d", "0"])
def test_no_day_is_made_of_one(brings, word):
    assert "ligne 2, birth_date : " in brings("cards", [card(birth_date=word)]).output


def test_in_an_optional_cell_it_is_nothing_and_said_once(brings):
    result = brings("cards", [card(phone="NULL", email="n/d", address="0"), card(2, phone="-")])
    assert result.exit_code == 0
    assert "ligne 2, phone : « NULL » est lu comme une case vide" in result.output
    assert [(one.phone, one.email, one.address) for one in Person.select()][0] == ("", "", "")


def test_an_errors_word_is_refused_in_an_optional_cell_too(brings):
    assert "ligne 2, phone : « #N/A » est une erreur de tableur" in brings("cards", [card(phone="#N/A")]).output


def test_somebody_may_be_called_null(brings):
    result = brings("cards", [card(last_name="Null", first_name="Nan")])
    assert result.exit_code == 0
    assert "« Null » est pris pour un nom de personne" in result.output
    assert Person.get().name == "Nan Null"


def test_who_has_one_name_is_called_by_it(brings):
    assert brings("cards", [card(last_name="Suharti", first_name="")]).exit_code == 0
    assert (Person.get().name, Person.get().first_name) == ("Suharti", "Suharti")
    assert "1 inchangé(s)" in brings("cards", [card(last_name="", first_name="Suharti")]).output
    assert "il faut un nom, ou un prénom" in brings("cards", [card(last_name="", first_name="")]).output


@pytest.mark.parametrize("day", ["1899-12-31", "2099-01-01", "2027-12-31"])
def test_nobody_is_born_then(brings, day):
    assert "ligne 2, birth_date : " in brings("cards", [card(birth_date=day)]).output


def test_nothing_was_paid_in_the_future(brings):
    make_invoice(make_household(), number="F1")
    assert "est dans le futur" in brings("payments", [payment(paid_on="2099-11-20", invoice_number="F1")]).output


def test_two_cards_that_differ_by_what_nobody_sees_are_one(brings):
    rows = [card(1, card_number="QMAGB\u200b00000001"), card(1, last_name="Be\u0301dard", household="D2")]
    rows[0]["last_name"] = "Bédard"
    assert brings("cards", rows).exit_code == 0
    assert Person.select().count() == 1
    assert Membership.select().count() == 2


def test_a_household_of_adults_at_many_addresses_is_a_warning(brings):
    rows = [card(number, address=f"{number} rue A", birth_date="1980-01-01") for number in (1, 2, 3)]
    result = brings("cards", rows)
    assert result.exit_code == 0
    assert "3 adultes à 3 adresses" in result.output


def test_a_name_that_no_document_prints_is_listed(brings):
    rows = [card(1, last_name="王", first_name="小明"), card(2, last_name="ᐊᓂᖅ"), card(3, last_name="Ковальчук")]
    said = brings("cards", rows).output
    assert "ligne 2, last_name : aucun document n’imprime" in said
    assert "ligne 3" not in said
    assert "ligne 4" not in said


@pytest.mark.parametrize("number", ["2,02611E+11", "2.02611E+11", "1e5"])
def test_a_shortened_number_merges_nothing(brings, number):
    brings("cards", [card()])
    result = brings("invoices", [line(number), line(number, description="Piscine")])
    assert "abrégé" in result.output
    assert not Invoice.select().exists()


@pytest.mark.parametrize("key", ["123", "0123", "00000123"])
def test_a_payment_that_is_another_but_for_its_zeros_is_listed(brings, key):
    make_invoice(make_household(), number="F1", total_cents=90_000)
    assert brings("payments", [payment("000123", invoice_number="F1")]).exit_code == 0
    result = brings("payments", [payment(key, invoice_number="F1")])
    assert "que par des zéros au début" in result.output
    assert Payment.select().count() == 1


def test_an_invoice_that_is_another_but_for_its_case_is_listed(brings):
    brings("cards", [card()])
    assert brings("invoices", [line("F-1a")]).exit_code == 0
    assert "que par des majuscules" in brings("invoices", [line("f-1A")]).output
    assert Invoice.select().count() == 1


@pytest.mark.parametrize("number", ["2026/0123", "..", ".", "2026\\7", "//", "a/../b"])
def test_a_number_that_no_address_can_hold_is_refused_with_its_line(brings, number):
    brings("cards", [card()])
    assert "ligne 2, invoice_number : " in brings("invoices", [line(number)]).output


@pytest.mark.parametrize("number", ["2026#7", "2026?8", "2026 9", "É-10", "2026%2F11", "a&b", "'x'", "..a"])
def test_the_page_of_any_other_number_opens(brings, citizen, number):
    make_invoice(citizen.household, number=number)
    citizen.joins()
    html = citizen.client.get_page("/mon-dossier/comptes")
    pages = [unescape(one) for one in re.findall(r'href="(/mon-dossier/comptes/[^"]+)"', html)]
    [page] = {page for page in pages if unquote(page) == f"/mon-dossier/comptes/{number}"}
    assert citizen.client.get(page).status_code == 200


@pytest.mark.parametrize("kind", ["a workbook", "a table of theirs"])
def test_a_workbook_is_read(brings, kind):
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Cartes")
        for number, row in enumerate(csv.reader(io.StringIO(table([card(1), card(2)])))):
            sheet.write_row(number, 0, row)
        book.add_worksheet("Notes").write(0, 0, "rien")
    assert brings("cards", file.getvalue(), "in.xlsx" if kind == "a workbook" else "in.csv").exit_code == 0
    assert Person.select().count() == 2


def test_a_telephone_is_kept_one_way_and_what_is_none_stays(brings):
    rows = [card(1, phone="(819) 843\u20110000, poste 24"), card(2, phone="voir sa mère")]
    assert brings("cards", rows).exit_code == 0
    assert [one.phone for one in Person.select().order_by(Person.id)] == ["819 843-0000 poste 24", "voir sa mère"]
    assert "abrégé" in brings("cards", [card(3, phone="8,19843E+09")]).output
