"""After a backup is restored: what happened since its copy is found again at the gateway.

Until that is done nobody may pay: an invoice paid since the copy looks due. The server refuses to start meanwhile.
"""

from datetime import datetime, timedelta

from peewee import fn

from domain.common import alerts, clock, numbering
from domain.common.facts import Fact, Values
from domain.payments import (
    card_consents,
    findings,
    lifecycle,
    lost_work,
    reconciliation,
    recovered_charges,
    refunds,
    settlement,
)
from domain.payments.context import Context
from domain.payments.gateway import OTHER_ACCOUNT, Charge
from models import Counter, LedgerEntry, Payment, PaymentEvent, Session, write

UNFINISHED = "recover since"
MARGIN = timedelta(days=1)
NEVER_LIVED = timedelta(days=90)  # how far to look for what was paid after a copy in which nothing ever was


def begin(now: datetime) -> None:
    """Note that the database is a copy put back: new numbers, nobody signed in, and no payment is ever sent again."""
    with write():
        Counter.keep_moment(UNFINISHED, _lived_until() or now - NEVER_LIVED)
        numbering.begin_series(now)
        lost_work.warn(_lived_until(), now)
        lifecycle.doubt_all("restore")
        refunds.doubt_all()
        card_consents.announce_again(clock.today())
        Session.delete().execute()


def is_unfinished() -> bool:
    """Tell whether the gateway has still to be asked what happened since the copy."""
    return Counter.kept(UNFINISHED) is not None


def finish(context: Context) -> list[Fact]:
    """Find at the gateway what was charged and given back since the copy, and book it; tell of each.

    Raises: Uncertain when the gateway does not answer; what was booked until then stays, and the rest is asked again.
    """
    if Counter.kept(UNFINISHED) == 0:
        begin(clock.now())  # it was cut short just after the copy was put in place
    copied_at = Counter.kept_moment(UNFINISHED)
    if copied_at is None:
        return []
    context = context.because("restore")
    start, end = copied_at - MARGIN, clock.now() + timedelta(hours=1)
    found = [_recover(charge, context) for charge in context.gateway.made_between(start, end)]
    found += [_voided(charge) for charge in context.gateway.voided_between(start, end)]
    found += [refunds.found(credit, context) for credit in context.gateway.given_back_between(start, end)]
    found += _follow_all(start, end, context)
    with write():
        Counter.delete().where(Counter.name == UNFINISHED).execute()
    return [fact for fact in found if fact]


def _recover(charge: Charge, context: Context) -> Fact | None:
    """Book a charge the copy does not know, and say what became of it; one that it knows says nothing."""
    if not recovered_charges.is_ours(charge) or charge.foreign == OTHER_ACCOUNT:
        difference = reconciliation.explain(charge, context)
        return difference.fact if difference else None
    try:
        return recovered_charges.book(charge, context)
    except recovered_charges.Held as held:
        return held.fact


def _voided(charge: Charge) -> Fact | None:
    """Name a charge of ours that was made and voided since the copy: no money, but somebody may ask."""
    if charge.foreign or not recovered_charges.is_ours(charge):
        return None
    told: Values = {"reference": charge.reference, "amount_cents": charge.amount_cents}
    return Fact(findings.Finding.MADE_AND_VOIDED, told)


def _follow_all(start: datetime, end: datetime, context: Context) -> list[Fact]:
    """Bring into line the payments whose money was still on its way at the copy, or was disputed since."""
    on_the_way = Payment.select(Payment.gateway_id).where(
        Payment.state.in_((Payment.PAID, Payment.DISPUTED)), Payment.gateway_id.is_null(False)
    )
    first = start.date() - settlement.DISPUTES_SHOW_WITHIN
    ids = set(on_the_way.scalars())
    ids |= {charge.gateway_id for charge in context.gateway.disputed_between(first, end.date())}
    return [_moved(payment) for payment in settlement.follow_each(sorted(ids), context)]


def _moved(payment: Payment) -> Fact:
    """Tell what became of a payment; of a void, only a person can tell a refund from a mistake."""
    if payment.state != Payment.VOIDED:
        return findings.payment_stands(payment.id)
    with write():
        return alerts.raise_alert(alerts.Kind.VOIDED_SINCE_COPY, payment.reference, reference=payment.reference)


def _lived_until() -> datetime | None:
    """Return the latest moment of a payment's life in the copy, else of the ledger's beginning."""
    return PaymentEvent.select(fn.MAX(PaymentEvent.at)).scalar() or LedgerEntry.select(fn.MIN(LedgerEntry.at)).scalar()
