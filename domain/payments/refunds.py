"""Giving money back: a void of the whole while the charge is unsettled, a refund after; never more than is left.

A refund lives like a payment: created, submitted just before the gateway is called, then done, refused or unknown.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from domain.billing import overpayments
from domain.billing.allocation import Shares
from domain.billing.listener import Listener
from domain.common import alerts, clock, lifecycle
from domain.common.facts import Fact, Values
from domain.payments import disputes, refund_booking, refund_lines, unmatched_charges
from domain.payments.context import Context
from domain.payments.findings import Finding
from domain.payments.gateway import (
    LIVE,
    SETTLED,
    VOIDED,
    Charge,
    Credit,
    GivenBack,
    NoSuchCharge,
    NotGivenBack,
    NotYet,
    Uncertain,
)
from domain.payments.refund_booking import TRANSITIONS
from models import Payment, Refund, hold, write

CREATED, SUBMITTED, UNKNOWN = Refund.CREATED, Refund.SUBMITTED, Refund.UNKNOWN
DONE, REFUSED, NOTHING_FOUND = Refund.DONE, Refund.REFUSED, Refund.NOTHING_FOUND

LOOK_AGAIN = timedelta(seconds=5)
WHEN_SETTLED = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(minutes=3)
FOUND = "found at the gateway"  # the reason of a refund that nobody asked here


class NotRefundable(Exception):
    """Tried to refund a payment whose money the city does not have."""


class LeftChanged(Exception):
    """Tried to refund while the amount left is not, or no longer, what the person saw."""

    def __init__(self, left_cents: int) -> None:
        super().__init__(left_cents)
        self.left_cents = left_cents


class TooMuch(Exception):
    """Tried to refund nothing, or more than what is left."""


def left_cents(payment: Payment) -> int:
    """Return what can still be given back of a payment: of what its invoices took of it, and no dispute since."""
    return overpayments.taken_cents(payment) - payment.refunded_cents - disputes.taken_cents(payment)


def is_refundable(payment: Payment) -> bool:
    """Tell whether the city has money of a payment that can go back to its card."""
    return bool(_came_in(payment, Payment.CARD) and left_cents(payment))


def _came_in(payment: Payment, method: str) -> bool:
    by_card = payment.method == Payment.CARD and payment.gateway_id
    return payment.state in Payment.RECEIVED_STATES and bool(by_card or method != Payment.CARD)


def ask(
    payment: Payment,
    amount_cents: int,
    seen_left_cents: int,
    reason: str,
    cause: str = "staff",
    shares: Shares | None = None,
    method: str = Payment.CARD,
    knowingly: bool = False,
) -> Refund:
    """Commit a refund, to be carried out by a worker; `seen_left_cents` is what the person saw as left.

    Of a payment that is disputed, only `knowingly`: whoever asks saw that the city may lose the money twice.
    `shares` names the lines it is for, adding up to the amount; without them it is in proportion to what was paid.
    One conditional UPDATE reserves the amount: two refunds at once cannot both pass.
    Raises: NotRefundable, TooMuch, LeftChanged, OtherLines, BeingDisputed.
    """
    if not _came_in(payment, method):
        raise NotRefundable(payment.reference)
    return _reserve(payment, amount_cents, seen_left_cents, reason, cause, shares, method, knowingly=knowingly)


def _reserve(
    payment: Payment,
    amount_cents: int,
    seen_left_cents: int,
    reason: str,
    cause: str,
    shares: Shares | None,
    method: str,
    of_invoice: int | None = None,
    *,
    knowingly: bool,
) -> Refund:
    if not 0 < amount_cents <= seen_left_cents:
        raise TooMuch(amount_cents)
    with write():
        hold(Payment.select().where(Payment.id == payment.id))  # as what disputes take does
        if not knowingly:
            disputes.refuse_if_open(payment)
        taken = overpayments.taken_cents(payment) - disputes.taken_cents(payment)
        mine = (Payment.id == payment.id) & Payment.state.in_(Payment.RECEIVED_STATES)
        is_as_seen = Payment.refunded_cents == taken - seen_left_cents
        reserve = Payment.update(refunded_cents=Payment.refunded_cents + amount_cents)
        reserved = reserve.where(mine, is_as_seen).execute()
        if not reserved:
            raise LeftChanged(left_cents(Payment.get_by_id(payment.id)))
        named = refund_lines.choose(payment, amount_cents, shares, of_invoice)
        refund = Refund.create(payment=payment, amount_cents=amount_cents, method=method, reason=reason, cause=cause)
        refund_lines.write_down(refund, named)
        return refund


def hand_over(
    payment: Payment,
    amount_cents: int,
    seen_left_cents: int,
    reason: str,
    shares: Shares | None,
    method: str,
    listener: Listener,
    *,
    cause: str = "staff",
    at: datetime | None = None,
    of_invoice: int | None = None,
    knowingly: bool = False,
) -> Refund:
    """Give money back without the gateway: in cash, by cheque, as credit of the household. Done at once.

    `at` is when it was given, in UTC, if that is not now; `of_invoice` has lines that nobody names be that one's.
    Raises: as `ask`.
    """
    if payment.state not in Payment.RECEIVED_STATES:
        raise NotRefundable(payment.reference)
    with write():
        refund = _reserve(
            payment, amount_cents, seen_left_cents, reason, cause, shares, method, of_invoice, knowingly=knowingly
        )
        lifecycle.move(refund, TRANSITIONS, SUBMITTED, submitted_at=clock.now())
        refund_booking.book(refund, None, listener, at)
    return refund


def is_under_way(payment: Payment) -> bool:
    """Tell whether a refund of a payment is not done yet: a void seen at the gateway may be its doing."""
    return Refund.select().where(Refund.payment == payment, Refund.state.in_(Refund.OPEN_STATES)).exists()


def due_for_work() -> list[int]:
    """Return the ids of the refunds a worker must advance now."""
    due = Refund.state.in_((CREATED, UNKNOWN)) & lifecycle.is_due(Refund.due_at, clock.now(), WHEN_SETTLED)
    return list(Refund.select(Refund.id).where(due).scalars())


def resume(under_way: Collection[int] = ()) -> None:
    """Have the submitted refunds that nobody is carrying out any more looked for."""
    for refund in Refund.select().where(Refund.state == SUBMITTED):
        if refund.id not in under_way:
            lifecycle.move(refund, TRANSITIONS, UNKNOWN, due_at=clock.now())


def doubt_all() -> None:
    """Have every open refund looked for and none sent: another copy of this database may have sent it.

    In the caller's transaction.
    """
    for refund in Refund.select().where(Refund.state.in_((CREATED, SUBMITTED))):
        lifecycle.move(
            refund,
            TRANSITIONS,
            UNKNOWN,
            submitted_at=refund.submitted_at or clock.now(),
            due_at=clock.now(),
        )


def found(credit: Credit, context: Context) -> Fact | None:
    """Book a refund seen at the gateway that this database does not know, and tell of it.

    One that an open refund here, or what was won back, may be is left to that one's own search. What cannot be booked
    is put before a person.
    """
    payment = Payment.get_or_none(Payment.gateway_id == credit.charge_id)
    if payment is None or Refund.get_or_none(Refund.gateway_id == credit.gateway_id):
        return None
    if unmatched_charges.is_won_back(credit):
        return None
    same = (Refund.payment == payment) & (Refund.amount_cents == credit.amount_cents)
    if Refund.select().where(same, Refund.state.in_(Refund.OPEN_STATES)).exists():
        return None
    told: Values = {"reference": credit.reference, "amount_cents": credit.amount_cents}
    try:
        with write():  # all of it or nothing: one left as asked would be given a second time
            refund = ask(payment, credit.amount_cents, left_cents(payment), FOUND, "restore", knowingly=True)
            lifecycle.move(refund, TRANSITIONS, SUBMITTED, submitted_at=clock.now())
            refund_booking.book(refund, GivenBack(credit.gateway_id, voided=False), context.listener)
    except (NotRefundable, TooMuch, LeftChanged):
        with write():
            return alerts.raise_alert(alerts.Kind.REFUND_FOUND, credit.gateway_id, state=payment.state, **told)
    return Fact(Finding.REFUND, told)


def advance(refund_id: int, context: Context) -> None:
    """Take a refund one step further: carry it out when created, look for it when its outcome is unknown."""
    refund = Refund.get_by_id(refund_id)
    if refund.state == CREATED:
        _send(refund, context)
    elif refund.state == UNKNOWN:
        _look(refund, context)


def _send(refund: Refund, context: Context) -> None:
    if refund.payment.state not in Payment.RECEIVED_STATES:
        _refuse(refund, Refund.PAYMENT_GONE, context)
        return
    with write():
        if not lifecycle.move(refund, TRANSITIONS, SUBMITTED, submitted_at=clock.now()):
            return
    try:
        given = context.gateway.give_back(refund.payment.gateway_id or "", refund.amount_cents)
    except NotYet:
        with write():
            lifecycle.move(refund, TRANSITIONS, CREATED, due_at=clock.now() + WHEN_SETTLED)
    except NotGivenBack as refusal:
        _refuse(refund, Refund.BY_GATEWAY, context, str(refusal))
    except (Uncertain, NoSuchCharge) as doubt:
        with write():
            lifecycle.move(refund, TRANSITIONS, UNKNOWN, due_at=clock.now() + LOOK_AGAIN, words=str(doubt)[:500])
    else:
        refund_booking.book(refund, given, context.listener)


def _look(refund: Refund, context: Context) -> None:
    """Ask the gateway whether a refund whose answer was lost took place; if it surely did not, it is tried again."""
    try:
        charge = context.gateway.find(refund.payment.gateway_id or "")
        ours = _ours(refund, charge, context)
    except (Uncertain, NoSuchCharge) as doubt:
        later = {"due_at": clock.now() + LOOK_AGAIN, "words": str(doubt)[:500]}
        with write():
            Refund.update(**later).where(Refund.id == refund.id).execute()
        return
    if charge.standing == VOIDED and refund.amount_cents == charge.amount_cents:  # a void is of the whole
        refund_booking.book(refund, GivenBack(charge.gateway_id, voided=True), context.listener)
    elif ours:
        refund_booking.book(refund, GivenBack(ours, voided=False), context.listener)
    elif clock.now() - (refund.submitted_at or refund.created_at) > GIVEN_UP_AFTER and refund.words == NOTHING_FOUND:
        _refuse(refund, NOTHING_FOUND, context)
    else:
        with write():  # one empty look proves nothing
            Refund.update(due_at=clock.now() + LOOK_AGAIN, words=NOTHING_FOUND).where(Refund.id == refund.id).execute()


def _ours(refund: Refund, charge: Charge, context: Context) -> str | None:
    """Return the gateway's id of a refund of a charge that is this one: its amount, and booked for no other."""
    known = set(Refund.select(Refund.gateway_id).where(Refund.gateway_id.in_(charge.refund_ids)).scalars())
    unknown = [context.gateway.find(gateway_id) for gateway_id in charge.refund_ids if gateway_id not in known]
    given = [credit for credit in unknown if credit.standing in (LIVE, SETTLED)]
    same = [credit.gateway_id for credit in given if credit.amount_cents == refund.amount_cents]
    free = same[unmatched_charges.returned_times(refund.payment, refund.amount_cents) :]
    return free[0] if free else None


def _refuse(refund: Refund, reason: str, context: Context, answer: str = "") -> None:
    """Release the amount a refund had reserved, and tell a person; `answer` is the gateway's."""
    with write():
        if not lifecycle.move(refund, TRANSITIONS, REFUSED, resolved_at=clock.now(), words=(answer or reason)[:500]):
            return
        Payment.update(refunded_cents=Payment.refunded_cents - refund.amount_cents).where(
            Payment.id == refund.payment_id
        ).execute()
        disputes.release(refund_lines.of(refund), Payment.get_by_id(refund.payment_id), context)
        told: Values = {"reference": refund.payment.reference, "reason": reason, "answer": answer}
        alerts.raise_alert(alerts.Kind.REFUND_REFUSED, f"refund {refund.id}", **told)
