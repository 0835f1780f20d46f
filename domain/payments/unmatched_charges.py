"""Charges at the gateway that pay nothing here. The money goes back, and a person is told."""

from datetime import timedelta

from peewee import IntegrityError

from domain.billing import ledger
from domain.common import alerts, clock, lifecycle
from domain.common.facts import Values
from domain.common.formats import in_currency
from domain.payments.context import Context
from domain.payments.gateway import (
    DECLINED_LATER,
    LIVE,
    NOT_TAKEN,
    OTHER_ACCOUNT,
    OTHER_CURRENCY,
    SETTLED,
    VOIDED,
    Charge,
    NoSuchCharge,
    NotGivenBack,
    NotYet,
    Uncertain,
)
from models import Payment, Refund, UnmatchedCharge, write

OWED, RETURNED, HELD = UnmatchedCharge.OWED, UnmatchedCharge.RETURNED, UnmatchedCharge.HELD
TRANSITIONS = {OWED: {RETURNED}, HELD: {RETURNED}, RETURNED: set()}

TRY_AGAIN = timedelta(minutes=10)
LOOK_AT_HELD = timedelta(hours=1)
FOREIGN = {OTHER_CURRENCY: UnmatchedCharge.OTHER_CURRENCY, OTHER_ACCOUNT: UnmatchedCharge.OTHER_ACCOUNT}


def note(payment: Payment, charge: Charge, reason: str, context: Context) -> None:
    """Record a charge that pays nothing here once, in the caller's transaction.

    The ledger owes it back, a person at the city sees it, and the payer is told. What is not in Canadian dollars on the
    city's account is no money of these books: it is held, and that person decides.
    """
    values = {"amount_cents": charge.amount_cents, "currency": charge.currency}
    if charge.foreign:
        values |= {"reason": FOREIGN[charge.foreign], "state": HELD, "due_at": clock.now() + LOOK_AT_HELD}
    _record(payment, charge.gateway_id, context, **{"reason": reason} | values)


def note_won_back(payment: Payment, cents: int, context: Context) -> None:
    """Record what came back of a payment by a dispute won, its invoices having been paid otherwise meanwhile."""
    _record(payment, payment.gateway_id or "", context, amount_cents=cents, reason=UnmatchedCharge.WON_BACK)


def _record(payment: Payment, gateway_id: str, context: Context, **values: object) -> None:
    try:
        with write():
            unmatched = UnmatchedCharge.create(gateway_id=gateway_id, reference=payment.reference, **values)
    except IntegrityError:
        return  # known already
    _post(unmatched, unmatched.amount_cents)
    amount = in_currency(unmatched.amount_cents, unmatched.currency)
    told: Values = {"reference": payment.reference, "amount": amount, "reason": unmatched.reason}
    alerts.raise_alert(alerts.Kind.UNMATCHED_CHARGE, gateway_id, **told)
    context.listener.unmatched(payment, unmatched)


def _post(unmatched: UnmatchedCharge, cents: int) -> None:
    """Owe a charge back in the ledger, or take that back; one that is held never stood there."""
    if unmatched.reason not in FOREIGN.values():
        ledger.post(ledger.unmatched(unmatched.gateway_id, cents))


def of(payment: Payment) -> list[UnmatchedCharge]:
    """Return the charges of a payment that pay nothing."""
    mine = UnmatchedCharge.select().where(UnmatchedCharge.reference == payment.reference)
    return list(mine.order_by(UnmatchedCharge.id))


def is_held(payment: Payment) -> bool:
    """Tell whether money of a payment waits for a person: it is not known yet what becomes of it."""
    return any(charge.state == HELD for charge in of(payment))


def due_for_work() -> list[int]:
    """Return the ids of the charges whose money is due to go back now."""
    waits = {OWED: TRY_AGAIN, HELD: LOOK_AT_HELD}
    owed, held = (
        (UnmatchedCharge.state == state) & lifecycle.is_due(UnmatchedCharge.due_at, clock.now(), longest)
        for state, longest in waits.items()
    )
    return list(UnmatchedCharge.select(UnmatchedCharge.id).where(owed | held).scalars())


def advance(charge_id: int, context: Context) -> None:
    """Void or refund what no dispute took of an unmatched charge; when the answer is lost, ask before trying again.

    One that is held is only asked about: whoever decides gives it back at the gateway.
    """
    unmatched = UnmatchedCharge.get_by_id(charge_id)
    if unmatched.state == RETURNED:  # since it was found due
        return
    try:
        charge = context.gateway.find(unmatched.gateway_id)
        if _left(unmatched, charge, context) <= 0:
            _returned(unmatched, "found given back")
            return
        if unmatched.state == HELD:
            _put_off(unmatched, LOOK_AT_HELD, "held for a person")
            return
        given = context.gateway.give_back(unmatched.gateway_id, unmatched.amount_cents - charge.lost_cents)
    except (Uncertain, NotGivenBack, NotYet, NoSuchCharge) as problem:
        _put_off(unmatched, TRY_AGAIN, str(problem))
        return
    _returned(unmatched, "voided" if given.voided else "refunded")


def follow(gateway_id: str, context: Context) -> None:
    """Ask whether a dispute took what was given back: the city lost it twice. Raises: Uncertain, NoSuchCharge."""
    returned = (UnmatchedCharge.gateway_id == gateway_id) & (UnmatchedCharge.state == RETURNED)
    unmatched = UnmatchedCharge.get_or_none(returned, UnmatchedCharge.reason.not_in(list(FOREIGN.values())))
    if unmatched is None:
        return
    charge = context.gateway.find(gateway_id)
    twice = -_left(unmatched, charge, context) if charge.lost_cents else 0
    with write():
        before = ledger.lost_cents(gateway_id)
        if twice != before:
            ledger.post(ledger.lost(gateway_id, twice - before))
            context.listener.lost_twice(Payment.get(Payment.reference == unmatched.reference), twice)


def _put_off(unmatched: UnmatchedCharge, wait: timedelta, words: str) -> None:
    with write():
        UnmatchedCharge.update(due_at=clock.now() + wait, words=words[:500]).where(
            UnmatchedCharge.id == unmatched.id
        ).execute()


def _left(unmatched: UnmatchedCharge, charge: Charge, context: Context) -> int:
    """Return what is still to give back of a charge, in cents; below zero, how much went back too often."""
    if charge.standing in (VOIDED, NOT_TAKEN, DECLINED_LATER):
        return 0
    ours = set(Refund.select(Refund.gateway_id).scalars())  # refunds of what was won back
    credits = [context.gateway.find(gateway_id) for gateway_id in charge.refund_ids if gateway_id not in ours]
    given = sum(credit.amount_cents for credit in credits if credit.standing in (LIVE, SETTLED))
    return unmatched.amount_cents - given - charge.lost_cents


def _returned(unmatched: UnmatchedCharge, words: str) -> None:
    with write():
        if lifecycle.move(unmatched, TRANSITIONS, RETURNED, returned_at=clock.now(), words=words):
            _post(unmatched, -unmatched.amount_cents)
