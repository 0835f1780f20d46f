"""`flask import invoices`: amounts to the cent, lines as a set, and what is paid is left alone."""

import pytest

from domain.billing import household_credits, ledger
from models import Household, Invoice, InvoiceLine
from tests.commands.rows import card, everything, line, payment


@pytest.fixture(autouse=True)
def known(brings):
    """A card and its household, which invoices name."""
    brings("cards", [card()])


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("1234.56", 123_456),
        ("1 234,56", 123_456),
        ("1\u00a0234,56", 123_456),
        ("1\u202f234,56 $", 123_456),
        ("12", 1_200),
        ("12,5", 1_250),
        ("0.01", 1),
    ],
)
def test_an_amount_is_read_in_both_forms(brings, written, cents):
    assert brings("invoices", [line(unit_price=written)]).exit_code == 0
    assert Invoice.get().total_cents == cents


@pytest.mark.parametrize("written", ["1,234.56", "12.345", "1e3", "٥", "NaN", "", "--1", "99999999.00", "9" * 12])
def test_what_is_no_amount_is_refused(brings, written):
    result = brings("invoices", [line(unit_price=written)])
    assert result.exit_code == 1
    assert "ligne 2, unit_price : " in result.output
    assert not Invoice.select().exists()


def test_the_largest_quantity_and_price_are_kept_to_the_cent(brings):
    assert brings("invoices", [line(quantity="9999999.999", unit_price="9999999.99")]).exit_code == 0
    assert Invoice.get().total_cents == 9_999_999_989_000_000


@pytest.mark.parametrize(
    ("quantity", "price", "cents"),
    [("2.5", "10.01", 2_503), ("0,333", "1.00", 33), ("1.125", "0.04", 5), ("3", "-2.50", -750), ("0.005", "1.00", 1)],
)
def test_a_line_is_quantity_times_price_halves_away_from_zero(brings, quantity, price, cents):
    assert brings("invoices", [line(), line(quantity=quantity, unit_price=price)]).exit_code == 0
    assert Invoice.get().total_cents == 10_000 + cents


def test_a_quantity_of_four_decimals_is_refused(brings):
    assert "ligne 2, quantity" in brings("invoices", [line(quantity="1.0001")]).output


def test_taxes_are_the_taxable_subtotals_shared_out_to_its_lines(brings):
    taxable = {"unit_price": "1.10", "tax_code": "taxable"}
    brings("invoices", [line(**taxable), line(**taxable), line(unit_price="50.00")])
    invoice = Invoice.get()
    assert (invoice.tps_cents, invoice.tvq_cents, invoice.total_cents) == (11, 22, 5_253)
    taxes = [(row.tps_cents, row.tvq_cents) for row in InvoiceLine.select().order_by(InvoiceLine.position)]
    assert taxes == [(6, 11), (5, 11), (0, 0)]


def test_a_rebate_takes_its_taxes_off(brings):
    rows = [line(tax_code="taxable"), line(tax_code="taxable", unit_price="-20.00", description="Rabais")]
    brings("invoices", rows)
    assert Invoice.get().total_cents == 8_000 + 400 + 798


@pytest.mark.parametrize(("rebate", "credit"), [("-100.00", 0), ("-100.01", 1)])
def test_a_total_may_be_nothing_and_below_it_is_a_credit_note(brings, rebate, credit):
    rows = [line(), line(unit_price=rebate)]
    assert brings("invoices", rows).exit_code == 0
    assert Invoice.select().exists() is not bool(credit)
    assert household_credits.left_cents([Household.get().id]) == credit
    before = everything()
    assert "1 inchangé(s)" in brings("invoices", rows).output
    assert everything() == before


@pytest.mark.parametrize(
    ("column", "value"),
    [("household", "D404"), ("card_number", "QMAGB00000404"), ("due_on", "2026-10-31"), ("tax_code", "free")],
)
def test_a_wrong_row_is_named_and_nothing_is_written(brings, column, value):
    before = everything()
    result = brings("invoices", [line("F1"), line("F2", **{column: value})])
    assert result.exit_code == 1
    assert f"ligne 3, {column} : " in result.output
    assert everything() == before


@pytest.mark.parametrize(("column", "value"), [("due_on", "2026-12-02"), ("status", "cancelled")])
def test_lines_of_one_invoice_must_agree(brings, column, value):
    result = brings("invoices", [line(), line(**{column: value})])
    assert result.exit_code == 1
    assert f"ligne 3, {column} : " in result.output


