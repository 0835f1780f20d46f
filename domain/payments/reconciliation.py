"""The daily match: every charge and refund at the gateway against the payments here, both ways."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.common import alerts, clock, jobs
from domain.common.batches import columns_among
from domain.common.facts import Fact, Values
from domain.payments import asking, lifecycle, settlement, unmatched_charges
from domain.payments.context import Context
from domain.payments.findings import Mismatch
from domain.payments.gateway import OTHER_ACCOUNT, Charge, Credit, NoSuchCharge
from models import HandedBack, Payment, Refund, UnmatchedCharge, write

LOOKED_FOR = timedelta(hours=48)  # how long a given-up payment is looked for again
# A charge may be made just before midnight and booked just after: the gateway is asked about an hour more.
MARGIN = timedelta(hours=1)
DAILY = "daily match"  # the job that goes day by day
MOST_DAYS = 60  # matched late, after a long stop


@dataclass(frozen=True)
class Difference:
    """What one side has and the other has not, in cents."""

    reference: str
    cents: int
    reason: Mismatch
    gateway_id: str = ""  # of what is unknown here
    currency: str = ""
    differs: str = ""  # which charge or refund: several of one payment may, on one day

    @property
    def subject(self) -> str:
        return f"{self.reference} {self.differs or self.gateway_id}".strip()

    @property
    def fact(self) -> Fact:
        told: Values = {"reference": self.reference, "amount_cents": self.cents, "gateway_id": self.gateway_id}
        return Fact(alerts.Kind.DAILY_MATCH, {**told, "reason": self.reason, "currency": self.currency})


def match(day: date, context: Context) -> list[Difference]:
    """Compare a day (Montreal's) at the gateway with the payments here; act on what is certain, report the rest.

    Charges, refunds and disputes are asked about in turn: what is found of one is said, whatever becomes of another.
    Raises: Uncertain when the gateway did not answer some of it.
    """
    context = context.because("sweep")
    found: list[Difference] = []
    parts = (_match_charges, _match_refunds, _match_disputes)
    try:
        asking.each(parts, lambda part: part(day, context, found))
    finally:
        with write():
            for difference in found:
                alerts.raise_alert(alerts.Kind.DAILY_MATCH, f"{day} {difference.subject}", **difference.fact.values)
    return found


def _match_charges(day: date, context: Context, found: list[Difference]) -> None:
    start, end = clock.montreal_day(day)
    charges = context.gateway.made_between(start - MARGIN, end + MARGIN)

    def ask(charge: Charge) -> None:
        if difference := explain(charge, context):
            found.append(difference)

    try:
        asking.each(charges, ask)
    finally:
        _missing(charges, start, end, context, found)


def _match_refunds(day: date, context: Context, found: list[Difference]) -> None:
    start, end = clock.montreal_day(day)
    credits = context.gateway.given_back_between(start - MARGIN, end + MARGIN)
    found += _refunds_unknown_here(credits) + _refunds_missing(credits, start, end)


def _match_disputes(day: date, context: Context, _found: list[Difference]) -> None:
    settlement.follow_disputes(day, day + timedelta(days=1), context)


def explain(charge: Charge, context: Context) -> Difference | None:
    """Return what is wrong with a charge, None when a payment here accounts for it."""
    booked = Payment.get_or_none(Payment.gateway_id == charge.gateway_id)
    if booked:
        return _contradicted(booked, charge, context)
    if charge.foreign == OTHER_ACCOUNT:  # of another system of the city; one of ours is found by its reference
        return None
    if UnmatchedCharge.get_or_none(UnmatchedCharge.gateway_id == charge.gateway_id):
        return None
    payment = Payment.get_or_none(Payment.reference == charge.reference)
    if payment and payment.is_open:
        return None  # being verified now
    if payment and payment.state == Payment.REFUSED:
        lifecycle.resolve(payment, [charge], context)
        return Difference(charge.reference, charge.amount_cents, Mismatch.REFUSED_HERE, differs=charge.gateway_id)
    if payment is None:  # another system may share the merchant account: only a person can tell
        wrong = Mismatch.UNKNOWN_CURRENCY if charge.foreign else Mismatch.UNKNOWN_HERE
        return Difference(charge.reference, charge.amount_cents, wrong, charge.gateway_id, charge.currency)
    with write():
        unmatched_charges.note(payment, charge, UnmatchedCharge.SECOND, context)
    return Difference(charge.reference, charge.amount_cents, Mismatch.SECOND, differs=charge.gateway_id)


def _contradicted(booked: Payment, charge: Charge, context: Context) -> Difference | None:
    """Return what is wrong with the charge of a payment booked here; one lost here is asked about first.

    Raises: Uncertain.
    """
    if booked.state == Payment.CHARGED_BACK:
        settlement.follow(charge.gateway_id, context)
        booked = Payment.get_by_id(booked.id)
    wrong = settlement.contradiction(booked, charge)
    here = booked.amount_cents if booked.state in Payment.RECEIVED_STATES else 0
    return Difference(charge.reference, charge.amount_cents - here, wrong, currency=charge.currency) if wrong else None


def _missing(
    charges: Iterable[Charge], start: datetime, end: datetime, context: Context, found: list[Difference]
) -> None:
    """Find the payments booked here that the gateway does not show, once it was asked how each stands.

    Raises: as `asking.each`.
    """
    there = {charge.gateway_id for charge in charges}
    # not by state: of those received there are years
    made = Payment.select().where(Payment.submitted_at >= start, Payment.submitted_at < end)
    here = [one for one in made if one.gateway_id and one.state in Payment.RECEIVED_STATES]

    def ask(payment: Payment) -> None:
        if not _followed(payment, context):
            found.append(Difference(payment.reference, payment.amount_cents, Mismatch.NOT_THERE))

    asking.each([payment for payment in here if payment.gateway_id not in there], ask)


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
    mine = UnmatchedCharge.id.not_in(HandedBack.select(HandedBack.charge))  # else it went back twice
    mine &= UnmatchedCharge.reason != UnmatchedCharge.WON_BACK  # a part is known by its amount
    charges = UnmatchedCharge.select(UnmatchedCharge.gateway_id).where(mine)
    unmatched = {
        row[0] for row in columns_among(charges, UnmatchedCharge.gateway_id, {one.charge_id for one in credits})
    }
    under_way = Refund.select(Payment.gateway_id).join(Payment).where(Refund.state.in_(Refund.OPEN_STATES))
    busy = set(under_way.scalars())
    return [
        Difference(credit.reference, -credit.amount_cents, Mismatch.REFUND_UNKNOWN_HERE, credit.gateway_id)
        for credit in credits
        if credit.gateway_id not in ours and credit.charge_id not in unmatched | busy
        if credit.foreign != OTHER_ACCOUNT and not unmatched_charges.is_won_back(credit)
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
        Difference(refund.payment.reference, -refund.amount_cents, Mismatch.REFUND_NOT_THERE, differs=f"{refund.id}")
        for refund in here
        if refund.gateway_id not in there
    ]


def recheck_given_up(context: Context, since: datetime | None = None) -> int:
    """Search again for the payments lately given up; return how many were charged after all.

    Raises: as `asking.each`.
    """
    found: list[Payment] = []

    def ask(payment: Payment) -> None:
        charges = context.gateway.search(payment.reference)
        if charges:
            lifecycle.resolve(payment, charges, context.because("sweep"))
            found.append(payment)

    asking.each(lifecycle.given_up(since or clock.now() - LOOKED_FOR), ask)
    return len(found)


def match_days_due(context: Context) -> None:
    """Match each day that ended since the last one matched: yesterday, and those when nobody could ask.

    Raises: Uncertain when the gateway does not answer; the days left are then still to be done.
    """
    yesterday = clock.today() - timedelta(days=1)
    done = jobs.done_until(DAILY) or yesterday - timedelta(days=1)
    failed: list[date] = []

    def ask(day: date) -> None:
        match(day, context)
        if not failed:  # the first that failed is where the next turn begins
            jobs.done(DAILY, day)

    days = clock.days(max(done + timedelta(days=1), yesterday - timedelta(days=MOST_DAYS)), yesterday)
    asking.each(days, ask, failed.append)
