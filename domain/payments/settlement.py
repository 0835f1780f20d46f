"""What becomes of money received: settled, declined days later, disputed, voided. The gateway is asked, never believed.

Webhooks say when to ask; a daily question finds what no webhook told.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from domain.billing import allocation, credit_notes
from domain.common import alerts, clock
from domain.common.facts import Values
from domain.payments import asking, declined_refunds, disputes, refund_booking, refunds, returned_charges
from domain.payments.context import Context
from domain.payments.findings import Mismatch
from domain.payments.gateway import DECLINED_LATER, LIVE, NOT_TAKEN, SETTLED, VOIDED, Charge, NoSuchCharge
from domain.payments.lifecycle import FOLLOWED_AFTER, move
from models import Dispute, Payment, Refund, write

FOLLOWED_AT_ONCE = 200
MOMENT = timedelta(microseconds=1)
DISPUTES_TURN_FOR = timedelta(days=180)  # after their last verdict: a bank may take one back, or go on with it
DISPUTES_SHOW_WITHIN = timedelta(days=30)  # of the day on which the bank says to have received them


def follow(gateway_id: str, context: Context) -> Payment | None:
    """Ask the gateway how a charge stands now, and bring its payment into line; return the payment if it changed.

    Raises: Uncertain, NoSuchCharge.
    """
    payment = Payment.get_or_none(Payment.gateway_id == gateway_id)
    if payment is None:
        returned_charges.follow(gateway_id, context)
        return None
    charge = context.gateway.find(gateway_id)
    before = payment.state, disputes.taken_cents(payment)
    with write():  # one answer, booked whole: who dies in between asks again
        Payment.update(
            settlement_batch=charge.settlement_batch or payment.settlement_batch,
            due_at=clock.now() + FOLLOWED_AFTER,
        ).where(Payment.id == payment.id).execute()
        disputes.note(payment, charge, context)
        payment = Payment.get_by_id(payment.id)
        _follow_standing(payment, charge, context)
        if wrong := contradiction(payment, charge):
            told: Values = {"reference": payment.reference, "reason": wrong, "currency": charge.currency}
            alerts.list_once(alerts.Kind.CONTRADICTED, payment.reference, **told)
    return payment if (payment.state, disputes.taken_cents(payment)) != before else None


def _follow_standing(payment: Payment, charge: Charge, context: Context) -> None:
    to_state = _standing_now(payment, charge)
    if to_state == payment.state or (to_state == Payment.VOIDED and refunds.is_under_way(payment)):
        return
    if to_state in (Payment.SETTLEMENT_DECLINED, Payment.VOIDED):
        _reverse(payment, to_state, charge, context)
    else:
        move(payment, to_state, to_state, context.cause, words=charge.status)


def contradiction(payment: Payment, charge: Charge) -> Mismatch | None:
    """Return what the gateway says of a booked payment's charge that cannot be, and only a person can settle."""
    if charge.amount_cents != payment.amount_cents:
        return Mismatch.AMOUNT
    if charge.foreign:
        return Mismatch.FOREIGN
    if charge.standing in (LIVE, SETTLED) and _is_taken_back(payment, charge):
        return Mismatch.TAKEN_BACK
    return None


def _is_taken_back(payment: Payment, charge: Charge) -> bool:
    """Tell whether a payment was taken back here: declined, voided, or lost by a dispute that the gateway knows not."""
    if payment.state == Payment.CHARGED_BACK:
        return not charge.disputes
    voided = Refund.select().where(Refund.payment == payment, Refund.gateway_id == payment.gateway_id)
    return payment.is_reversed or (payment.state == Payment.REFUNDED and voided.exists())


def follow_due(context: Context, now: datetime | None = None) -> int:
    """Ask how the charges stand that are not settled yet, or disputed lately; return how many were asked about.

    Raises: as `asking.each`.
    """
    now = now or clock.now()
    until = _may_turn_until(now)
    may_turn = (Dispute.state == Dispute.OPEN) | Dispute.payment.in_(list(until))
    turning = Payment.id.in_(Dispute.select(Dispute.payment).where(may_turn))
    due = Payment.select(Payment.gateway_id, Payment.id).where(
        Payment.state.in_((Payment.PAID, Payment.DISPUTED)) | turning,
        Payment.gateway_id.is_null(False),
        Payment.due_at <= now,
    )
    ids = {one.gateway_id or "": one.id for one in due.order_by(Payment.due_at).limit(FOLLOWED_AT_ONCE)}
    tomorrow = now + refund_booking.FOLLOWED_EVERY

    def unanswered(gateway_id: str) -> None:
        _put_off(gateway_id, min(tomorrow, until.get(ids[gateway_id], tomorrow)))

    follow_each(ids, context.because("sweep"), unanswered, lambda gateway_id: _put_off(gateway_id, tomorrow))
    return len(ids)


