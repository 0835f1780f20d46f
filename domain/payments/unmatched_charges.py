"""Charges at the gateway that pay nothing here. The money goes back, and a person is told."""

from datetime import timedelta

from peewee import Expression, IntegrityError, fn

from domain.billing import ledger
from domain.common import alerts, clock, lifecycle
from domain.common.facts import Values
from domain.common.formats import in_currency
from domain.payments import given_back
from domain.payments.context import Context
from domain.payments.gateway import (
    NOT_TAKEN,
    OTHER_ACCOUNT,
    OTHER_CURRENCY,
    Charge,
    Credit,
    NoSuchCharge,
    NotGivenBack,
    NotYet,
    ReturnRefused,
    Uncertain,
    lost_cents,
)
from models import HandedBack, Payment, Refund, UnmatchedCharge, hold, write

OWED, RETURNED, HELD = UnmatchedCharge.OWED, UnmatchedCharge.RETURNED, UnmatchedCharge.HELD
TRANSITIONS = {OWED: {RETURNED}, HELD: {RETURNED}, RETURNED: {OWED, HELD}}  # a bank may send it back days later

TRY_AGAIN = timedelta(minutes=10)
LOOK_AT_HELD = timedelta(hours=1)
WAITS = "held for a person"
FOLLOWED_EVERY = timedelta(days=1)
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


def owe_won_back(payment: Payment, cents: int, context: Context) -> None:
    """Have so much be owed back of what disputes brought back, beside what was returned of it before.

    In the caller's transaction, which holds the payment. What is more than before is told; nothing is left to give back
    of one that comes to 0, and the worker closes it.
    """
    mine = UnmatchedCharge.select().where(_won_back(payment.gateway_id or ""), UnmatchedCharge.state == OWED)
    hold(mine)
    owed = mine.get_or_none()
    more = cents - (owed.amount_cents if owed else 0)
    if not more:
        return
    told = {"gateway_id": payment.gateway_id, "reference": payment.reference, "reason": UnmatchedCharge.WON_BACK}
    if owed:
        changed = {"amount_cents": cents, "due_at": clock.now()}
        UnmatchedCharge.update(**changed).where(UnmatchedCharge.id == owed.id).execute()
    else:
        owed = UnmatchedCharge.create(amount_cents=cents, **told)
    part = UnmatchedCharge(id=owed.id, amount_cents=more, **told)
    post(part, more)
    if more > 0:
        tell(payment, part, won_back_cents(payment, OWED, RETURNED), context)


def owe_again(payment: Payment, cents: int) -> UnmatchedCharge:
    """Have so much be owed again of what was won and returned: the bank sent it back. Return what is owed.

    In the caller's transaction, which holds both.
    """
    mine = _won_back(payment.gateway_id or "")
    returned = list(UnmatchedCharge.select().where(mine, UnmatchedCharge.state == RETURNED, _by_gateway()))
    left = cents
    for row in sorted(returned, key=lambda row: (row.amount_cents != cents, -row.id)):  # one of so much, else the last
        part = min(left, row.amount_cents)
        UnmatchedCharge.update(amount_cents=row.amount_cents - part).where(UnmatchedCharge.id == row.id).execute()
        left -= part
    owed = UnmatchedCharge.get_or_none(mine, UnmatchedCharge.state == OWED) or UnmatchedCharge.create(
        gateway_id=payment.gateway_id, reference=payment.reference, amount_cents=0, reason=UnmatchedCharge.WON_BACK
    )
    changed = {"amount_cents": owed.amount_cents + cents, "due_at": clock.now()}
    UnmatchedCharge.update(**changed).where(UnmatchedCharge.id == owed.id).execute()
    post(owed, cents)
    return UnmatchedCharge.get_by_id(owed.id)


def won_back_cents(payment: Payment, *states: str) -> int:
    """Return what was won of a payment and is, or was, owed back, in cents: its invoices had been paid otherwise."""
    cents = UnmatchedCharge.select(fn.SUM(UnmatchedCharge.amount_cents))
    mine = _won_back(payment.gateway_id or "") & UnmatchedCharge.state.in_(states)
    return int(cents.where(mine).scalar() or 0)


def gone_cents(payment: Payment) -> int:
    """Return what was won of a payment and went back at the gateway, in cents: not what a person handed back."""
    cents = UnmatchedCharge.select(fn.SUM(UnmatchedCharge.amount_cents))
    mine = _won_back(payment.gateway_id or "") & (UnmatchedCharge.state == RETURNED)
    return int(cents.where(mine, _by_gateway()).scalar() or 0)


