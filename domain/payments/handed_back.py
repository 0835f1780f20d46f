"""What a person gives back another way than on the card: money that pays nothing here, and that no card takes again.

Twice sent back by its bank, refused on two days, or not of these books at all: nothing is sent any more by itself.
"""

from dataclasses import dataclass
from datetime import date

from peewee import ModelSelect

from domain.billing import ledger
from domain.billing.listener import Listener
from domain.common import alerts, clock, lifecycle
from domain.payments import lifecycle as life
from domain.payments.unmatched_charges import RETURNED, TRANSITIONS
from models import HandedBack, Payment, Person, UnmatchedCharge, hold, write


class NotYetFound(Exception):
    """Tried to have given money back before it was found."""


@dataclass(frozen=True)
class Waiting:
    """A charge that waits for a person to give it back, and the payment whose reference it bears."""

    charge: UnmatchedCharge
    payment: Payment


@dataclass(frozen=True)
class Handed:
    """How money was given back: such as by a cheque of a number, on a day (Montreal's), who saw so much as owed."""

    seen_cents: int
    method: str
    reference: str
    on: date
    by: str  # a staff user name


def waiting() -> list[Waiting]:
    """Return what waits for a person, the oldest first."""
    return _waiting(UnmatchedCharge.select().where(UnmatchedCharge.a_persons()).order_by(UnmatchedCharge.id))


def find(charge_id: int) -> Waiting | None:
    """Return one that waits for a person."""
    mine = UnmatchedCharge.select().where(UnmatchedCharge.a_persons(), UnmatchedCharge.id == charge_id)
    return next(iter(_waiting(mine)), None)


def _waiting(rows: "ModelSelect[UnmatchedCharge]") -> list[Waiting]:
    charges = list(rows)
    named = Payment.reference.in_([charge.reference for charge in charges])
    payments = Payment.select(Payment, Person).left_outer_join(Person).where(named)
    by_reference = {payment.reference: payment for payment in payments}
    return [Waiting(charge, by_reference[charge.reference]) for charge in charges]


def hand_back(one: Waiting, handed: Handed, listener: Listener) -> bool:
    """Note that a person gave a charge back, and how; return whether this call did: twice is once.

    The books owe it no more; one that never stood in them leaves them as they are. Raises: NotYetFound.
    """
    if handed.on < clock.local(one.charge.found_at).date():
        raise NotYetFound(one.charge.reference)
    with write():
        hold(Payment.select().where(Payment.id == one.payment.id))
        hold(UnmatchedCharge.select().where(UnmatchedCharge.id == one.charge.id))
        now = find(one.charge.id)
        if now is None or now.charge.amount_cents != handed.seen_cents:
            return False
        at = min(clock.noon(handed.on), clock.now())
        moved = lifecycle.move(now.charge, TRANSITIONS, RETURNED, returned_at=at, due_at=UnmatchedCharge.NO_MORE)
        if moved:
            _book(now, handed, listener)
        return moved


def _book(one: Waiting, handed: Handed, listener: Listener) -> None:
    """Write it down, take it off what the books owe, and tell who paid; what the city was told of it is settled."""
    charge, payment, cents = one.charge, one.payment, one.charge.amount_cents
    how = {"method": handed.method, "reference": handed.reference, "given_by": handed.by}
    made = HandedBack.create(charge=charge, amount_cents=cents, given_at=charge.returned_at, **how)
    if charge.is_of_these_books:
        ledger.post(ledger.handed_back(charge.gateway_id, cents, handed.method))
    life.note(payment, "handed back", "staff", f"{cents} ¢ {handed.method} {handed.reference}".strip())
    alerts.settle(alerts.Kind.REFUND_DECLINED, f"unmatched {charge.id}")
    alerts.settle(alerts.Kind.UNMATCHED_CHARGE, charge.gateway_id)
    listener.handed_back(payment, made)
