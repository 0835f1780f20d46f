"""How another portal used a credit is done here as it says, or left alone."""

from datetime import date

import pytest

from domain.billing import household_credits
from domain.billing.household_credits import Brought
from domain.billing.listener import Listener
from domain.common.money import Amounts
from domain.imports import payments
from domain.imports.outcome import Reason
from domain.imports.two_sources import Ours
from models import HouseholdCredit, Invoice, write
from tests.factories import make_household, make_invoice
from tests.imports import bring_in, told

DAY = date(2026, 11, 23)


@pytest.fixture
def invoices(db) -> list[Invoice]:
    """Two invoices of 100.00, and a credit of 30.00 that lowers none yet."""
    home = make_household()
    made = [make_invoice(home), make_invoice(home)]
    lines = '[{"ledger_account": "4100", "net_cents": -3000}]'
    brought = Brought("N1", home.id, DAY, Amounts(-3_000, 0, 0, -3_000), [("4100", -3_000)], lines)
    with write():
        household_credits.bring(brought, Listener(), lowers=False)
    return made


def uses(invoice: Invoice, cents: int, key: str = "N1-U1"):
    values = {"payment": key, "invoice_number": invoice.number, "paid_on": DAY, "amount": cents}
    row = values | {"method": "credit", "payer": ""}
    return bring_in(told(payments.plan, Listener()), row, ours=Ours({}, None, from_portal=True))


def left() -> list[int]:
    return [*(one.balance_cents for one in Invoice.select().order_by(Invoice.id)), HouseholdCredit.get().left_cents]


def test_it_lowers_the_invoice_that_it_lowered_there(invoices):
    assert uses(invoices[1], 2_000).created == 1
    assert left() == [10_000, 8_000, 1_000]


def test_twice_is_once(invoices):
    uses(invoices[1], 2_000)
    assert uses(invoices[1], 2_000).unchanged == 1
    assert left() == [10_000, 8_000, 1_000]


def test_more_than_there_is_is_left_alone(invoices):
    outcome = uses(invoices[1], 3_001)
    assert [problem.reason for problem in outcome.left_alone] == [Reason.PAYMENT_CHANGED]
    assert left() == [10_000, 10_000, 3_000]