def is_won_back(credit: Credit) -> bool:
    """Tell whether a refund at the gateway may be what was won of its charge, and went back."""
    of_it = _won_back(credit.charge_id) & (UnmatchedCharge.amount_cents == credit.amount_cents)
    return bool(UnmatchedCharge.select().where(of_it, _by_gateway()).exists())


def returned_times(payment: Payment, cents: int) -> int:
    """Return how often exactly so much of what was won of a payment went back."""
    same = (UnmatchedCharge.amount_cents == cents) & (UnmatchedCharge.state == RETURNED)
    return int(UnmatchedCharge.select().where(_won_back(payment.gateway_id or ""), same, _by_gateway()).count())


def _won_back(gateway_id: str) -> Expression:
    won = UnmatchedCharge.reason == UnmatchedCharge.WON_BACK
    return won & (UnmatchedCharge.gateway_id == gateway_id)


def _by_gateway() -> Expression:
    """Return the condition that nothing of it was handed back by a person."""
    return UnmatchedCharge.id.not_in(HandedBack.select(HandedBack.charge))


def _record(payment: Payment, gateway_id: str, context: Context, **values: object) -> None:
    try:
        with write():
            unmatched = UnmatchedCharge.create(gateway_id=gateway_id, reference=payment.reference, **values)
    except IntegrityError:
        return  # known already
    post(unmatched, unmatched.amount_cents)
    tell(payment, unmatched, unmatched.amount_cents, context)


def tell(payment: Payment, unmatched: UnmatchedCharge, in_all_cents: int, context: Context) -> None:
    """Tell the payer of what goes back now, and the city of all that goes, or went, back of the charge."""
    amount = in_currency(in_all_cents, unmatched.currency)
    told: Values = {"reference": payment.reference, "amount": amount, "reason": unmatched.reason}
    alerts.raise_alert(alerts.Kind.UNMATCHED_CHARGE, unmatched.gateway_id, **told)
    context.listener.unmatched(payment, unmatched)


def post(unmatched: UnmatchedCharge, cents: int) -> None:
    """Owe a charge back in the ledger, or take that back; one that is held never stood there."""
    if unmatched.is_of_these_books:
        ledger.post(ledger.unmatched(unmatched.gateway_id, cents))


def of(payment: Payment) -> list[UnmatchedCharge]:
    """Return the charges of a payment that pay nothing, but for what a dispute took again before it went back."""
    of_it = UnmatchedCharge.reference == payment.reference
    mine = UnmatchedCharge.select().where(of_it, UnmatchedCharge.amount_cents > 0)
    return list(mine.order_by(UnmatchedCharge.id))


def is_held(payment: Payment) -> bool:
    """Tell whether money of a payment waits for a person: it is not known yet what becomes of it."""
    return any(charge.state == HELD for charge in of(payment))


def standing_of(payment: Payment) -> str:
    """Return how it stands with a payment that paid nothing: held, owed for a person to give back, or unexpected."""
    mine = of(payment)
    if any(charge.state == HELD for charge in mine):
        return HELD
    return OWED if any(charge.waits_for_person for charge in mine) else Payment.UNEXPECTED


def due_for_work() -> list[int]:
    """Return the ids of the charges whose money is due to go back now."""
    a_persons, owed = UnmatchedCharge.a_persons(), UnmatchedCharge.state == OWED
    looked_at, tried = (
        which & lifecycle.is_due(UnmatchedCharge.due_at, clock.now(), longest)
        for which, longest in ((a_persons, LOOK_AT_HELD), (owed & ~a_persons, TRY_AGAIN))
    )
    open_ones = UnmatchedCharge.state.in_((OWED, HELD))  # by its index: what went back long ago is not read
    return list(UnmatchedCharge.select(UnmatchedCharge.id).where(open_ones, looked_at | tried).scalars())


def advance(charge_id: int, context: Context) -> None:
    """Void or refund what no dispute took of an unmatched charge; when the answer is lost, ask before trying again.

    One that waits for a person is only asked about: she may give it back at the gateway.
    """
    unmatched = UnmatchedCharge.get_by_id(charge_id)
    if unmatched.state == RETURNED:  # since it was found due
        return
    turn = _give_back_won if unmatched.reason == UnmatchedCharge.WON_BACK else _give_back
    try:
        turn(unmatched, context.gateway.find(unmatched.gateway_id), context)
    except ReturnRefused as problem:
        _refused(unmatched, str(problem), context)
    except (Uncertain, NotGivenBack, NotYet, NoSuchCharge) as problem:
        _put_off(unmatched, TRY_AGAIN, str(problem))


