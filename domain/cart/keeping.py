"""What a household does with its cart: put it in order, take something out, ask for more time."""

from collections.abc import Sequence
from datetime import datetime

from domain.billing import issuing
from domain.cart import holds, items, lapses
from domain.cart.holds import Durations, StillPaid
from models import CartItem, Household, Invoice, PaymentInvoice, hold, write


def households(ids: Sequence[int]) -> list[Household]:
    """Return households by their ids, in order."""
    return list(Household.select().where(Household.id.in_(list(ids))).order_by(Household.id))


def put_in_order(household_id: int, wanted: Sequence[int]) -> None:
    """Put a cart in an order of preference. Raises: NoSuchItem."""
    with write():
        items.put_in_order(household_id, wanted)


def remove(household_id: int, item_id: int) -> None:
    """Take something out of a cart; what is invoiced with it is owed no more, and its other places are held on.

    Raises: NoSuchItem, StillPaid when its invoice is being paid, or is paid in part.
    """
    with write():
        item = items.of(household_id, item_id)
        while not holds.remove(_owed_no_more(item)):  # it has just been confirmed, or lapsed
            item = items.of(household_id, item_id)


def _owed_no_more(item: CartItem) -> CartItem:
    """Return something of a cart, its invoices cancelled when it is held on one. Raises: StillPaid."""
    if item.invoice_id and item.state == CartItem.HELD:
        _undo_invoice(item)
        item.invoice_id = None
    return item


def _undo_invoice(item: CartItem) -> None:
    """Cancel the invoices of a held place, in the caller's transaction: what is left of them is confirmed anew."""
    together = list(CartItem.select().where(CartItem.invoice == item.invoice_id, CartItem.state == CartItem.HELD))
    invoices = lapses.invoices_of(together)
    hold(Invoice.select().where(Invoice.id.in_([one.id for one in invoices])))
    being_paid = PaymentInvoice.select().where(PaymentInvoice.invoice.in_(invoices), PaymentInvoice.is_open)
    if being_paid.exists() or not all(issuing.cancel(one) for one in invoices):
        raise StillPaid(item.id)
    CartItem.update(invoice=None).where(CartItem.id.in_([one.id for one in together])).execute()


def prolong(household_id: int, durations: Durations, now: datetime) -> datetime | None:
    """Give everything held in a cart more time, as far as may be; return when the first place ends, in UTC."""
    with write():
        hold(CartItem.select().where(CartItem.household == household_id, CartItem.state == CartItem.HELD))
        held = [item for item in items.of_household(household_id) if item.state == CartItem.HELD]
        holds.prolong(held, durations, now)
    return items.ends_first(held)


def may_prolong(found: Sequence[CartItem], now: datetime) -> bool:
    """Tell whether more time can be asked for."""
    return any(
        item.state == CartItem.HELD and item.held_until and item.held_at_most and item.held_until < item.held_at_most
        for item in found
    )
