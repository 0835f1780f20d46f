"""The life of what a household wishes and holds: a place is taken once, lapses once, and never while it is being paid.

`held_until` is the one expiry. The database counts the places and refuses one too many (tables/places_taken.py); two
holds of a person in one activity are refused by an index. What is let go and taken again has the rest of its time.
Locks are taken in one order: invoice, hold, counter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import Expression, IntegrityError, ModelSelect, fn

from domain.common import clock, lifecycle
from models import CartItem, CartLine, Invoice, InvoiceLine, PaymentInvoice, PlacesTaken, Registration, hold, write

WISH, HELD, OFFERED, LAPSED = CartItem.WISH, CartItem.HELD, CartItem.OFFERED, CartItem.LAPSED
CONFIRMED, REMOVED = CartItem.CONFIRMED, CartItem.REMOVED

TRANSITIONS = {
    WISH: {HELD, LAPSED, REMOVED},
    HELD: {CONFIRMED, LAPSED, REMOVED},
    OFFERED: {HELD, LAPSED, REMOVED},
    LAPSED: {HELD, REMOVED},
    CONFIRMED: set(),
    REMOVED: set(),
}
LEAST_LEFT = timedelta(minutes=5)  # after confirming, and after a refused card
RESTS = timedelta(days=1)  # after which what was let go may be held as long as any
LetGo = tuple[datetime, datetime]  # how long a place could have been held at most, and when it was let go, in UTC


class NoPlaceLeft(Exception):
    """Tried to take a place where none is left."""


class HeldAlready(Exception):
    """Tried to hold a second place for a person in one activity, or one for who is registered there."""


class HeldLongEnough(Exception):
    """Tried to hold a place anew that was held as long as one may: it goes to who waits."""

    def __init__(self, activity_id: int, again_at: datetime) -> None:
        super().__init__(activity_id)
        self.activity_id = activity_id
        self.again_at = again_at  # UTC


class StillPaid(Exception):
    """Tried to take out of the cart what is being paid, or is paid in part."""


@dataclass(frozen=True)
class Durations:
    """How long places are held."""

    hold_for: timedelta
    at_most: timedelta
    for_cheque: timedelta

    @property
    def least_left(self) -> timedelta:
        return min(LEAST_LEFT, self.hold_for)


def keep_places(activity_ids: Iterable[int]) -> None:
    """Keep others off the places of some activities until the transaction ends: in one order, so that none deadlock."""
    hold(PlacesTaken.select().where(PlacesTaken.activity.in_(list(activity_ids))))


def let_go(household_id: int, now: datetime) -> dict[tuple[int, int], LetGo]:
    """Return what a household last let go of within a day, by person and activity, removed or lapsed."""
    columns = CartItem.person, CartItem.activity, CartItem.held_at_most, CartItem.let_go_at
    lately = CartItem.household == household_id, CartItem.let_go_at > now - RESTS
    rows = CartItem.select(*columns).where(*lately).order_by(CartItem.let_go_at, CartItem.id).tuples()
    return {(person, activity): (at_most, gone_at) for person, activity, at_most, gone_at in rows.iterator()}


def ends(durations: Durations, before: LetGo | None, activity_id: int, now: datetime) -> tuple[datetime, datetime]:
    """Return until when a place is held, and at most: what was let go within a day has the rest of its time.

    Raises: HeldLongEnough when nothing of it is left.
    """
    at_most = now + durations.at_most
    if before:
        could_until, gone_at = before
        if could_until <= gone_at:
            raise HeldLongEnough(activity_id, gone_at + RESTS)
        at_most = min(at_most, now + (could_until - gone_at))
    return min(now + durations.hold_for, at_most), at_most


def take(item: CartItem, until: datetime, at_most: datetime, now: datetime, **values: int | str) -> None:
    """Hold the place of a wish, or of what lapsed, in the caller's transaction. `values` change with it.

    Raises: NoPlaceLeft, HeldAlready; then nothing of it is written.
    """
    dated = {"held_at": now, "held_until": until, "held_at_most": at_most, "invoice": None}
    before = dict(item.__data__)
    try:
        with write():
            lifecycle.move(item, TRANSITIONS, HELD, **dated, **values)
            _look_again(item)
    except IntegrityError as refusal:
        item.__data__.update(before)
        raise _why(int(values.get("activity", item.activity_id))) from refusal
    except HeldAlready:
        item.__data__.update(before)
        raise


def create_held(
    values: Mapping[str, int | str | datetime | None], until: datetime, at_most: datetime, now: datetime
) -> CartItem:
    """Hold a place, in the caller's transaction. Raises: NoPlaceLeft, HeldAlready; then nothing is written."""
    dated = {"held_at": now, "held_until": until, "held_at_most": at_most}
    try:
        with write():
            item = CartItem.create(state=HELD, **dated, **values)
            _look_again(item)
    except IntegrityError as refusal:
        raise _why(int(str(values["activity"]))) from refusal
    return item


