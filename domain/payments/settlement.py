"""What becomes of money received: settled, declined days later, disputed, voided. The gateway is asked, never believed.

Webhooks say when to ask; a daily question finds what no webhook told.
"""

from datetime import datetime, timedelta

from domain.billing import allocation, credit_notes
from domain.common import clock
from domain.payments import declined_refunds, refund_booking, refunds
from domain.payments.context import Context
from domain.payments.gateway import DECLINED_LATER, NOT_TAKEN, SETTLED, VOIDED, Charge, NoSuchCharge
from domain.payments.lifecycle import FOLLOWED_AFTER, move
from models import Payment, Refund, write

FOLLOWED_AT_ONCE = 200
REFUNDS_FOLLOWED_FOR = timedelta(days=14)


def follow(gateway_id: str, context: Context) -> Payment | None:
    """Ask the gateway how a charge stands now, and bring its payment into line; return the payment if it changed.

    Raises: Uncertain, NoSuchCharge.
    """
    payment = Payment.get_or_none(Payment.gateway_id == gateway_id)
    if payment is None:
        return None
    charge = context.gateway.find(gateway_id)
    with write():
        Payment.update(
            settlement_batch=charge.settlement_batch or payment.settlement_batch,
            due_at=clock.now() + FOLLOWED_AFTER,
        ).where(Payment.id == payment.id).execute()
    to_state = _standing_now(payment, charge)
    if to_state == payment.state or (to_state == Payment.VOIDED and refunds.is_under_way(payment)):
        return None
    with write():
        if to_state in (Payment.SETTLEMENT_DECLINED, Payment.CHARGED_BACK, Payment.VOIDED):
            _reverse(payment, to_state, charge, context)
        else:
            move(payment, to_state, to_state, context.cause, words=charge.status)
    return payment


def follow_due(context: Context, now: datetime | None = None) -> int:
    """Ask how the charges stand that are not settled yet, or disputed; return how many were asked about.

    Raises: Uncertain.
    """
    now = now or clock.now()
    due = Payment.select(Payment.gateway_id).where(
        Payment.state.in_((Payment.PAID, Payment.DISPUTED)),
        Payment.gateway_id.is_null(False),
        Payment.due_at <= now,
    )
    ids = list(due.order_by(Payment.due_at).limit(FOLLOWED_AT_ONCE).scalars())
    for gateway_id in ids:
        try:
            follow(gateway_id, context.because("sweep"))
        except NoSuchCharge:  # put off, or some of these would keep all others from being asked about
            _put_off(gateway_id, now)
    return len(ids)


def _put_off(gateway_id: str, now: datetime) -> None:
    with write():
        Payment.update(due_at=now + refund_booking.FOLLOWED_EVERY).where(Payment.gateway_id == gateway_id).execute()


def follow_refunds_due(context: Context, now: datetime | None = None) -> None:
    """Ask how the refunds of the last days stand; one that was declined after all is undone.

    Raises: Uncertain.
    """
    now = now or clock.now()
    since = now - REFUNDS_FOLLOWED_FOR
    # those resolved before that were due before that as well: the years behind are not looked at
    lately = Refund.due_at.between(since, now) & (Refund.resolved_at > since)
    done = (Refund.state == Refund.DONE) & (Refund.gateway_id != "")
    for refund in list(Refund.select(Refund, Payment).join(Payment).where(done, lately)):
        credit = context.gateway.find(refund.gateway_id or "")
        with write():
            Refund.update(due_at=now + refund_booking.FOLLOWED_EVERY).where(Refund.id == refund.id).execute()
        if credit.standing in (DECLINED_LATER, NOT_TAKEN):
            declined_refunds.undo(refund, credit, context)


def _standing_now(payment: Payment, charge: Charge) -> str:
    """Return the state a payment should be in, given what the gateway says of its charge."""
    if payment.state not in Payment.RECEIVED_STATES:
        return payment.state
    if charge.dispute == "lost":
        return Payment.CHARGED_BACK
    if charge.standing == DECLINED_LATER:
        return Payment.SETTLEMENT_DECLINED
    if charge.standing == VOIDED:
        return Payment.VOIDED
    if charge.dispute == "open":
        return Payment.DISPUTED
    return Payment.SETTLED if charge.standing == SETTLED else payment.state


def _reverse(payment: Payment, to_state: str, charge: Charge, context: Context) -> None:
    """Take back a payment whose money did not come, or went back: invoices due again, receipt annulled."""
    if not move(payment, to_state, to_state, context.cause, words=charge.status):
        return
    now = Payment.get_by_id(payment.id)  # a refund may have been asked while the gateway was
    left = now.amount_cents - now.refunded_cents
    if left:
        shares = allocation.in_proportion(payment, left)
        note = credit_notes.issue(payment, shares, reason=to_state, owed_again=True, listener=context.listener)
        context.listener.reversed(payment, note)
