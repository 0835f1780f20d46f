"""An invoice of the file below zero is a credit note: booked once, never changed, told to who makes tax receipts."""

from datetime import date

import pytest

from domain.billing import household_credits
from domain.billing.listener import Listener
from domain.common.alerts import Kind
from domain.imports import invoices
from domain.imports.outcome import Outcome, Reason
from models import Alert, Household, HouseholdCredit, Invoice, Payment
from tests.factories import make_household, make_invoice, make_payment_under_way
from tests.imports import bring_in, told


@pytest.fixture
def home(db) -> Household:
    return make_household()


def row(home: Household, number: str = "NC-1", price: int = -4_000, **values) -> dict:
    defaults = {"invoice_number": number, "household": home.code, "card_number": "", "status": "open"}
    defaults |= {"issued_on": date(2026, 11, 1), "due_on": date(2026, 11, 30), "description": "Camp annulé"}
    defaults |= {"quantity": 1_000, "unit_price": price, "tax_code": "exempt", "category": "rental"}
    return defaults | {"ledger_account": "4100"} | values


def brings(*rows: dict) -> Outcome:
    return bring_in(told(invoices.plan, Listener()), *rows)


def test_it_lowers_what_the_household_owes_and_the_rest_is_its_credit(home):
    invoice = make_invoice(home, 3_000)
    outcome = brings(row(home))
    assert (outcome.created, outcome.rejected, outcome.left_alone) == (1, [], [])
    assert Invoice.get_by_id(invoice.id).balance_cents == 0
    assert household_credits.left_cents([home.id]) == 1_000


def test_taxes_are_those_of_its_lines(home):
    brings(row(home, price=-10_000, tax_code="taxable"))
    assert HouseholdCredit.get().amount_cents == 11_498


def test_it_lowers_the_invoices_of_its_own_file(home):
    brings(row(home), row(home, "F1", 5_000))
    assert Invoice.get().balance_cents == 1_000


def test_the_same_rows_again_change_nothing(home):
    make_invoice(home, 3_000)
    rows = [row(home), row(home, "F9", 2_500)]
    brings(*rows)
    assert brings(*rows) == Outcome(unchanged=2)
    assert (HouseholdCredit.select().count(), HouseholdCredit.get().left_cents) == (1, 0)


@pytest.mark.parametrize(
    "change", [{"unit_price": -4_001}, {"issued_on": date(2026, 11, 2)}, {"status": "cancelled"}, {"unit_price": 100}]
)
def test_one_that_changed_since_is_left_alone_and_listed(home, change):
    brings(row(home))
    outcome = brings(row(home, **change))
    assert [(problem.line, problem.column, problem.key) for problem in outcome.left_alone] == [
        (2, "invoice_number", "NC-1")
    ]
    assert HouseholdCredit.get().left_cents == 4_000


def test_an_invoice_here_is_not_made_a_credit_note(home):
    make_invoice(home, 3_000, number="F1")
    [problem] = brings(row(home, "F1")).left_alone
    assert problem.reason == Reason.IS_AN_INVOICE
    assert Invoice.get().balance_cents == 3_000


def test_a_cancelled_one_brings_nothing(home):
    assert brings(row(home, status="cancelled")) == Outcome(unchanged=1)
    assert not HouseholdCredit.select().exists()


def test_a_credit_that_waited_for_a_card_payment_is_used_by_the_next_file(home):
    invoice = make_invoice(home, 3_000)
    payment = make_payment_under_way(invoice)
    brings(row(home))
    assert Invoice.get_by_id(invoice.id).balance_cents == 3_000
    payment.invoice_links.get().delete_instance()
    Payment.update(state=Payment.REFUSED).execute()
    brings(row(home))
    assert Invoice.get_by_id(invoice.id).balance_cents == 0


@pytest.mark.parametrize(("category", "told_of"), [("child_care", True), ("activity", True), ("rental", False)])
def test_what_counts_for_taxes_is_put_before_a_person(home, category, told_of):
    brings(row(home, category=category))
    assert Alert.select().where(Alert.kind == Kind.CREDIT_FOR_TAXES).exists() is told_of
