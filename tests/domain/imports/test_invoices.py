"""The city's files, where payments have passed before."""

import pytest

from domain.billing.listener import Listener
from domain.common import clock
from domain.imports import invoices
from domain.payments import settlement
from models import Invoice, Payment
from tests.factories import make_invoice
from tests.imports import bring_in, told


@pytest.mark.parametrize("status", ["open", "cancelled"])
def test_an_invoice_whose_payment_came_back_is_left_alone_and_listed(
    citizen, paying, simulator, gateway, context, status
):
    citizen.joins()
    invoice = make_invoice(citizen.household, 10_000)
    citizen.pays(invoice)
    paying()
    charge = Payment.get().gateway_id
    simulator.ask("POST", f"transactions/{charge}/status", status="settlement_declined")
    settlement.follow(charge, context.because("webhook"))
    values = {"invoice_number": invoice.number, "household": citizen.household.code, "card_number": ""}
    values |= {"issued_on": clock.today(), "due_on": clock.today(), "status": status, "description": "Camp"}
    values |= {"quantity": 1_000, "unit_price": 9_000, "tax_code": "exempt", "category": "activity"}
    outcome = bring_in(told(invoices.plan, Listener()), values | {"ledger_account": "4100"})
    assert [problem.line for problem in outcome.left_alone] == [2]
    assert Invoice.get().balance_cents == 10_000
