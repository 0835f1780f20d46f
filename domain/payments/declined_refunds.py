"""Refunds that the bank sends back days later: page, books and people say that it did not arrive.

What a refund took off its lines, a second credit note puts back; as much can be given back again, by card or otherwise.
"""

from domain.billing import credit_notes
from domain.common import alerts, lifecycle
from domain.common.facts import Values
from domain.payments import disputes, refund_lines
from domain.payments import lifecycle as life
from domain.payments.context import Context
from domain.payments.gateway import Charge
from domain.payments.refund_booking import TRANSITIONS
from models import CreditNote, Payment, Refund, hold, write

REASON = "refund declined"


def undo(refund: Refund, credit: Charge, context: Context) -> None:
    """Undo a refund done by card, once: its lines, the ledger, its payment's state; tell the payer and the city.

    `credit` is how the gateway has it. A payment reversed meanwhile was taken back but for it: that is owed again too.
    """
    with write():
        if not lifecycle.move(refund, TRANSITIONS, Refund.DECLINED, words=credit.status[:500]):
            return
        hold(Payment.select().where(Payment.id == refund.payment_id))
        undone = credit_notes.undo(_note(refund), reason=REASON, listener=context.listener)
        Payment.update(refunded_cents=Payment.refunded_cents - refund.amount_cents).where(
            Payment.id == refund.payment_id
        ).execute()
        payment = Payment.get_by_id(refund.payment_id)
        _record(payment, refund, context.cause)
        told: Values = {"reference": payment.reference, "amount_cents": refund.amount_cents}
        alerts.raise_alert(alerts.Kind.REFUND_DECLINED, f"refund {refund.id}", standing=credit.standing, **told)
        disputes.release(refund_lines.of(refund), payment, context)
        if not payment.is_reversed:
            context.listener.refund_declined(payment, undone)


def _note(refund: Refund) -> CreditNote:
    return refund.credit_notes.where(CreditNote.undoes.is_null()).get()


def _record(payment: Payment, refund: Refund, cause: str) -> None:
    """Write it into the life of the payment; one that was given back whole is the city's again."""
    words = f"{refund.amount_cents} ¢ {refund.words}"
    if payment.state == Payment.REFUNDED:
        life.move(payment, Payment.SETTLED, "refund_declined", cause, words)
    else:
        life.note(payment, "refund_declined", cause, words)
