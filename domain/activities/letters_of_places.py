"""What is written of places: registered, or free again because their time is over."""

from collections.abc import Sequence
from datetime import datetime

from domain.cart import lapses
from domain.common import alerts, outbox
from domain.common.alerts import Kind
from domain.common.letters import Letters, Told
from models import Account, CartItem, Invoice, PartnerContract, Person, PlannedInvoice, hold, write


def tell_registered(given: Sequence[CartItem], letters: Letters) -> None:
    """Write to whoever took these places that they are theirs, in the caller's transaction."""
    _tell(given, "registered", letters)


def tell_contract(contract: PartnerContract, letters: Letters) -> None:
    """Write to whoever took a partner's place that it is hers, by which contract, in the caller's transaction."""
    item = contract.registration.item
    of_it = PlannedInvoice.select().where(PlannedInvoice.contract == contract)
    planned = list(of_it.order_by(PlannedInvoice.position))
    if account := _reader(item.account_id if item else None):
        values: dict[str, Told] = {"person": account.person, "item": item, "contract": contract, "planned": planned}
        outbox.write(account.confirmed_email, *letters.write("contract", **values))


def tell_issued(invoice: Invoice, letters: Letters) -> None:
    """Write to whoever took a partner's place that a payment of it is due, in the caller's transaction."""
    planned = PlannedInvoice.get(PlannedInvoice.invoice == invoice)
    item = planned.contract.registration.item
    if account := _reader(item.account_id if item else None):
        values: dict[str, Told] = {"invoice": invoice, "item": item, "contract": planned.contract}
        outbox.write(account.confirmed_email, *letters.write("contract_invoice", **values))


def _reader(account_id: int | None) -> Account | None:
    """Return the account that is written to; None when there is none any more, or she died."""
    account = Account.get_or_none(Account.id == account_id) if account_id else None
    return account if account and account.person.status != Person.DECEASED else None


def let_go(letters: Letters, now: datetime) -> int:
    """Let go of places whose time is over, and tell whoever held them; return how many went.

    Those that are paid in part stay, and are listed for a person.
    """
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


def _tell(items: Sequence[CartItem], letter: str, letters: Letters) -> None:
    for account_id in {item.account_id for item in items if item.account_id}:
        hers = [item for item in items if item.account_id == account_id]
        if account := _reader(account_id):
            outbox.write(account.confirmed_email, *letters.write(letter, person=account.person, items=hers))


def _list_paid_in_part(now: datetime) -> None:
    """Put before a person the invoices whose places have no time left, and of which a part is paid."""
    over = (CartItem.state == CartItem.HELD) & (CartItem.held_until <= now)
    in_part = (Invoice.paid_cents + Invoice.credited_cents > 0) & (Invoice.left() > 0)
    for number in Invoice.select(Invoice.number).join(CartItem).where(over, in_part).distinct().scalars():
        with write():
            alerts.list_once(Kind.HOLD_PAID_IN_PART, number, invoice=number)
