"""The statement of account: what was invoiced and paid over a period, and what was owed after each line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import accumulate
from typing import TypeVar

from peewee import Case, Expression, Field, ModelSelect, Value, fn

from city import City
from domain.common import clock
from models import CreditAllocation, CreditNote, Invoice, InvoiceLine, Payment, PaymentInvoice, Person

Source = TypeVar("Source", Invoice, PaymentInvoice, CreditAllocation)

INVOICED, PAID, REVERSED, LET_GO = "invoiced", "paid", "reversed", "let go"
CREDITED, REFUNDED = "credited", "refunded"  # the two sides of a refund
NOT_CREDITED, NOT_REFUNDED = "not credited", "not refunded"  # and of one that the bank sent back
KINDS = (
    INVOICED,
    PAID,
    REVERSED,
    LET_GO,
    CREDITED,
    REFUNDED,
    NOT_CREDITED,
    NOT_REFUNDED,
)  # words: views/messages/billing


@dataclass(frozen=True)
class Movement:
    """A line of the statement: what it adds to what is owed (negative when it is paid), and what is owed after it."""

    day: date
    kind: str
    invoice_number: str
    document: str  # the reference of a payment made here, a credit note's number
    cents: int
    balance_cents: int


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
    """Draw up a statement: the same queries, however many lines.

    A refund changes nothing of what is owed: it credits and gives back alike. A cancelled invoice is not owed.
    After the last movement of all, what is owed is the sum of the invoices' balances.
    """
    start, end = clock.montreal_day(first)[0], clock.montreal_day(last)[1]
    invoices, paid = _invoices(household_ids), _paid(household_ids)
    reversals, let_go = _reversals(household_ids), _let_go(household_ids)
    opening = (
        _sum(invoices.where(Invoice.issued_on < first), Invoice.total_cents)
        - _sum(paid.where(Payment.resolved_at < start), PaymentInvoice.amount_cents)
        + _sum(reversals.where(CreditNote.issued_at < start), CreditAllocation.amount_cents)
        - _sum(let_go.where(CreditNote.issued_at < start), CreditAllocation.amount_cents)
    )
    resolved = (Payment.resolved_at >= start) & (Payment.resolved_at < end)
    issued = (CreditNote.issued_at >= start) & (CreditNote.issued_at < end)
    made = _rows(INVOICED, invoices.where(Invoice.issued_on.between(first, last)))
    movements = _added_up([*made, *_moved(household_ids, resolved, issued)], opening)
    return Statement(city, clock.now(), holder, first, last, opening, movements)


def of_invoice(invoice: Invoice) -> list[Movement]:
    """Return what was paid, credited and given back of one invoice, and what it owed after each; none once cancelled.

    Its total and these add up to its balance.
    """
    its = Invoice.id == invoice.id
    return _added_up(_moved([invoice.household_id], its, its), invoice.total_cents)


def _moved(household_ids: list[int], resolved: Expression, issued: Expression) -> list[Movement]:
    """Return what payments and credit notes changed, of those that these conditions choose."""
    return [
        *_rows(PAID, _paid(household_ids).where(resolved), -1),
        *_rows(REVERSED, _reversals(household_ids).where(issued)),
        *_rows(LET_GO, _let_go(household_ids).where(issued), -1),
        *_both_sides(_rows(REFUNDED, _refunds(household_ids).where(issued))),
    ]


def _added_up(rows: list[Movement], opening_cents: int) -> list[Movement]:
    """Return movements in their order, each with what is owed after it."""
    rows = sorted(rows, key=lambda row: (row.day, row.kind != INVOICED, row.invoice_number))
    balances = accumulate((row.cents for row in rows), initial=opening_cents)
    next(balances)
    return [replace(row, balance_cents=cents) for row, cents in zip(rows, balances, strict=True)]


def _rows(kind: str, found: "ModelSelect[Source]", sign: int = 1) -> Iterator[Movement]:
    """Yield movements of a kind, not yet with what is owed after them."""
    for at, invoice_number, document, cents in found.tuples().iterator():
        day = clock.local(at).date() if isinstance(at, datetime) else at
        yield Movement(day, kind, invoice_number, document, sign * int(cents), balance_cents=0)


def _both_sides(refunds: Iterable[Movement]) -> Iterator[Movement]:
    """Yield each refund as what is credited and what is given back of it; one sent back, the other way round."""
    for refund in refunds:
        credited, given = (CREDITED, REFUNDED) if refund.cents > 0 else (NOT_CREDITED, NOT_REFUNDED)
        yield replace(refund, kind=credited, cents=-refund.cents)
        yield replace(refund, kind=given)


def _invoices(household_ids: list[int]) -> "ModelSelect[Invoice]":
    return Invoice.select(Invoice.issued_on, Invoice.number, Value(""), Invoice.total_cents).where(
        *_mine(household_ids)
    )


def _paid(household_ids: list[int]) -> "ModelSelect[PaymentInvoice]":
    """Select what payments took off invoices; a payment's reference is told when it was made here."""
    made_here = Case(None, [(Payment.source == "portal", Payment.reference)], "")
    return (
        PaymentInvoice.select(Payment.resolved_at, Invoice.number, made_here, PaymentInvoice.amount_cents)
        .join(Payment)
        .switch(PaymentInvoice)
        .join(Invoice)
        .where(*_mine(household_ids), Payment.state.in_(Payment.BOOKED_STATES))
    )


def _reversals(household_ids: list[int]) -> "ModelSelect[CreditAllocation]":
    """Select what payments that came back put on invoices again."""
    return _credited(household_ids).where(CreditNote.payment.is_null(False), CreditNote.refund.is_null())


def _refunds(household_ids: list[int]) -> "ModelSelect[CreditAllocation]":
    """Select what was given back of invoices, and what of it came back again, below zero."""
    given = (CreditNote.issued_at, Invoice.number, CreditNote.number, fn.SUM(CreditAllocation.amount_cents))
    rows = _credited(household_ids).where(CreditNote.refund.is_null(False))
    return rows.select(*given).group_by(CreditNote.id, Invoice.id).order_by(CreditNote.id)


def _let_go(household_ids: list[int]) -> "ModelSelect[CreditAllocation]":
    """Select what was taken off invoices without having been paid."""
    return _credited(household_ids).where(CreditNote.payment.is_null())


def _credited(household_ids: list[int]) -> "ModelSelect[CreditAllocation]":
    return (
        CreditAllocation.select(CreditNote.issued_at, Invoice.number, CreditNote.number, CreditAllocation.amount_cents)
        .join(CreditNote)
        .switch(CreditAllocation)
        .join(InvoiceLine)
        .join(Invoice)
        .where(*_mine(household_ids))
    )


def _mine(household_ids: list[int]) -> tuple[Expression, Expression]:
    return Invoice.household.in_(household_ids), Invoice.status == Invoice.OPEN


def _sum(rows: "ModelSelect[Source]", column: Field) -> int:
    return int(rows.select(fn.SUM(column)).scalar() or 0)