def _may_turn_until(now: datetime) -> dict[int, datetime]:
    """Return the payments whose disputes may turn when they are due to be asked about, and the last moment of that."""
    lately = asking.lately(Dispute.changed_at, now, DISPUTES_TURN_FOR) & (Payment.due_at <= now)
    rows = Dispute.select(Dispute, Payment).join(Payment).where(lately).order_by(Dispute.changed_at)
    last = {row.payment: row.changed_at + DISPUTES_TURN_FOR - MOMENT for row in rows}
    return {payment.id: until for payment, until in last.items() if payment.due_at and payment.due_at <= until}


def follow_each(
    ids: Iterable[str],
    context: Context,
    failed: Callable[[str], None] | None = None,
    unknown: Callable[[str], None] | None = None,
) -> list[Payment]:
    """Bring the payments of these charges into line; return those that changed. Raises: as `asking.each`.

    One that the gateway does not know is left alone, and one that it says nothing of stops no other.
    """
    changed: list[Payment] = []

    def ask(gateway_id: str) -> None:
        try:
            payment = follow(gateway_id, context)
        except NoSuchCharge:
            if unknown:
                unknown(gateway_id)
            return
        if payment:
            changed.append(payment)

    asking.each(ids, ask, failed)
    return changed


def follow_disputes(first: date, last: date, context: Context) -> None:
    """Bring into line what was disputed lately: a bank's dispute may reach the gateway days after its date.

    Raises: as `asking.each`.
    """
    found = context.gateway.disputed_between(first - DISPUTES_SHOW_WITHIN, last)
    follow_each([charge.gateway_id for charge in found], context)


def _put_off(gateway_id: str, due_at: datetime) -> None:
    """Have the others asked about first: some that fail would keep all from it."""
    with write():
        Payment.update(due_at=due_at).where(Payment.gateway_id == gateway_id).execute()


def follow_refunds_due(context: Context, now: datetime | None = None) -> None:
    """Ask how the refunds of the last days stand; one that was declined after all is undone.

    Raises: as `asking.each`.
    """
    now = now or clock.now()
    due = asking.lately(Refund.due_at, now, asking.GIVEN_BACK_FOLLOWED_FOR)
    done = (Refund.state == Refund.DONE) & (Refund.gateway_id != "")
    rows = Refund.select(Refund, Payment).join(Payment).where(done, due).order_by(Refund.due_at)
    asking.each(filter(_is_followed, rows), lambda refund: _follow_refund(refund, context, now))


def _is_followed(refund: Refund) -> bool:
    """Tell whether a refund is asked about still; older ones were left due by an earlier portal."""
    return asking.is_followed(refund.due_at, refund.resolved_at)


def _follow_refund(refund: Refund, context: Context, now: datetime) -> None:
    credit = context.gateway.find(refund.gateway_id or "")
    refund.due_at = now + refund_booking.FOLLOWED_EVERY
    due_at = refund.due_at if _is_followed(refund) else None
    with write():  # as for a charge
        Refund.update(due_at=due_at).where(Refund.id == refund.id).execute()
        if credit.standing in (DECLINED_LATER, NOT_TAKEN):
            declined_refunds.undo(refund, credit, context)


def _standing_now(payment: Payment, charge: Charge) -> str:
    """Return the state a payment should be in, given how the gateway says that its charge stands."""
    if payment.state not in Payment.RECEIVED_STATES:
        return payment.state
    if charge.standing == DECLINED_LATER:
        return Payment.SETTLEMENT_DECLINED
    if charge.standing == VOIDED:
        return Payment.VOIDED
    return Payment.SETTLED if (charge.standing, payment.state) == (SETTLED, Payment.PAID) else payment.state


def _reverse(payment: Payment, to_state: str, charge: Charge, context: Context) -> None:
    """Take back a payment whose money did not come, or went back: invoices due again, receipt annulled."""
    if not move(payment, to_state, to_state, context.cause, words=charge.status):
        return
    left = refunds.left_cents(Payment.get_by_id(payment.id))  # a refund may have been asked while the gateway was
    if left:
        shares = allocation.in_proportion(payment, left)
        note = credit_notes.issue(payment, shares, reason=to_state, owed_again=True, listener=context.listener)
        context.listener.reversed(payment, note)
