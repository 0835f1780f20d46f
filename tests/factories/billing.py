"""Invoices, written as whoever issues them does."""

from datetime import timedelta

from domain.billing import issuing
from domain.billing.issuing import LineDraft
from domain.billing.listener import Listener
from domain.common import clock
from models import Household, Invoice, InvoiceLine, Person, write
from tests.factories.numbers import numbers


def make_invoice(household: Household, total_cents: int = 10_000, *, taxable: bool = False, **values) -> Invoice:
    """An open invoice of one line; `total_cents` is before tax when `taxable`."""
    person = values.pop("person", None)
    line = LineDraft(
        description=values.pop("description", "Club été, semaine 3"),
        quantity_thousandths=1_000,
        unit_price_cents=total_cents,
        tax_code=InvoiceLine.TAXABLE if taxable else InvoiceLine.EXEMPT,
        category=values.pop("category", "activity"),
        ledger_account="4100",
        person=person.id if isinstance(person, Person) else person,
    )
    return make_invoice_of(household, [line], **values)


def make_invoice_of(household: Household, lines: list[LineDraft], **values) -> Invoice:
    """An open invoice of these lines."""
    today = clock.today()
    values = {"number": f"F{next(numbers):05}"} | values
    days = {"issued_on": today - timedelta(days=10), "due_on": today + timedelta(days=20)}
    made = issuing.draft(household=household.id, lines=lines, **(days | values))
    with write():
        issuing.issue([made], Listener())
    return Invoice.get(Invoice.number == made.number)
