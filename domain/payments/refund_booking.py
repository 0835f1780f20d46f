"""Booking a refund once its money is back: credit note, lines, ledger, message, and the life of its payment."""

from datetime import datetime, timedelta

from peewee import fn

from domain.billing import credit_notes, overpayments
from domain.billing.listener import Listener
from domain.common import clock, lifecycle
from domain.payments import disputes, refund_lines
from domain.payments import lifecycle as life
from domain.payments.gateway import GivenBack
from models import Payment, Refund, hold, write

CREATED, SUBMITTED, UNKNOWN = Refund.CREATED, Refund.SUBMITTED, Refund.UNKNOWN
DONE, REFUSED, DECLINED = Refund.DONE, Refund.REFUSED, Refund.DECLINED

TRANSITIONS = {
    CREATED: {SUBMITTED, UNKNOWN, REFUSED},
    SUBMITTED: {CREATED, UNKNOWN, DONE, REFUSED},  # back to created: only the whole can be given back until it settles
    UNKNOWN: {DONE, REFUSED},
    DONE: {DECLINED},
    REFUSED: set(),
    DECLINED: set(),
}

FOLLOWED_EVERY = timedelta(days=1)


def book(refund: Refund, given: GivenBack | None, listener: Listener, at: datetime | None = None) -> None:
    """Book a refund: credit note, lines, ledger, message, and the payment's state once nothing is left of it."""
    at = at or clock.now()
    with write():
        due_at, gateway_id = clock.now() + FOLLOWED_EVERY, given.gateway_id if given else None
        if not lifecycle.move(refund, TRANSITIONS, DONE, resolved_at=at, gateway_id=gateway_id, due_at=due_at):
            return
        hold(Payment.select().where(Payment.id == refund.payment_id))  # as who reverses it does
        note = credit_notes.issue(
            refund.payment,
            refund_lines.of(refund),
            reason=refund.reason or "refund",
            owed_again=False,
            listener=listener,
            refund=refund,
            at=at,
        )
        _record(refund)
        listener.refunded(refund.payment, note)


def _record(refund: Refund) -> None:
    """Write the refund into the life of its payment, held; its state changes once nothing is left of it."""
    payment = Payment.get_by_id(refund.payment_id)
    done = Refund.select(fn.SUM(Refund.amount_cents)).where(Refund.payment == payment, Refund.state == DONE).scalar()
    words = f"{refund.amount_cents} ¢ {refund.reason}"
    if done + disputes.taken_cents(payment) == overpayments.taken_cents(payment) and not payment.is_reversed:
        life.move(payment, Payment.REFUNDED, "refunded", refund.cause, words)
    else:
        life.note(payment, "refunded", refund.cause, words)
