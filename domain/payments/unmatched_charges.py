"""Charges at the gateway that pay nothing here. The money goes back, and a person is told."""

from datetime import timedelta

from peewee import IntegrityError

from domain.billing import ledger
from domain.common import alerts, clock, lifecycle
from domain.common.facts import Values
from domain.payments.context import Context
from domain.payments.gateway import (
    DECLINED_LATER,
    LIVE,
    NOT_TAKEN,
    SETTLED,
    VOIDED,
    Charge,
    NoSuchCharge,
    NotGivenBack,
    NotYet,
    Uncertain,
)
from models import Payment, UnmatchedCharge, write

OWED, RETURNED = UnmatchedCharge.OWED, UnmatchedCharge.RETURNED
TRANSITIONS = {OWED: {RETURNED}, RETURNED: set()}

TRY_AGAIN = timedelta(minutes=10)


def note(payment: Payment, charge: Charge, reason: str, context: Context) -> None:
    """Record a charge that pays nothing here once, in the caller's transaction.

    The ledger owes it back, a person at the city sees it, and the payer is told.
    """
    values: Values = {"reference": payment.reference, "amount_cents": charge.amount_cents, "reason": reason}
    try:
        with write():
            unmatched = UnmatchedCharge.create(gateway_id=charge.gateway_id, **values)
    except IntegrityError:
        return  # known already
    ledger.post(ledger.unmatched(charge.gateway_id, charge.amount_cents))
    alerts.raise_alert(alerts.Kind.UNMATCHED_CHARGE, charge.gateway_id, **values)
    context.listener.unmatched(payment, unmatched)


def of(payment: Payment) -> list[UnmatchedCharge]:
    """Return the charges of a payment that pay nothing."""
    mine = UnmatchedCharge.select().where(UnmatchedCharge.reference == payment.reference)
    return list(mine.order_by(UnmatchedCharge.id))


def due_for_work() -> list[int]:
    """Return the ids of the charges whose money is due to go back now."""
    due = (UnmatchedCharge.state == OWED) & lifecycle.is_due(UnmatchedCharge.due_at, clock.now(), TRY_AGAIN)
    return list(UnmatchedCharge.select(UnmatchedCharge.id).where(due).scalars())


def advance(charge_id: int, context: Context) -> None:
    """Void or refund an unmatched charge; when the answer is lost, ask how it stands before trying again."""
    unmatched = UnmatchedCharge.get_by_id(charge_id)
    if unmatched.state != OWED:  # returned since it was found due
        return
    try:
        if _gone_back(unmatched, context):
            _returned(unmatched, "found given back")
            return
        given = context.gateway.give_back(unmatched.gateway_id, unmatched.amount_cents)
    except (Uncertain, NotGivenBack, NotYet, NoSuchCharge) as problem:
        with write():
            UnmatchedCharge.update(due_at=clock.now() + TRY_AGAIN, words=str(problem)[:500]).where(
                UnmatchedCharge.id == unmatched.id
            ).execute()
        return
    _returned(unmatched, "voided" if given.voided else "refunded")


def _gone_back(unmatched: UnmatchedCharge, context: Context) -> bool:
    charge = context.gateway.find(unmatched.gateway_id)
    if charge.standing in (VOIDED, NOT_TAKEN, DECLINED_LATER) or charge.dispute == "lost":
        return True
    credits = [context.gateway.find(gateway_id) for gateway_id in charge.refund_ids]
    given = sum(credit.amount_cents for credit in credits if credit.standing in (LIVE, SETTLED))
    return given >= unmatched.amount_cents


def _returned(unmatched: UnmatchedCharge, words: str) -> None:
    with write():
        if lifecycle.move(unmatched, TRANSITIONS, RETURNED, returned_at=clock.now(), words=words):
            ledger.post(ledger.unmatched(unmatched.gateway_id, -unmatched.amount_cents))
