"""How refunds stand: asked, given back, failed; the same for a payment, an invoice and a receipt."""

import pytest

from domain.billing import refund_status
from domain.billing.refund_status import RefundStatus
from models import Payment, Refund, RefundLine
from tests.factories import make_household, make_invoice, pay_elsewhere


@pytest.fixture
def payment(db) -> Payment:
    return pay_elsewhere((make_invoice(make_household(), 10_000), 10_000))


def ask(payment: Payment, cents: int, state: str, method: str = Payment.CARD) -> None:
    refund = Refund.create(payment=payment, amount_cents=cents, cause="staff", state=state, method=method)
    line = payment.invoice_links.get().invoice.lines.get()
    RefundLine.create(refund=refund, line=line, amount_cents=cents)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], RefundStatus()),
        (["created"], RefundStatus(asked_cents=100)),
        (["submitted", "unknown"], RefundStatus(asked_cents=200)),
        (["done"], RefundStatus(given_cents=100, by_card=True)),
        (["done", "created"], RefundStatus(asked_cents=100, given_cents=100, by_card=True)),
        (["refused"], RefundStatus(failed_cents=100)),
        (["done", "declined"], RefundStatus(given_cents=100, failed_cents=100, by_card=True)),
        (["declined", "created"], RefundStatus(asked_cents=100)),
        (["declined", "done"], RefundStatus(given_cents=100, by_card=True)),
    ],
)
def test_a_payment_tells_what_is_asked_given_and_failed_last(payment, states, expected):
    for state in states:
        ask(payment, 100, state)
    assert refund_status.of(payment) == expected


def test_what_goes_back_in_cash_is_not_by_card(payment):
    ask(payment, 100, Refund.DONE, Payment.CASH)
    assert not refund_status.of(payment).by_card


def test_what_is_asked_is_told_of_an_invoice_a_payment_and_a_household(payment):
    invoice = payment.invoice_links.get().invoice
    for cents, state in ((100, "created"), (200, "unknown"), (400, "done"), (800, "declined")):
        ask(payment, cents, state)
    other = make_invoice(invoice.household)
    assert refund_status.asked_by_invoice([invoice, other]) == {invoice.id: 300}
    assert refund_status.asked_by_payment([payment.id, 0]) == {payment.id: 300}
    assert refund_status.asked_of([invoice.household_id]) == 300
    assert refund_status.asked_of([make_household().id]) == 0