def _look_again(item: CartItem) -> None:
    """Look, now that nobody else takes a place there, whether a file has just registered her. Raises: HeldAlready."""
    there = Registration.person == item.person_id, Registration.activity == item.activity_id
    if Registration.select().where(*there, Registration.status == Registration.CONFIRMED).exists():
        raise HeldAlready(item.activity_id)


def _why(activity_id: int) -> NoPlaceLeft | HeldAlready:
    counter = PlacesTaken.get_by_id(activity_id)
    is_full = counter.capacity is not None and counter.taken >= counter.capacity
    return NoPlaceLeft(activity_id) if is_full else HeldAlready(activity_id)


def is_due(now: datetime) -> Expression:
    """Return the one condition under which a hold is over: its time is, and nothing is or was paid of its invoices."""
    being_paid = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.is_open)
    untouched = (Invoice.paid_cents == 0) & (Invoice.credited_cents == 0)  # a file may have cancelled it
    unpaid = Invoice.select(Invoice.id).where(Invoice.id == CartItem.invoice, untouched, Invoice.id.not_in(being_paid))
    later = _on(~untouched | Invoice.id.in_(being_paid))  # an instalment may be paid before the first
    owed = CartItem.invoice.is_null() | (fn.EXISTS(unpaid) & ~fn.EXISTS(later))
    return (CartItem.state == HELD) & (CartItem.held_until <= now) & owed


def _on(touched: Expression) -> "ModelSelect[CartLine]":
    """Select the lines of a place on invoices of which something is true."""
    lines = CartLine.select(CartLine.id).join(InvoiceLine).join(Invoice)
    return lines.where(CartLine.item == CartItem.id, touched)


def due(now: datetime) -> "ModelSelect[CartItem]":
    """Select the holds that are over, the first to end first."""
    return CartItem.select().where(is_due(now)).order_by(CartItem.held_until, CartItem.id)


def lapse(item: CartItem, now: datetime) -> bool:
    """Let a hold go whose time is over, in the caller's transaction; return whether this call did."""
    mine = CartItem.id == item.id, _of(item.invoice_id), is_due(now)
    return bool(CartItem.update(state=LAPSED, let_go_at=CartItem.held_until).where(*mine).execute())


def remove(item: CartItem) -> bool:
    """Take out of the cart, in the caller's transaction: the place is free at once. Returns whether this call did."""
    same = (CartItem.state == item.state) & _of(item.invoice_id)
    gone = {"let_go_at": clock.now()} if item.state == HELD else {}
    return bool(CartItem.update(state=REMOVED, **gone).where(CartItem.id == item.id, same).execute())


def _of(invoice_id: int | None) -> Expression:
    """Return the condition that a place is still on the same invoice, or on none: it may have been confirmed since."""
    return CartItem.invoice == invoice_id if invoice_id else CartItem.invoice.is_null()


def give(item: CartItem) -> bool:
    """Note, in the caller's transaction, that a held place is its person's for good; return whether this call did."""
    return lifecycle.move(item, TRANSITIONS, CONFIRMED)


def prolong(items: Sequence[CartItem], durations: Durations, now: datetime) -> None:
    """Give held places more time, in the caller's transaction, as far as may be."""
    _hold_until(items, now + durations.hold_for)


def keep_a_moment(items: Sequence[CartItem], durations: Durations, now: datetime) -> None:
    """Leave some minutes at least, in the caller's transaction: after confirming, and after a refused card."""
    _hold_until(items, now + durations.least_left)


def give_back_time(items: Sequence[CartItem], waited: timedelta) -> None:
    """Add, in the caller's transaction, the time that the gateway took: it does not count."""
    for item in items:
        if item.held_until and item.held_at_most:
            _write_dates(item, item.held_until + waited, item.held_at_most + waited)


def _hold_until(items: Sequence[CartItem], moment: datetime) -> None:
    """Hold places until a moment at least, each no longer than it may; those of one invoice end together."""
    for item in items:
        if item.state == HELD and item.held_until and item.held_at_most:
            of_it = [one.held_until for one in items if item.invoice_id and one.invoice_id == item.invoice_id]
            wanted = max(one for one in (moment, item.held_until, *of_it) if one)
            _write_dates(item, max(item.held_until, min(wanted, item.held_at_most)), item.held_at_most)


def _write_dates(item: CartItem, until: datetime, at_most: datetime) -> None:
    item.held_until, item.held_at_most = until, at_most
    CartItem.update(held_until=until, held_at_most=at_most).where(
        CartItem.id == item.id, CartItem.state == HELD
    ).execute()
