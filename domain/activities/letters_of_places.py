"""What is written of places: registered, or free again because their time is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.activities import price_list
from domain.cart import items, lapses
from domain.common import alerts, outbox
from domain.common.alerts import Kind
from domain.common.letters import Letters, Told
from models import CartItem, Invoice, PartnerContract, PlannedInvoice, hold, write


@dataclass(frozen=True)
class Written:
    """A place as a letter names it, with what was taken beside it, such as child care."""

    item: CartItem
    beside: str


def tell_registered(given: Sequence[CartItem], letters: Letters) -> None:
    """Write to whoever took these places that they are theirs, in the caller's transaction."""
    _tell(given, "registered", letters)


def tell_contract(contract: PartnerContract, letters: Letters) -> None:
    """Write to whoever took a partner's place that it is hers, by which contract, in the caller's transaction."""
    item = contract.registration.item
    of_it = PlannedInvoice.select().where(PlannedInvoice.contract == contract)
    planned = list(of_it.order_by(PlannedInvoice.position))
    if item and (account := items.taken_by(item)):
        values: dict[str, Told] = {"person": account.person, "item": item, "contract": contract, "planned": planned}
        outbox.write(account.confirmed_email, *letters.write("contract", **values))


def tell_issued(invoice: Invoice, letters: Letters) -> None:
    """Write to whoever took a partner's place that a payment of it is due, in the caller's transaction."""
    planned = PlannedInvoice.get(PlannedInvoice.invoice == invoice)
    item = planned.contract.registration.item
    if item and (account := items.taken_by(item)):
        values: dict[str, Told] = {"invoice": invoice, "item": item, "contract": planned.contract}
        outbox.write(account.confirmed_email, *letters.write("contract_invoice", **values))


def let_go(letters: Letters, now: datetime) -> int:
    """Let go of places whose time is over, and tell whoever held them; return how many went.

    Those that are paid in part stay, and are listed for a person.
    """
    lapses.free_of_who_left()
    gone = lapses.sweep(now)
    tell_lapsed(letters)
    _list_paid_in_part(now)
    return sum(len(one.items) for one in gone)


def tell_lapsed(letters: Letters) -> None:
    """Write to whoever held places that are free again, once: whoever freed them, and if that was cut too."""
    untold = (CartItem.state == CartItem.LAPSED) & CartItem.held_at.is_null(False) & CartItem.account_id.is_null(False)
    if not CartItem.select().where(untold).exists():
        return
    with write():
        hold(CartItem.select().where(untold))
        gone = list(CartItem.select().where(untold).order_by(CartItem.id))
        _tell(gone, "places_lapsed", letters)
        CartItem.update(account_id=None).where(CartItem.id.in_([item.id for item in gone])).execute()


def _tell(places: Sequence[CartItem], letter: str, letters: Letters) -> None:
    """Write to each who pressed, of each home apart."""
    for who in {(place.account_id, place.household_id) for place in places if place.account_id}:
        hers = [place for place in places if (place.account_id, place.household_id) == who]
        if account := items.taken_by(hers[0]):
            values: dict[str, Told] = {"person": account.person, "items": hers, "places": _with_options(hers)}
            outbox.write(account.confirmed_email, *letters.write(letter, **values))


def _with_options(places: Sequence[CartItem]) -> list[Written]:
    names = price_list.option_names((place.activity, place.options) for place in places)
    return [
        Written(place, ", ".join(names[place.activity_id, code] for code in place.options.split())) for place in places
    ]


def _list_paid_in_part(now: datetime) -> None:
    """Put before a person the invoices whose places have no time left, and of which a part is paid."""
    over = (CartItem.state == CartItem.HELD) & (CartItem.held_until <= now)
    in_part = (Invoice.paid_cents + Invoice.credited_cents > 0) & (Invoice.left() > 0)
    numbers = Invoice.select(Invoice.number).join(CartItem).where(over, in_part).distinct().scalars()
    for number in list(numbers):  # read before anything is written, as asking.each has it
        with write():
            alerts.list_once(Kind.HOLD_PAID_IN_PART, number, invoice=number)
