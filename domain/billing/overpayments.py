"""Money taken elsewhere: what its invoice takes, cash to the nickel, and the rest, owed back until it is returned.

The second money of an invoice paid online and at the counter as well is here, and so is the household's to have.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from peewee import ModelSelect, fn

from domain.billing import ledger
from domain.billing.allocation import book as book_onto
from domain.billing.listener import Listener
from domain.common import clock, lifecycle
from domain.common.batches import columns_among
from models import CashRounding, Household, Invoice, Overpayment, Payment, PaymentInvoice, Person, built_once, hold

OWED, RETURNED = Overpayment.OWED, Overpayment.RETURNED
TRANSITIONS = {OWED: {RETURNED}, RETURNED: set()}
WAYS_BACK = (Payment.CASH, Payment.CHEQUE, Payment.TRANSFER, Payment.OTHER)
NICKEL_CENTS = 2  # cash off by so much is whole: there is no smaller coin since 2013


@dataclass(frozen=True)
class OwedBack:
    """What is, or was, owed back: paid twice when nothing of that payment was owed, else in part too much."""

    overpayment: Overpayment
    paid_twice: bool


@dataclass(frozen=True)
class Parts:
    """What becomes of money brought for an invoice, in cents; `rounding_cents` is below zero when cash fell short."""

    booked_cents: int
    rounding_cents: int
    over_cents: int


def rounding_of(method: str, amount_cents: int, due_cents: int) -> int:
    """Return what cash to the nickel adds to what is due, or takes from it, in cents; 0 when that is not why."""
    off = amount_cents - due_cents
    return off if method == Payment.CASH and due_cents > 0 and abs(off) <= NICKEL_CENTS else 0


def parts_of(method: str, amount_cents: int, due_cents: int) -> Parts:
    """Part money brought for an invoice that owes `due_cents`."""
    rounding_cents = rounding_of(method, amount_cents, due_cents)
    booked_cents = min(amount_cents - rounding_cents, due_cents)
    return Parts(booked_cents, rounding_cents, amount_cents - rounding_cents - booked_cents)


def book(payment: Payment, parts: Mapping[Invoice, Parts], listener: Listener) -> None:
    """Book a payment taken elsewhere, in the caller's transaction, its invoices being held; tell of what is owed back.

    Raises: allocation.NotOwed.
    """
    links, beside = [], {ledger.ROUNDING: 0, ledger.OWED_BACK: 0}
    over: list[Overpayment] = []
    for invoice, part in parts.items():
        beside[ledger.ROUNDING] += part.rounding_cents
        beside[ledger.OWED_BACK] += part.over_cents
        of_it = {"payment": payment, "invoice": invoice}
        if part.booked_cents:
            links.append(PaymentInvoice.create(**of_it, amount_cents=part.booked_cents))
        if part.rounding_cents:
            CashRounding.create(**of_it, cents=part.rounding_cents)
        if part.over_cents:
            over.append(Overpayment.create(**of_it, amount_cents=part.over_cents))
    book_onto(payment, links, listener, beside)
    for overpayment in over:
        listener.overpaid(overpayment)


def brought(payment_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """Return what payments brought for each invoice, as their file said it: cents by invoice's id, by payment's."""
    sums: dict[int, dict[int, int]] = {}
    took = PaymentInvoice.select(PaymentInvoice.payment, PaymentInvoice.invoice, PaymentInvoice.amount_cents)
    off = CashRounding.select(CashRounding.payment, CashRounding.invoice, CashRounding.cents)
    over = Overpayment.select(Overpayment.payment, Overpayment.invoice, Overpayment.amount_cents)
    for payment, invoice, cents in chain(
        columns_among(took, PaymentInvoice.payment, payment_ids),
        columns_among(off, CashRounding.payment, payment_ids),
        columns_among(over, Overpayment.payment, payment_ids),
    ):
        of_it = sums.setdefault(payment, {})
        of_it[invoice] = of_it.get(invoice, 0) + cents
    return sums


def owed_by_invoice(invoice_ids: Sequence[int]) -> dict[int, int]:
    """Return what is owed back of these invoices, in cents."""
    rows = Overpayment.select(Overpayment.invoice, fn.SUM(Overpayment.amount_cents))
    open_ones = rows.where(Overpayment.state == OWED).group_by(Overpayment.invoice)
    return {invoice: int(cents) for invoice, cents in columns_among(open_ones, Overpayment.invoice, invoice_ids)}


def taken_cents(payment: Payment) -> int:
    """Return what the invoices of a payment took, never more than came in for them: what is owed back goes apart."""
    taken = sum(link.amount_cents for link in payment.invoice_links)
    return min(taken, payment.amount_cents - sum(one.amount_cents for one in payment.overpayments))


def owed() -> list[Overpayment]:
    """Return what is owed back, the oldest first, each with its payment and its invoice."""
    return list(_with_whose().where(Overpayment.state == OWED).order_by(Overpayment.id))


def owed_to(household_ids: Sequence[int]) -> list[OwedBack]:
    """Return what is owed back of the households' invoices, the latest first."""
    return _told(_owed_to(list(household_ids)))


