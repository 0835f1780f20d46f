"""`flask import payments`: what was paid elsewhere is booked once, and nobody is asked for it again."""

import pytest

from domain.billing import ledger
from models import Alert, Allocation, Invoice, LedgerEntry, Overpayment, Payment
from tests.commands.rows import card, everything, line, payment
from tests.factories import make_invoice


@pytest.fixture(autouse=True)
def known(brings):
    """Two cards, and an invoice of 100.00."""
    brings("cards", [card(1), card(2)])
    brings("invoices", [line()])


def test_a_payment_is_booked_on_its_invoice_its_lines_and_the_ledger(brings):
    assert brings("payments", [payment(payer="QMAGB00000002")]).exit_code == 0
    booked, invoice = Payment.get(), Invoice.get()
    assert (booked.state, booked.amount_cents, booked.method) == (Payment.PAID, 4_000, Payment.CASH)
    assert booked.payer.card_number == "QMAGB00000002"
    assert (invoice.balance_cents, ledger.receivable_cents(invoice.id)) == (6_000, 6_000)
    assert [share.amount_cents for share in Allocation.select()] == [4_000]


@pytest.mark.parametrize(
    ("method", "account"),
    [
        ("cash", "cash"),
        ("cheque", "cheques"),
        ("debit", "debit clearing"),
        ("card", "card clearing"),
        ("terminal", "terminal clearing"),
        ("transfer", "transfers"),
        ("credit", "account credit"),
        ("other", "other clearing"),
    ],
)
def test_each_method_has_its_account(brings, method, account):
    brings("payments", [payment(method=method)])
    assert LedgerEntry.get(LedgerEntry.account == account).debit_cents == 4_000


def test_the_same_file_twice_books_once(brings):
    rows = [payment("C1", payer="QMAGB00000001"), payment("C2")]
    brings("payments", rows)
    before = everything()
    assert "0 créé(s), 0 modifié(s), 2 inchangé(s)" in brings("payments", rows).output
    assert everything() == before


def test_a_dry_run_writes_nothing(brings):
    before = everything()
    assert "rien n’est écrit : 1 créé(s)" in brings("payments", [payment()], "--dry-run").output
    assert everything() == before


@pytest.mark.parametrize(
    ("column", "value"),
    [("amount", "41.00"), ("paid_on", "2026-11-22"), ("method", "cheque"), ("payer", "QMAGB00000002"), ("payer", "")],
)
def test_one_that_changed_since_is_left_alone_and_listed(brings, column, value):
    first = payment(payer="QMAGB00000001")
    brings("payments", [first])
    before = everything()
    result = brings("payments", [first | {column: value}])
    assert result.exit_code == 0
    assert "laissée : ligne 2, payment : le paiement C1 a changé" in result.output
    [alert] = Alert.select()
    assert (alert.kind, alert.subject) == ("import payments", "C1")
    assert everything() == before | {"Alert": [alert.__data__]}


def test_more_than_is_owed_is_booked_owed_back_and_listed(brings, flask):
    rows = [payment("C1", amount="57.50"), payment("C2", amount="60.00")]
    result = brings("payments", rows)
    assert result.exit_code == 0
    words = "à traiter : ligne 3, amount : paiement C2 : la facture F1 ne devait que 42,50 $ : 17,50 $ à rendre"
    assert words in result.output.replace("\u00a0", " ")
    assert "2 créé(s), 0 modifié(s), 0 inchangé(s), 0 laissé(s)" in result.output
    assert (Invoice.get().balance_cents, Overpayment.get().amount_cents) == (0, 1_750)
    waiting = flask("attention").output.replace("\u00a0", " ")
    assert "à rendre : 17,50 $, facture F1, paiement EXT-C2" in waiting
    before = everything()
    assert "2 inchangé(s)" in brings("payments", rows).output
    assert everything() == before


def test_a_dry_run_says_what_would_be_owed_back(brings):
    before = everything()
    assert "ne devait que 100,00" in brings("payments", [payment(amount="100.03")], "--dry-run").output
    assert everything() == before


def test_one_for_a_cancelled_invoice_is_left_alone_and_listed(brings):
    brings("invoices", [line(status="cancelled")])
    result = brings("payments", [payment()])
    assert result.exit_code == 0
    assert "la facture F1 est annulée" in result.output
    assert not Payment.select().exists()


def test_one_for_an_invoice_being_paid_by_card_is_left_alone_and_listed(brings, citizen):
    citizen.joins()
    invoice = make_invoice(citizen.household, number="F2")
    citizen.pays(invoice)
    result = brings("payments", [payment("C2", invoice_number="F2"), payment("C1")])
    assert result.exit_code == 0
    reason = "paiement C2 : la facture F2 est en cours de paiement par carte"
    assert f"laissée : ligne 2, invoice_number : {reason}" in result.output
    assert Invoice.get_by_id(invoice.id).paid_cents == 0
    assert Invoice.get(Invoice.number == "F1").paid_cents == 4_000


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("invoice_number", "F404"),
        ("payer", "QMAGB00000404"),
        ("amount", "0.00"),
        ("method", "gold"),
        ("paid_on", "23/11/2026"),
        ("payment", "C1"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(brings, column, value):
    before = everything()
    result = brings("payments", [payment("C1"), payment("C2") | {column: value}])
    assert result.exit_code == 1
    assert f"ligne 3, {column} : " in result.output
    assert everything() == before
