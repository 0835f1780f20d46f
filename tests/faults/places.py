"""The truth of places once the dust has settled: counted right, paid for, and nobody owes for what she has not."""

from collections import Counter as Tally
from collections.abc import Iterator

from domain.common.alerts import Kind
from models import Alert, CartItem, CartLine, Invoice, InvoiceLine, PlacesTaken, Registration

CONFIRMED, HELD, LAPSED, REMOVED = CartItem.CONFIRMED, CartItem.HELD, CartItem.LAPSED, CartItem.REMOVED


def states() -> dict[str, int]:
    """Return how many places stand in each state, and how many registrations they became."""
    found = Tally(CartItem.select(CartItem.state).scalars())
    return dict(found) | {"registrations": Registration.select().where(Registration.item.is_null(False)).count()}


def wrong() -> list[str]:
    """Name what is wrong of places, one by one."""
    return [*_miscounted(), *_of_items(), *_of_invoices(), *_of_registrations(), *_twice()]


def _miscounted() -> Iterator[str]:
    """Name the groups whose count is not that of their rows, or is over what there is."""
    live = Tally(CartItem.select(CartItem.activity).where(CartItem.state.in_(CartItem.TAKING)).scalars())
    confirmed = Registration.status == Registration.CONFIRMED
    live += Tally(Registration.select(Registration.activity).where(confirmed).scalars())
    for one in PlacesTaken.select():
        if one.taken != live[one.activity_id]:
            yield f"activity {one.activity_id}: {one.taken} counted, {live[one.activity_id]} there"
        if one.capacity is not None and live[one.activity_id] > one.capacity:
            yield f"activity {one.activity_id}: {live[one.activity_id]} there, of {one.capacity}"


def _of_items() -> Iterator[str]:
    """Name the places given of which no registration came, and those held, lapsed or taken out that owe wrongly."""
    registered = set(Registration.select(Registration.item).where(Registration.item.is_null(False)).scalars())
    invoices = {one.id: one for one in Invoice.select()}
    for item in CartItem.select():
        invoice = invoices.get(item.invoice_id)
        if item.state == CONFIRMED and item.id not in registered:
            yield f"place {item.id}: given, not registered"
        if item.state == HELD and invoice and invoice.status == Invoice.CANCELLED:
            yield f"place {item.id}: held, its invoice {invoice.number} cancelled"
        if item.state == HELD and invoice and invoice.balance_cents <= 0 and invoice.status == Invoice.OPEN:
            yield f"place {item.id}: {invoice.number} is settled, and nobody registered"
        if item.state in (LAPSED, REMOVED) and invoice and invoice.status == Invoice.OPEN:
            yield f"place {item.id}: {item.state}, and {invoice.number} is still owed"


def _of_invoices() -> Iterator[str]:
    """Name the invoices that are paid, of which a line's place is not its person's."""
    rows = (
        CartLine.select(Invoice.number, CartItem.id, CartItem.state)
        .join(InvoiceLine)
        .join(Invoice)
        .switch(CartLine)
        .join(CartItem)
        .where(Invoice.status == Invoice.OPEN, Invoice.paid_cents > 0, Invoice.left() <= 0)
    )
    for number, item, state in rows.distinct().tuples():
        if state != CONFIRMED:
            yield f"place {item}: {state}, and {number} is paid"


def _of_registrations() -> Iterator[str]:
    """Name those registered here whose invoice is not settled: but for money that went back, which is listed."""
    listed = set(Alert.select(Alert.subject).where(Alert.kind == Kind.PLACES_OWED).scalars())
    rows = Registration.select(Registration, CartItem, Invoice).join(CartItem).join(Invoice)
    for row in rows.where(Registration.status == Registration.CONFIRMED):
        invoice = row.item.invoice
        if row.item.state != CONFIRMED:
            yield f"registration {row.code}: its place is {row.item.state}"
        if invoice.status != Invoice.OPEN or (invoice.balance_cents > 0 and invoice.number not in listed):
            yield f"registration {row.code}: {invoice.number} is not settled"


def _twice() -> Iterator[str]:
    """Name who holds a place and is registered in one group."""
    same = (Registration.person == CartItem.person) & (Registration.activity == CartItem.activity)
    both = Registration.select(Registration.code).join(CartItem, on=same)
    both = both.where(Registration.status == Registration.CONFIRMED, CartItem.state.in_(CartItem.TAKING))
    for code in both.scalars():
        yield f"registration {code}: a place is held too"
