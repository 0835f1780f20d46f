"""The statement of account: what was invoiced and paid over a period, and what was owed after each line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from peewee import Case

from city import City
from domain.wording import local
from models import CreditAllocation, CreditNote, Invoice, InvoiceLine, Payment, PaymentInvoice, Person, utcnow

INVOICED, PAID, REVERSED = "invoiced", "paid", "reversed"


@dataclass(frozen=True)
class Movement:
    """A line of the statement: what it adds to what is owed (negative when it is paid), and what is owed after it."""

    day: date
    kind: str
    invoice_number: str
    document: str  # the reference of a payment made here, a credit note's number
    cents: int
    balance_cents: int = 0


@dataclass(frozen=True)
class Statement:
    """A household's statement over a period, both days in it; amounts in cents."""

    city: City
    issued_at: datetime
    holder: Person
    first: date
    last: date
    opening_cents: int
    movements: list[Movement]

    @property
    def closing_cents(self) -> int:
        return self.movements[-1].balance_cents if self.movements else self.opening_cents


def of(household_ids: list[int], holder: Person, first: date, last: date, city: City) -> Statement:
    """Draw up a statement: three queries, however many lines.

    A refund is not in it: it takes back what was paid and what was owed alike. A cancelled invoice is not owed.
    """
    everything = sorted(_movements(household_ids), key=lambda one: (one.day, one.kind != INVOICED, one.invoice_number))
    opening = balance = sum(one.cents for one in everything if one.day < first)
    shown = []
    for one in everything:
        if first <= one.day <= last:
            balance += one.cents
            shown.append(replace(one, balance_cents=balance))
    return Statement(city, utcnow(), holder, first, last, opening, shown)


def _movements(household_ids: list[int]) -> Iterator[Movement]:
    """Return every movement of open invoices; what is owed after the last is the sum of the invoices' balances."""
    mine = (Invoice.household.in_(household_ids), Invoice.status == Invoice.OPEN)
    invoices = Invoice.select(Invoice.issued_on, Invoice.number, Invoice.total_cents).where(*mine).tuples()
    for day, number, cents in invoices.iterator():
        yield Movement(day, INVOICED, number, "", cents)
    made_here = Case(None, [(Payment.source == "portal", Payment.reference)], "")
    paid = (
        PaymentInvoice.select(Payment.resolved_at, Invoice.number, made_here, PaymentInvoice.amount_cents)
        .join(Payment)
        .switch(PaymentInvoice)
        .join(Invoice)
        .where(*mine, Payment.state.in_(Payment.BOOKED_STATES))
        .tuples()
    )
    for moment, number, reference, cents in paid.iterator():
        yield Movement(local(moment).date(), PAID, number, reference, -cents)
    reversals = (
        CreditAllocation.select(CreditNote.issued_at, Invoice.number, CreditNote.number, CreditAllocation.amount_cents)
        .join(CreditNote)
        .switch(CreditAllocation)
        .join(InvoiceLine)
        .join(Invoice)
        .where(*mine, CreditNote.refund.is_null())
        .tuples()
    )
    for moment, number, note, cents in reversals.iterator():
        yield Movement(local(moment).date(), REVERSED, number, note, cents)
