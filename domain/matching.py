"""The daily match: every charge at the gateway against the payments here, both ways."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain import alerts, payments, strays
from domain.charging import Charge, Gateway, Uncertain
from domain.notices import Teller
from domain.wording import MONTREAL, plain_amount
from models import Counter, Payment, StrayCharge, utcnow, write

LOOKED_FOR = timedelta(hours=48)  # how long a given-up payment is looked for again
DONE = "last matched day"


@dataclass(frozen=True)
class Difference:
    """What one side has and the other has not, in cents."""

    reference: str
    cents: int
    words: str

    def __str__(self) -> str:
        return f"{self.reference} : {plain_amount(self.cents)} $, {self.words}"


def match(day: date, gateway: Gateway, teller: Teller) -> list[Difference]:
    """Compare a day (Montreal's) at the gateway with the payments here; act on what is certain, report the rest.

    Raises: Uncertain when the gateway does not answer.
    """
    start, end = _bounds(day)
    # A charge may be made just before midnight and booked just after: look an hour wider at the gateway.
    margin = timedelta(hours=1)
    charges = gateway.made_between(start - margin, end + margin)
    found = [difference for charge in charges if (difference := _explain(charge, teller))]
    found += _missing(charges, start, end)
    with write():
        for difference in found:
            alerts.raise_alert("daily match", f"{day} {difference.reference}", str(difference))
    return found


def _explain(charge: Charge, teller: Teller) -> Difference | None:
    """Return what is wrong with a charge, None when a payment here accounts for it."""
    booked = Payment.get_or_none(Payment.gateway_id == charge.gateway_id)
    if booked:
        if booked.amount_cents == charge.amount_cents:
            return None
        return Difference(charge.reference, charge.amount_cents - booked.amount_cents, "the amounts differ")
    if StrayCharge.get_or_none(StrayCharge.gateway_id == charge.gateway_id):
        return None
    payment = Payment.get_or_none(Payment.reference == charge.reference)
    if payment and payment.is_open:
        return None  # being verified now
    if payment and payment.refusal == payments.GIVEN_UP:
        payments.charged_after_all(payment, charge, teller)
        return Difference(charge.reference, charge.amount_cents, "found after it was given up")
    with write():
        strays.note(charge, "second charge of one reference" if payment else "unknown reference")
    return Difference(charge.reference, charge.amount_cents, "a charge that pays nothing here: given back")


def _missing(charges: Iterable[Charge], start: datetime, end: datetime) -> list[Difference]:
    """Return the payments booked here that the gateway does not show."""
    there = {charge.gateway_id for charge in charges}
    here = Payment.select().where(
        Payment.gateway_id.is_null(False),
        Payment.submitted_at >= start,
        Payment.submitted_at < end,
        Payment.state.in_(Payment.RECEIVED_STATES),
    )
    return [
        Difference(payment.reference, payment.amount_cents, "booked here, not found at the gateway")
        for payment in here
        if payment.gateway_id not in there
    ]


def recheck_given_up(gateway: Gateway, teller: Teller, since: datetime | None = None) -> int:
    """Search again for the payments lately given up; return how many were charged after all."""
    found = 0
    for payment in payments.given_up(since or utcnow() - LOOKED_FOR):
        for charge in gateway.search(payment.reference):
            payments.charged_after_all(payment, charge, teller)
            found += 1
    return found


def match_yesterday(gateway: Gateway, teller: Teller) -> None:
    """Match yesterday, once: the day done is kept, and a gateway that does not answer is asked again later."""
    today = datetime.now(MONTREAL).date()
    yesterday = today - timedelta(days=1)
    done = Counter.get_or_none(Counter.name == DONE)
    if done and done.value >= yesterday.toordinal():
        return
    try:
        match(yesterday, gateway, teller)
    except Uncertain:
        return
    with write():
        Counter.insert(name=DONE, value=yesterday.toordinal()).on_conflict(
            conflict_target=[Counter.name], update={Counter.value: yesterday.toordinal()}
        ).execute()


def _bounds(day: date) -> tuple[datetime, datetime]:
    """Return a Montreal day's first moment and the next day's, in UTC."""
    first = datetime.combine(day, time(0), MONTREAL)
    last = datetime.combine(day + timedelta(days=1), time(0), MONTREAL)
    return tuple(moment.astimezone(UTC).replace(tzinfo=None) for moment in (first, last))