def test_the_same_file_twice_changes_nothing(brings):
    rows = [line(card_number="QMAGB00000001"), line("F2"), line("F1", unit_price="-5.00")]
    brings("invoices", rows)
    before = everything()
    assert "0 créé(s), 0 modifié(s), 2 inchangé(s)" in brings("invoices", rows).output
    assert everything() == before


def test_a_dry_run_writes_nothing(brings):
    before = everything()
    assert "rien n’est écrit : 1 créé(s)" in brings("invoices", [line()], "--dry-run").output
    assert everything() == before


def test_a_known_invoices_lines_are_replaced_as_a_set_and_the_ledger_follows(brings):
    brings("invoices", [line(), line(description="Garde")])
    assert "1 modifié(s)" in brings("invoices", [line(unit_price="70.00", ledger_account="4200")]).output
    assert [row.net_cents for row in InvoiceLine.select()] == [7_000]
    assert ledger.receivable_cents(Invoice.get().id) == Invoice.get().balance_cents == 7_000


def test_cancelled_it_is_owed_no_more_and_opened_again_it_is(brings):
    brings("invoices", [line()])
    brings("invoices", [line(status="cancelled")])
    invoice = Invoice.get()
    assert (invoice.balance_cents, ledger.receivable_cents(invoice.id)) == (0, 0)
    brings("invoices", [line()])
    invoice = Invoice.get()
    assert (invoice.balance_cents, ledger.receivable_cents(invoice.id)) == (10_000, 10_000)


def test_one_that_comes_cancelled_is_never_owed(brings):
    brings("invoices", [line(status="cancelled")])
    assert ledger.receivable_cents(Invoice.get().id) == 0


@pytest.mark.parametrize("change", [{"unit_price": "90.00"}, {"status": "cancelled"}])
@pytest.mark.parametrize("amount", ["40.00", "100.00"])
def test_one_paid_in_part_or_whole_is_left_alone_and_listed_and_the_rest_is_written(brings, change, amount):
    brings("invoices", [line()])
    brings("payments", [payment(amount=amount)])
    result = brings("invoices", [line("F2"), line(**change)])
    assert result.exit_code == 0
    assert "laissée : ligne 3, invoice_number : F1 est déjà payée" in result.output
    assert Invoice.get(Invoice.number == "F1").total_cents == 10_000
    assert Invoice.get(Invoice.number == "F1").status == Invoice.OPEN
    assert Invoice.get(Invoice.number == "F2").total_cents == 10_000


def test_one_being_paid_by_card_is_left_alone_and_listed(brings, citizen):
    citizen.joins()
    brings("invoices", [line(household=citizen.household.code)])
    citizen.pays(Invoice.get())
    result = brings("invoices", [line(household=citizen.household.code, status="cancelled")])
    assert result.exit_code == 0
    assert "laissée : ligne 2, invoice_number : F1 est en cours de paiement" in result.output
    assert Invoice.get().status == Invoice.OPEN


def test_one_paid_and_unchanged_in_the_file_is_not_listed(brings):
    brings("invoices", [line()])
    brings("payments", [payment()])
    result = brings("invoices", [line()])
    assert "1 inchangé(s), 0 laissé(s)" in result.output


def test_a_lowered_open_invoice_is_written_named_and_put_before_a_person(brings, flask):
    half = [line(), line("F2"), line("F2", unit_price="50.00")]
    brings("invoices", half)
    result = brings("invoices", half[:2])
    assert result.exit_code == 0
    words = "la facture F2 passe de 150,00 $ à 100,00 $"
    assert f"à traiter : ligne 3, unit_price : {words}" in result.output.replace("\u00a0", " ")
    assert Invoice.get(Invoice.number == "F2").total_cents == 10_000
    assert words in flask("attention").output.replace("\u00a0", " ")
    before = everything()
    assert "à traiter" not in brings("invoices", half[:2]).output
    assert everything() == before | {"Counter": everything()["Counter"]}


@pytest.mark.parametrize("change", [{"unit_price": "100.01"}, {"status": "cancelled"}, {"description": "Camp"}])
def test_what_is_raised_or_cancelled_or_costs_the_same_is_not_said_to_be_lowered(brings, flask, change):
    brings("invoices", [line()])
    assert "à traiter" not in brings("invoices", [line(**change)]).output
    assert "0 chose(s)" in flask("attention").output


def test_a_dry_run_names_what_it_would_lower_and_writes_nothing(brings):
    brings("invoices", [line()])
    before = everything()
    assert "la facture F1 passe de" in brings("invoices", [line(unit_price="1.00")], "--dry-run").output
    assert everything() == before
