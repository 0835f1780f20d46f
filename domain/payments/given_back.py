"""What went back of a charge that pays nothing here, as the gateway tells it: what arrived, what its bank sent back."""

from collections.abc import Sequence

from peewee import fn

from domain.common import alerts, clock
from domain.common.facts import Values
from domain.common.formats import in_currency
from domain.payments.context import Context
from domain.payments.gateway import DECLINED_LATER, LIVE, NOT_TAKEN, SETTLED, VOIDED, Charge
from models import DeclinedReturn, HandedBack, Payment, Refund, UnmatchedCharge, write

SENT_BACK = (DECLINED_LATER, NOT_TAKEN)


def credits_of(charge: Charge, context: Context) -> list[Charge]:
    """Return how the refunds of a charge stand, but for those of a payment here. Raises: Uncertain, NoSuchCharge."""
    refunds = Refund.select(Refund.gateway_id).where(Refund.gateway_id.in_(charge.refund_ids))
    ours = set(refunds.scalars())
    return [context.gateway.find(gateway_id) for gateway_id in charge.refund_ids if gateway_id not in ours]


def given_cents(credits: Sequence[Charge]) -> int:
    """Return what went back by refunds, in cents."""
    return sum(credit.amount_cents for credit in credits if credit.standing in (LIVE, SETTLED))


def left_cents(charge: Charge, credits: Sequence[Charge]) -> int:
    """Return what is still to give back of a charge, in cents; below zero, how much went back too often."""
    if charge.standing in (VOIDED, NOT_TAKEN, DECLINED_LATER):
        return 0
    return charge.amount_cents - given_cents(credits) - charge.lost_cents - handed_cents(charge)


def handed_cents(charge: Charge) -> int:
    """Return what a person handed back of a charge, in cents."""
    handed = HandedBack.select(fn.SUM(HandedBack.amount_cents)).join(UnmatchedCharge)
    return int(handed.where(UnmatchedCharge.gateway_id == charge.gateway_id).scalar() or 0)


def note_sent_back(charge: Charge, credits: Sequence[Charge]) -> None:
    """Note each refund of a charge that its bank sent back, once."""
    sent_back = [credit for credit in credits if credit.standing in SENT_BACK]
    if sent_back:
        with write():
            for credit in sent_back:
                _note(charge.gateway_id, credit.gateway_id, credit.amount_cents)


def note_refusal(unmatched: UnmatchedCharge) -> bool:
    """Note that the gateway refuses to give a charge back, in the caller's transaction; once a day.

    Returns whether it is the day's first: asked every few minutes, it may refuse all day.
    """
    return _note(unmatched.gateway_id, f"{unmatched.gateway_id} {clock.today()}", unmatched.amount_cents)


def _note(charge_id: str, what: str, cents: int) -> bool:
    new = DeclinedReturn.insert(charge=charge_id, what=what, amount_cents=cents).on_conflict_ignore()
    return bool(new.as_rowcount().execute())


def tell_declined(payment: Payment, unmatched: UnmatchedCharge, cents: int, standing: str, context: Context) -> None:
    """Tell the payer and the city, in the caller's transaction, that so much of a charge did not go back."""
    told: Values = {"reference": payment.reference, "amount": in_currency(cents, unmatched.currency)}
    alerts.raise_alert(alerts.Kind.REFUND_DECLINED, f"unmatched {unmatched.id}", standing=standing, **told)
    context.listener.return_declined(payment, unmatched, cents)
