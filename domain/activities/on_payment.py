"""Settled means enrolled, whatever the money came by; a refused card leaves the places, and time to try again."""

from collections.abc import Sequence

from peewee import ModelSelect

from domain.activities import letters_of_places
from domain.billing.listener import Listener
from domain.cart import holds
from domain.cart.holds import Durations
from domain.common import alerts, clock, numbering
from domain.common.alerts import Kind
from domain.common.letters import Letters
from models import (
    CartItem,
    CartLine,
    Invoice,
    InvoiceLine,
    PartnerContract,
    Payment,
    PaymentInvoice,
    Registration,
    hold,
)


class Enroller(Listener):
    """Gives the places that an invoice pays for, and holds them on while it can still be paid."""

    def __init__(self, durations: Durations, letters: Letters) -> None:
        self._durations = durations
        self._letters = letters

    def settled(self, invoice: Invoice) -> None:
        """Register those whose places are paid."""
        held = _held_on([invoice])
        holds.keep_places(item.activity_id for item in held)
        given = [item for item in held if enrol(item, invoice.number)]
        letters_of_places.tell_registered(given, self._letters)

    def contracted(self, contract: PartnerContract) -> None:
        """Send a contract to whoever took the place, with the form that ends it."""
        letters_of_places.tell_contract(contract, self._letters)

    def issued(self, invoice: Invoice) -> None:
        """Say that a payment of a contract is due."""
        letters_of_places.tell_issued(invoice, self._letters)

    def owed_again(self, invoice: Invoice) -> None:
        """List the places of an invoice whose money went back: a bank's word takes nobody's place."""
        lines = InvoiceLine.select(InvoiceLine.id).where(InvoiceLine.invoice == invoice)
        items = CartLine.select(CartLine.item).where(CartLine.line.in_(lines))
        codes = Registration.select(Registration.code).where(Registration.item.in_(items))
        kept = list(codes.where(Registration.status == Registration.CONFIRMED).order_by(Registration.code).scalars())
        if kept:
            alerts.raise_alert(Kind.PLACES_OWED, invoice.number, invoice=invoice.number, registrations=" ".join(kept))

    def not_paid(self, payment: Payment) -> None:
        """Leave some minutes to who holds places: the time that the gateway took does not count."""
        held = _held_on(PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.payment == payment))
        now = clock.now()
        holds.give_back_time(held, now - payment.created_at)
        holds.keep_a_moment(held, self._durations, now)


def _held_on(invoices: "Sequence[Invoice] | ModelSelect[PaymentInvoice]") -> list[CartItem]:
    """Return the places held on some invoices, others being kept off them until the transaction ends."""
    theirs = CartItem.select().where(CartItem.invoice.in_(invoices), CartItem.state == CartItem.HELD)
    hold(theirs)
    return list(theirs.order_by(CartItem.id))


def enrol(item: CartItem, invoice_number: str = "") -> Registration | None:
    """Make a held place its person's, in the caller's transaction; None when another was first.

    The place goes from the hold to the registration: the database's count stays the same.
    """
    if not holds.give(item):
        return None
    there = Registration.person == item.person_id, Registration.activity == item.activity_id
    known = Registration.get_or_none(*there, Registration.status != Registration.CANCELLED)
    if known and known.status == Registration.CONFIRMED:  # the city's file was first: the money is owed back
        told = {"registration": known.code, "invoice": invoice_number}
        alerts.raise_alert(Kind.REGISTERED_TWICE, known.code, **told)
        return known
    values = {
        "household": item.household_id,
        "item": item.id,
        "option": item.options,
        "invoice_number": invoice_number,
        "registered_on": clock.today(),
        "status": Registration.CONFIRMED,
        "rank": None,
    }
    if known:  # her turn on the waiting list
        Registration.update(**values).where(Registration.id == known.id).execute()
        return known
    code = numbering.own_code("registration")
    return Registration.create(code=code, person=item.person_id, activity=item.activity_id, **values)
