"""Charges at the gateway that pay nothing here. The money goes back, and a person is told."""

from datetime import timedelta

from domain.billing import ledger
from domain.common import alerts, clock
from domain.common.formats import plain_amount
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
from models import Payment, StrayCharge, write

TRY_AGAIN = timedelta(minutes=10)
WHY = {
    StrayCharge.SECOND: "deuxième débit d’une même référence",
    StrayCharge.OTHER_AMOUNT: "un autre montant que celui demandé",
    StrayCharge.NOT_OWED: "ces factures n’étaient plus à payer",
}


def note(payment: Payment, charge: Charge, reason: str, context: Context) -> None:
    """Record a stray charge of a payment once, in the caller's transaction.

    The ledger owes it back, a person at the city sees it, and the payer is told.
    """
    if StrayCharge.get_or_none(StrayCharge.gateway_id == charge.gateway_id):
        return
    stray = StrayCharge.create(
        gateway_id=charge.gateway_id, reference=payment.reference, amount_cents=charge.amount_cents, reason=reason
    )
    context.listener.unmatched(payment, stray)
    ledger.post(ledger.stray(charge.gateway_id, charge.amount_cents))
    words = f"{payment.reference} : {plain_amount(charge.amount_cents)} $, {WHY[reason]}"
    alerts.raise_alert("stray charge", charge.gateway_id, words)


def of(payment: Payment) -> list[StrayCharge]:
    """Return the charges of a payment that pay nothing."""
    return list(StrayCharge.select().where(StrayCharge.reference == payment.reference).order_by(StrayCharge.id))


def due_for_work() -> list[int]:
    """Return the ids of the stray charges whose money is due to go back now."""
    due = StrayCharge.select(StrayCharge.id).where(
        StrayCharge.returned_at.is_null(), StrayCharge.next_try_at <= clock.now()
    )
    return [stray_id for (stray_id,) in due.tuples()]


def give_back(stray_id: int, context: Context) -> None:
    """Void or refund a stray charge; when the answer is lost, ask how it stands before trying again."""
    stray = StrayCharge.get_by_id(stray_id)
    try:
        if _gone_back(stray, context):
            _returned(stray, "found given back")
            return
        given = context.gateway.give_back(stray.gateway_id, stray.amount_cents)
    except (Uncertain, NotGivenBack, NotYet, NoSuchCharge) as problem:
        with write():
            StrayCharge.update(next_try_at=clock.now() + TRY_AGAIN, words=str(problem)[:500]).where(
                StrayCharge.id == stray.id
            ).execute()
        return
    _returned(stray, "voided" if given.voided else "refunded")


def _gone_back(stray: StrayCharge, context: Context) -> bool:
    charge = context.gateway.find(stray.gateway_id)
    if charge.standing in (VOIDED, NOT_TAKEN, DECLINED_LATER) or charge.dispute == "lost":
        return True
    credits = [context.gateway.find(gateway_id) for gateway_id in charge.refund_ids]
    given = sum(credit.amount_cents for credit in credits if credit.standing in (LIVE, SETTLED))
    return given >= stray.amount_cents


def _returned(stray: StrayCharge, words: str) -> None:
    with write():
        changed = (
            StrayCharge.update(returned_at=clock.now(), words=words)
            .where(StrayCharge.id == stray.id, StrayCharge.returned_at.is_null())
            .execute()
        )
        if changed:
            ledger.post(ledger.stray(stray.gateway_id, -stray.amount_cents))
