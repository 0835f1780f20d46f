"""What became of money that paid nothing here and was given back: lost by a dispute besides, or sent back by the bank.

What a bank sends back days later is owed again, told as a declined refund is, and given back again by the worker.
"""

from collections.abc import Callable
from datetime import datetime

from domain.billing import ledger
from domain.common import clock, lifecycle
from domain.payments import asking, disputes, given_back, unmatched_charges
from domain.payments import lifecycle as life
from domain.payments.context import Context
from domain.payments.gateway import DECLINED_LATER
from domain.payments.unmatched_charges import FOLLOWED_EVERY, HELD, OWED, RETURNED, TRANSITIONS
from models import Payment, UnmatchedCharge, hold, write


def follow(gateway_id: str, context: Context) -> None:
    """Ask how a charge stands that pays nothing here and was given back. Raises: Uncertain, NoSuchCharge."""
    returned = (UnmatchedCharge.gateway_id == gateway_id) & (UnmatchedCharge.state == RETURNED)
    for unmatched in list(UnmatchedCharge.select().where(returned, UnmatchedCharge.reason != UnmatchedCharge.WON_BACK)):
        _follow(unmatched, context, clock.now())


def follow_due(context: Context, now: datetime | None = None) -> None:
    """Ask how what went back in the last days stands; what the bank sent back after all is owed again.

    Raises: as `asking.each`.
    """
    now = now or clock.now()
    due = asking.lately(UnmatchedCharge.due_at, now, asking.GIVEN_BACK_FOLLOWED_FOR)
    returned = (UnmatchedCharge.state == RETURNED) & (UnmatchedCharge.amount_cents > 0)
    rows = UnmatchedCharge.select().where(returned, due).order_by(UnmatchedCharge.due_at)
    followed = (row for row in rows if asking.is_followed(row.due_at, row.returned_at))
    asking.each(followed, lambda row: _follow(row, context, now))


def _follow(unmatched: UnmatchedCharge, context: Context, now: datetime) -> None:
    won = unmatched.reason == UnmatchedCharge.WON_BACK
    book = (_heard_of_won if won else _heard)(unmatched, context)
    if book is None:  # not to be told yet: the question stays
        return
    with write():  # one answer, booked whole: who dies in between asks again
        hold(Payment.select().where(Payment.reference == unmatched.reference))
        hold(UnmatchedCharge.select().where(UnmatchedCharge.gateway_id == unmatched.gateway_id))
        current = UnmatchedCharge.get_by_id(unmatched.id)
        if (current.state, current.returned_at) != (RETURNED, unmatched.returned_at):
            return  # another heard it first, and it may have gone back again since
        next_at = now + FOLLOWED_EVERY
        due_at = next_at if asking.is_followed(next_at, current.returned_at) else UnmatchedCharge.NO_MORE
        UnmatchedCharge.update(due_at=due_at).where(UnmatchedCharge.id == unmatched.id).execute()
        book(Payment.get(Payment.reference == unmatched.reference))


def _heard(unmatched: UnmatchedCharge, context: Context) -> Callable[[Payment], None]:
    """Ask about a charge that pays nothing; return what books the answer."""
    charge = context.gateway.find(unmatched.gateway_id)
    credits = given_back.credits_of(charge, context)
    left = given_back.left_cents(charge, credits)
    declined = left > 0 and any(credit.standing in given_back.SENT_BACK for credit in credits)

    def book(payment: Payment) -> None:
        given_back.note_sent_back(charge, credits)
        if unmatched.is_of_these_books:
            _book_lost_twice(payment, unmatched.gateway_id, max(-left, 0) if charge.lost_cents else 0, context)
        if left <= 0:
            return
        to_state = OWED if unmatched.is_of_these_books else HELD
        again = {"amount_cents": left, "returned_at": None, "due_at": clock.now()}
        if not lifecycle.move(unmatched, TRANSITIONS, to_state, **again):
            return
        unmatched_charges.post(unmatched, left)
        if declined:
            _tell(payment, unmatched, left, context)
        else:  # a dispute had taken it, and gave it back
            unmatched_charges.tell(payment, unmatched, left, context)

    return book


def _book_lost_twice(payment: Payment, gateway_id: str, cents: int, context: Context) -> None:
    before = ledger.lost_cents(gateway_id)
    if cents != before:
        ledger.post(ledger.lost(gateway_id, cents - before))
        context.listener.lost_twice(payment, cents)


def _heard_of_won(unmatched: UnmatchedCharge, context: Context) -> Callable[[Payment], None] | None:
    """Ask about what was won of a charge: less there than was returned here went back for good.

    Returns what books the answer, None while it is not known yet what goes back.
    """
    payment = Payment.get(Payment.gateway_id == unmatched.gateway_id)
    returned = unmatched_charges.gone_cents(payment)
    charge = context.gateway.find(unmatched.gateway_id)
    credits = given_back.credits_of(charge, context)
    sent_back = returned - given_back.given_cents(credits)
    if unmatched_charges.is_moving(payment, charge):
        return None

    def book(payment: Payment) -> None:
        if sent_back <= 0 or unmatched_charges.gone_cents(payment) != returned:
            return
        given_back.note_sent_back(charge, credits)
        owed = unmatched_charges.owe_again(payment, sent_back)
        disputes.align(payment, context)  # its invoices may take it, if they owe it again
        _tell(payment, owed, sent_back, context)

    return book


def _tell(payment: Payment, unmatched: UnmatchedCharge, cents: int, context: Context) -> None:
    """Tell the payer and the city, and write it into the life of the payment."""
    life.note(payment, "refund_declined", context.cause, f"{cents} ¢ {unmatched.reason}")
    given_back.tell_declined(payment, unmatched, cents, DECLINED_LATER, context)