@built_once
def _owed_to(household_ids: list[int]) -> "ModelSelect[Overpayment]":
    mine = _with_whose().where(Invoice.household.in_(household_ids), Overpayment.state == OWED)
    return mine.order_by(Overpayment.id.desc())


def of_invoice(invoice: Invoice) -> list[OwedBack]:
    """Return what is, or was, owed back of an invoice, the oldest first."""
    return _told(_with_whose().where(Overpayment.invoice == invoice).order_by(Overpayment.id))


def _told(rows: Iterable[Overpayment]) -> list[OwedBack]:
    links = PaymentInvoice.select(PaymentInvoice.payment, PaymentInvoice.invoice)
    found = list(rows)
    took = set(columns_among(links, PaymentInvoice.payment, [one.payment_id for one in found]))
    return [OwedBack(one, (one.payment_id, one.invoice_id) not in took) for one in found]


def _with_whose() -> "ModelSelect[Overpayment]":
    rows = Overpayment.select(Overpayment, Payment, Person, Invoice, Household).join(Payment)
    return rows.left_outer_join(Person).switch(Overpayment).join(Invoice).join(Household)


def give_back(overpayment: Overpayment, seen_cents: int, method: str, by: str = "", at: datetime | None = None) -> bool:
    """Note, in the caller's transaction, that money owed back was returned; return whether this call did.

    `seen_cents` is what whoever returned it saw as owed: another may have returned some of it meanwhile.
    """
    now = Overpayment.get_by_id(overpayment.id)
    if now.state != OWED or now.amount_cents != seen_cents:
        return False
    when = at or clock.now()
    if not lifecycle.move(now, TRANSITIONS, RETURNED, returned_at=when, returned_by=by, method=method):
        return False
    ledger.post(ledger.returned(now))
    return True


def give_back_part(invoice: Invoice, most_cents: int, method: str, at: datetime) -> int:
    """Return up to so much of what is owed back of an invoice, the oldest first, in the caller's transaction.

    Returns how many cents that was. What is returned in part becomes two: what was, and what is still owed.
    """
    given = 0
    mine = Overpayment.select().where(Overpayment.invoice == invoice, Overpayment.state == OWED)
    hold(mine)
    for one in list(mine.order_by(Overpayment.id)):
        part = min(one.amount_cents, most_cents - given)
        if not part:
            break
        if part < one.amount_cents:
            rest = one.amount_cents - part
            Overpayment.update(amount_cents=rest).where(Overpayment.id == one.id).execute()
            values = {"payment": one.payment_id, "invoice": one.invoice_id, "found_at": one.found_at}
            one = Overpayment.create(amount_cents=part, **values)
        give_back(one, part, method, at=at)
        given += part
    return given
