"""The daily match: every charge and refund at the gateway against the payments here, both ways."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.common import alerts, clock, jobs
from domain.common.batches import columns_among
from domain.common.facts import Fact, Values
from domain.payments import lifecycle, settlement, unmatched_charges
from domain.payments.context import Context
from domain.payments.gateway import Charge, Credit, NoSuchCharge
from models import Payment, Refund, UnmatchedCharge, write

LOOKED_FOR = timedelta(hours=48)  # how long a given-up payment is looked for again
DAILY = "daily match"  # the job that goes day by day
MOST_DAYS = 60  # matched late, after a long stop


class Mismatch(StrEnum):
    """What may differ; its words stand in views/messages/facts."""

    AMOUNT = "amounts differ"
    REFUSED_HERE = "found after it was refused"
    UNKNOWN_HERE = "charge unknown here"
    SECOND = "second charge of one reference"
    NOT_THERE = "charge not at the gateway"
    REFUND_UNKNOWN_HERE = "refund unknown here"
    REFUND_NOT_THERE = "refund not at the gateway"


@dataclass(frozen=True)
class Difference:
    """What one side has and the other has not, in cents."""

    reference: str
    cents: int
    reason: Mismatch
    gateway_id: str = ""  # of what is unknown here

    @property
    def fact(self) -> Fact:
        told: Values = {"reference": self.reference, "amount_cents": self.cents, "gateway_id": self.gateway_id}
        return Fact(alerts.Kind.DAILY_MATCH, {**told, "reason": self.reason})


def match(day: date, context: Context) -> list[Difference]:
    """Compare a day (Montreal's) at the gateway with the payments here; act on what is certain, report the rest.

    Raises: Uncertain when the gateway does not answer.
    """
    context = context.because("sweep")
    start, end = clock.montreal_day(day)
    # A charge may be made just before midnight and booked just after: look an hour wider at the gateway.
    margin = timedelta(hours=1)
    charges = context.gateway.made_between(start - margin, end + margin)
    credits = context.gateway.given_back_between(start - margin, end + margin)
    found = [difference for charge in charges if (difference := explain(charge, context))]
    found += _missing(charges, start, end, context)
    found += _refunds_unknown_here(credits) + _refunds_missing(credits, start, end)
    for charge in context.gateway.disputed_between(day, day):
        settlement.follow(charge.gateway_id, context)
    with write():
        for difference in found:
            alerts.raise_alert(alerts.Kind.DAILY_MATCH, f"{day} {difference.reference}", **difference.fact.values)
    return found


def explain(charge: Charge, context: Context) -> Difference | None:
    """Return what is wrong with a charge, None when a payment here accounts for it."""
    booked = Payment.get_or_none(Payment.gateway_id == charge.gateway_id)
    if booked:
        if booked.amount_cents == charge.amount_cents:
            return None
        return Difference(charge.reference, charge.amount_cents - booked.amount_cents, Mismatch.AMOUNT)
    if UnmatchedCharge.get_or_none(UnmatchedCharge.gateway_id == charge.gateway_id):
        return None
    payment = Payment.get_or_none(Payment.reference == charge.reference)
    if payment and payment.is_open:
        return None  # being verified now
    if payment and payment.state == Payment.REFUSED:
        lifecycle.resolve(payment, [charge], context)
        return Difference(charge.reference, charge.amount_cents, Mismatch.REFUSED_HERE)
    if payment is None:  # another system may share the merchant account: only a person can tell
        return Difference(charge.reference, charge.amount_cents, Mismatch.UNKNOWN_HERE, charge.gateway_id)
    with write():
        unmatched_charges.note(payment, charge, UnmatchedCharge.SECOND, context)
    return Difference(charge.reference, charge.amount_cents, Mismatch.SECOND)


def _missing(charges: Iterable[Charge], start: datetime, end: datetime, context: Context) -> list[Difference]:
    """Return the payments booked here that the gateway does not show, once it was asked how each stands."""
    there = {charge.gateway_id for charge in charges}
    # not by state: of those received there are years
    made = Payment.select().where(Payment.submitted_at >= start, Payment.submitted_at < end)
    here = [one for one in made if one.gateway_id and one.state in Payment.RECEIVED_STATES]
    return [
        Difference(payment.reference, payment.amount_cents, Mismatch.NOT_THERE)
        for payment in here
        if payment.gateway_id not in there and not _followed(payment, context)
    ]


def _followed(payment: Payment, context: Context) -> bool:
    """Tell whether the gateway knows the charge after all: its payment is then brought into line."""
    try:
        settlement.follow(payment.gateway_id or "", context)
    except NoSuchCharge:
        return False
    return True


def _refunds_unknown_here(credits: Sequence[Credit]) -> list[Difference]:
    """Return the gateway's refunds that no refund here, and no unmatched charge given back, accounts for."""
    refunds = Refund.select(Refund.gateway_id)
    ours = {row[0] for row in columns_among(refunds, Refund.gateway_id, {one.gateway_id for one in credits})}
    charges = UnmatchedCharge.select(UnmatchedCharge.gateway_id)
    unmatched = {
        row[0] for row in columns_among(charges, UnmatchedCharge.gateway_id, {one.charge_id for one in credits})
    }
    under_way = Refund.select(Payment.gateway_id).join(Payment).where(Refund.state.in_(Refund.OPEN_STATES))
    busy = set(under_way.scalars())
    return [
        Difference(credit.reference, -credit.amount_cents, Mismatch.REFUND_UNKNOWN_HERE, credit.gateway_id)
        for credit in credits
        if credit.gateway_id not in ours and credit.charge_id not in unmatched | busy
    ]


def _refunds_missing(credits: Iterable[Credit], start: datetime, end: datetime) -> list[Difference]:
    """Return the refunds booked here that the gateway does not show; a void is no refund there."""
    there = {credit.gateway_id for credit in credits}
    made = (
        Refund.select(Refund, Payment)
        .join(Payment)
        .where(Refund.submitted_at >= start, Refund.submitted_at < end, Refund.gateway_id != Payment.gateway_id)
    )
    here = [refund for refund in made if refund.state == Refund.DONE]
    return [
        Difference(refund.payment.reference, -refund.amount_cents, Mismatch.REFUND_NOT_THERE)
        for refund in here
        if refund.gateway_id not in there
    ]


def recheck_given_up(context: Context, since: datetime | None = None) -> int:
    """Search again for the payments lately given up; return how many were charged after all."""
    found = 0
    for payment in lifecycle.given_up(since or clock.now() - LOOKED_FOR):
        charges = context.gateway.search(payment.reference)
        if charges:
            lifecycle.resolve(payment, charges, context.because("sweep"))
            found += 1
    return found


def match_days_due(context: Context) -> None:
    """Match each day that ended since the last one matched: yesterday, and those when nobody could ask.

    Raises: Uncertain when the gateway does not answer; the days left are then still to be done.
    """
    yesterday = clock.today() - timedelta(days=1)
    done = jobs.done_until(DAILY) or yesterday - timedelta(days=1)
    for day in clock.days(max(done + timedelta(days=1), yesterday - timedelta(days=MOST_DAYS)), yesterday):
        match(day, context)
        jobs.done(DAILY, day)
