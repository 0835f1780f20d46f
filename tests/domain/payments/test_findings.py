"""How payments, refunds and unmatched charges stand, told by their keys."""

import pytest

from domain.billing import ledger
from domain.payments.findings import payment_stands, refund_stands, unmatched_stands
from models import Payment, Refund, UnmatchedCharge

ROW = {"reference": "P222-3333", "amount_cents": 4_200, "state": "unknown"}


@pytest.fixture
def payment(db) -> Payment:
    return Payment.create(**ROW)


def test_a_payment(payment):
    assert payment_stands(payment.id).values == {"reference": "P222-3333", "state": "unknown"}


def test_a_refund_is_told_by_its_payments_reference(payment):
    refund = Refund.create(payment=payment, amount_cents=1_000, cause="staff", state=Refund.DONE)
    assert refund_stands(refund.id).values == {"reference": "P222-3333", "amount_cents": 1_000, "state": "done"}


def test_an_unmatched_charge(db):
    charge = UnmatchedCharge.create(**ROW | {"state": "owed"}, gateway_id="g", reason=UnmatchedCharge.SECOND)
    ledger.post(ledger.unmatched("g", 4_200))
    assert unmatched_stands(charge.id).values == ROW | {"state": "owed"}
