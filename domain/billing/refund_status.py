"""How the refunds of a payment stand, told the same way on every page: given back only once the money moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peewee import ModelSelect, fn

from models import Invoice, InvoiceLine, Payment, Refund, RefundLine, built_once

FAILED = (Refund.REFUSED, Refund.DECLINED)
IS_OPEN = Refund.state.in_(Refund.OPEN_STATES)


@dataclass(frozen=True)
class RefundStatus:
    """In cents: asked and not done yet; given back; what could not be, when nothing was asked since."""

    asked_cents: int = 0
    given_cents: int = 0
    failed_cents: int = 0
    by_card: bool = False


def of(payment: Payment) -> RefundStatus:
    """Return how the refunds of a payment stand."""
    refunds = list(Refund.select().where(Refund.payment == payment).order_by(Refund.id))
    done = [refund for refund in refunds if refund.state == Refund.DONE]
    last = refunds[-1] if refunds and payment.state in Payment.RECEIVED_STATES else None
    return RefundStatus(
        asked_cents=sum(refund.amount_cents for refund in refunds if refund.state in Refund.OPEN_STATES),
        given_cents=sum(refund.amount_cents for refund in done),
        failed_cents=last.amount_cents if last and last.state in FAILED else 0,
        by_card=any(refund.method == Payment.CARD for refund in done),
    )


def asked_by_invoice(invoices: Iterable[Invoice]) -> dict[int, int]:
    """Return what is asked to be given back of these invoices and has not moved, in cents by the invoice's id."""
    paid = [invoice.id for invoice in invoices if invoice.paid_cents]
    return {invoice: int(cents) for invoice, cents in _asked_by_invoice(paid)} if paid else {}


@built_once
def _asked_by_invoice(invoice_ids: list[int]) -> "ModelSelect[RefundLine]":
    rows = RefundLine.select(InvoiceLine.invoice, fn.SUM(RefundLine.amount_cents)).join(Refund)
    of_these = rows.switch(RefundLine).join(InvoiceLine).where(InvoiceLine.invoice.in_(invoice_ids), IS_OPEN)
    return of_these.group_by(InvoiceLine.invoice).tuples()


def asked_by_payment(payment_ids: Iterable[int]) -> dict[int, int]:
    """Return the same of these payments, by the payment's id."""
    paid = list(payment_ids)
    return {payment: int(cents) for payment, cents in _asked_by_payment(paid)} if paid else {}


@built_once
def _asked_by_payment(payment_ids: list[int]) -> "ModelSelect[Refund]":
    rows = Refund.select(Refund.payment, fn.SUM(Refund.amount_cents)).where(Refund.payment.in_(payment_ids), IS_OPEN)
    return rows.group_by(Refund.payment).tuples()


def asked_of(household_ids: Sequence[int]) -> int:
    """Return what is asked to be given back of the households' invoices and has not moved, in cents."""
    rows = RefundLine.select(fn.SUM(RefundLine.amount_cents)).join(Refund).switch(RefundLine).join(InvoiceLine)
    theirs = rows.join(Invoice).where(Invoice.household.in_(household_ids), IS_OPEN)
    return int(theirs.scalar() or 0)