def _give_back(unmatched: UnmatchedCharge, charge: Charge, context: Context) -> None:
    credits = given_back.credits_of(charge, context)
    given_back.note_sent_back(charge, credits)
    left = given_back.left_cents(charge, credits)
    if left <= 0:
        _returned(unmatched, unmatched.amount_cents, "found given back")
    elif unmatched.waits_for_person:
        _put_off(unmatched, LOOK_AT_HELD, WAITS)
        _owe(unmatched, left)
    else:
        given = context.gateway.give_back(unmatched.gateway_id, min(left, unmatched.amount_cents))
        _returned(unmatched, unmatched.amount_cents, "voided" if given.voided else "refunded")


def _give_back_won(unmatched: UnmatchedCharge, charge: Charge, context: Context) -> None:
    """Refund what was won of a charge; what went back of it and was booked for nothing was this."""
    payment = Payment.get(Payment.gateway_id == charge.gateway_id)
    credits = given_back.credits_of(charge, context)
    given_back.note_sent_back(charge, credits)
    gone = given_back.given_cents(credits) - gone_cents(payment)
    if moving := is_moving(payment, charge):
        _put_off(unmatched, TRY_AGAIN, moving)
    elif gone > 0 or not unmatched.amount_cents:
        _returned(unmatched, max(gone, 0), "found given back")
    elif unmatched.waits_for_person:
        _put_off(unmatched, LOOK_AT_HELD, WAITS)
    else:
        context.gateway.give_back(charge.gateway_id, unmatched.amount_cents)
        _returned(unmatched, unmatched.amount_cents, "refunded")


def _owe(unmatched: UnmatchedCharge, cents: int) -> None:
    """Have what waits for a person be what is left of its charge: a dispute, or she, may have taken some of it."""
    with write():
        hold(UnmatchedCharge.select().where(UnmatchedCharge.id == unmatched.id))
        now = UnmatchedCharge.get_by_id(unmatched.id)
        if now.state == OWED and now.amount_cents != cents:
            UnmatchedCharge.update(amount_cents=cents).where(UnmatchedCharge.id == now.id).execute()
            post(now, cents - now.amount_cents)


def _refused(unmatched: UnmatchedCharge, words: str, context: Context) -> None:
    """Try again what the gateway refuses to give back, until it did so on two days: then a person must know."""
    _put_off(unmatched, TRY_AGAIN, words)
    with write():
        if given_back.note_refusal(unmatched) and unmatched.waits_for_person:
            payment = Payment.get(Payment.reference == unmatched.reference)
            given_back.tell_declined(payment, unmatched, unmatched.amount_cents, NOT_TAKEN, context)


def is_moving(payment: Payment, charge: Charge) -> str:
    """Say why it is not known yet what goes back of what was won; nothing when it is."""
    if lost_cents(payment.disputes) != lost_cents(charge.disputes):
        return "a dispute turned"
    if Refund.select().where(Refund.payment == payment, Refund.state.in_(Refund.OPEN_STATES)).exists():
        return "a refund is under way"  # what it gave would be taken for this
    return ""


def _put_off(unmatched: UnmatchedCharge, wait: timedelta, words: str) -> None:
    with write():
        UnmatchedCharge.update(due_at=clock.now() + wait, words=words[:500]).where(
            UnmatchedCharge.id == unmatched.id
        ).execute()


def _returned(unmatched: UnmatchedCharge, given: int, words: str) -> None:
    """Note that so much went back: of what was won more may be owed since, and stays owed, or less, and is lost."""
    with write():
        hold(UnmatchedCharge.select().where(UnmatchedCharge.id == unmatched.id))
        now = UnmatchedCharge.get_by_id(unmatched.id)
        if now.state == RETURNED:
            return
        owed, at = now.amount_cents, clock.now()
        asked = {"returned_at": at, "due_at": at + FOLLOWED_EVERY}  # whether it arrived: returned_charges
        lifecycle.move(now, TRANSITIONS, RETURNED, amount_cents=given, words=words, **asked)
        post(now, -min(owed, given))
        if owed > given:
            rest = {"amount_cents": owed - given, "reason": now.reason, "found_at": now.found_at}
            UnmatchedCharge.create(gateway_id=now.gateway_id, reference=now.reference, **rest)
