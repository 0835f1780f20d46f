"""Money owed back stands in À traiter until somebody says how it was given back: once, and noted."""

import pytest

from domain.common.audit import Act
from models import AuditEvent, Overpayment
from tests.factories import make_household, make_invoice, pay_elsewhere, pay_too_much


@pytest.fixture
def owed(app) -> Overpayment:
    invoice = make_invoice(make_household(), 4_000, number="F1")
    pay_elsewhere((invoice, 4_000), method="card", source="portal")
    pay_too_much(invoice, 4_000, "cheque", reference="EXT-C1")
    return Overpayment.get()


def path(owed: Overpayment) -> str:
    return f"/personnel/trop-percus/{owed.id}"


def test_it_stands_there_with_its_invoice_its_payment_and_its_household(clerk, owed):
    page = clerk.client.get_page("/personnel")
    for words in ("Facture F1", "40,00", "EXT-C1", "chèque", owed.invoice.household.code, "Rendu par virement"):
        assert words in page


@pytest.mark.parametrize("method", ["cash", "cheque", "transfer", "other"])
def test_how_it_was_given_back_is_kept_once_and_noted(clerk, owed, method):
    for _ in range(2):
        assert clerk.post(path(owed), "/personnel", method=method, amount_seen_cents=4_000).status_code == 303
    kept = Overpayment.get()
    assert (kept.state, kept.method, kept.returned_by) == ("returned", method, clerk.username)
    assert AuditEvent.select().where(AuditEvent.action == Act.OVERPAYMENT_RETURNED).count() == 1
    assert "EXT-C1" not in clerk.client.get("/personnel").text


@pytest.mark.parametrize(
    "fields",
    [
        {"method": "gold", "amount_seen_cents": 4_000},
        {"method": "cash", "amount_seen_cents": 3_999},
        {"method": "cash", "amount_seen_cents": "x"},
        {"method": "cash"},
        {"amount_seen_cents": 4_000},
    ],
)
def test_what_does_not_fit_gives_nothing_back(clerk, owed, fields):
    assert clerk.post(path(owed), "/personnel", **fields).status_code == 303
    assert Overpayment.get().state == "owed"


def test_one_that_does_not_exist_changes_nothing(clerk, owed):
    fields = {"method": "cash", "amount_seen_cents": 4_000}
    assert clerk.post("/personnel/trop-percus/99999999", "/personnel", **fields).status_code == 303
    assert Overpayment.get().state == "owed"


@pytest.mark.parametrize(("role", "gives"), [("finance", True), ("programming", False), ("admin", False)])
def test_only_counter_and_finance_are_shown_it_and_give_it_back(hires, owed, role, gives):
    someone = hires(role)
    assert ("EXT-C1" in someone.client.get_page("/personnel")) is gives
    fields = {"method": "cash", "amount_seen_cents": 4_000}
    answer = someone.post(path(owed), "/personnel/mot-de-passe", **fields)
    assert answer.status_code == (303 if gives else 403)
    assert (Overpayment.get().state == "returned") is gives
