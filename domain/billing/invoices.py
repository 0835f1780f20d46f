"""What a household sees of its account: what is due, invoices, contracts and receipts. Only reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from peewee import Case, Expression, ModelSelect, fn

from domain.billing import readers, refund_status, summaries
from domain.billing.summaries import ListedInvoice
from domain.common.pages import page_of
from models import (
    Account,
    CreditNote,
    Invoice,
    InvoiceLine,
    Membership,
    Payment,
    PaymentInvoice,
    Person,
    Receipt,
    built_once,
)

PAGE_ROWS = 10  # twenty took a third more time, and a phone shows four
LATEST = 5  # where another page has them all


class NoSuchInvoice(Exception):
    """Tried to see an invoice that does not exist or is another household's."""


class NoSuchPayment(Exception):
    """Tried to see a payment that does not exist or is another household's."""


@dataclass(frozen=True)
class Due:
    """What a household can pay now, in cents: what is already being paid is not in it."""

    total_cents: int
    overdue_cents: int


@dataclass(frozen=True)
class ListedReceipt:
    """A receipt where several stand, with the credit notes that take of its payment, in cents."""

    receipt: Receipt
    credit_notes: list[CreditNote]
    refund_asked_cents: int = 0

    @property
    def given_back_cents(self) -> int:
        return sum(note.amount_cents for note in self.credit_notes if note.refund_id)


@dataclass(frozen=True)
class Room:
    """The room Comptes et reçus: what is payable whole, the latest of the rest."""

    payable: list[ListedInvoice]
    under_way: dict[str, str]  # references of payments by invoice number
    contracts: list[ListedInvoice]
    settled: list[ListedInvoice]
    receipts: list[ListedReceipt]


@dataclass(frozen=True)
class PaidInvoice:
    """An invoice of a payment, and what that pays of it, in cents."""

    invoice: Invoice
    cents: int


def due(household_ids: list[int], today: date) -> Due:
    """Add up what is due and not being paid, and what of it is past its date."""
    [(total_cents, overdue_cents)] = _due(household_ids, today)
    return Due(int(total_cents or 0), int(overdue_cents or 0))


@built_once
def _due(household_ids: list[int], today: date) -> "ModelSelect[Invoice]":
    left = Invoice.left()
    being_paid = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.is_open)
    overdue = Case(None, [(Invoice.due_on < today, left)], 0)
    is_owed = Invoice.household.in_(household_ids), Invoice.status == Invoice.OPEN, Invoice.id.not_in(being_paid)
    return Invoice.select(fn.SUM(left), fn.SUM(overdue)).where(*is_owed).tuples()


@built_once
def payments_under_way(household_ids: list[int]) -> "ModelSelect[Payment]":
    """Return reference and amount of the households' payments whose outcome is not known yet, the oldest first."""
    return (
        Payment.select(Payment.id, Payment.reference, Payment.amount_cents)
        .join(PaymentInvoice)
        .join(Invoice)
        .where(PaymentInvoice.is_open, Invoice.household.in_(household_ids))
        .distinct()
        .order_by(Payment.id)
    )


def accounts(account: Account) -> Room:
    """Gather the room Comptes et reçus: what is payable whole, the latest of the rest."""
    household_ids = account.household_ids()
    found = [_payable(household_ids), _rented(household_ids), _settled(household_ids)]
    listed = iter(summaries.of([invoice for those in found for invoice in those]))
    owed, contracts, settled = ([next(listed) for _ in those] for those in found)
    return Room(
        payable=owed,
        under_way=references_under_way([one.invoice for one in owed]),
        contracts=contracts,
        settled=settled,
        receipts=receipts_of(account),
    )


def payable(household_ids: list[int]) -> list[ListedInvoice]:
    """Return the households' invoices on which something is due, most urgent first, with summaries."""
    return summaries.of(_payable(household_ids))


@built_once
def _payable(household_ids: list[int]) -> "ModelSelect[Invoice]":
    return Invoice.payable(household_ids)


@built_once
def _rented(household_ids: list[int]) -> "ModelSelect[Invoice]":
    rented = fn.EXISTS(InvoiceLine.select().where(InvoiceLine.invoice == Invoice.id, InvoiceLine.category == "rental"))
    return Invoice.of(household_ids).where(rented).limit(LATEST)


@built_once
def _settled(household_ids: list[int]) -> "ModelSelect[Invoice]":
    is_settled = (Invoice.status == Invoice.CANCELLED) | (Invoice.left() <= 0)
    return Invoice.of(household_ids).where(is_settled).limit(LATEST)


STATES = ("due", "overdue", "paid", "refunded", "cancelled")


@dataclass(frozen=True)
class Wanted:
    """Which invoices are asked for: those of a person, a year, a state (of STATES); what is empty is not asked."""

    person_id: int = 0
    year: int = 0
    state: str = ""


def invoices(
    household_ids: list[int], page_number: int, today: date, wanted: Wanted
) -> tuple[list[ListedInvoice], int]:
    """Return a page of the households' invoices, the latest first, and how many pages."""
    found = Invoice.of(household_ids)
    if wanted.person_id:
        theirs = InvoiceLine.select(InvoiceLine.invoice).where(InvoiceLine.person == wanted.person_id)
        found = found.where(Invoice.id.in_(theirs))
    if wanted.year:
        found = found.where(Invoice.issued_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.state:
        found = found.where(_in_state(wanted.state, today))
    shown, pages = page_of(found, page_number, PAGE_ROWS)
    return summaries.of(shown), pages


def _in_state(state: str, today: date) -> Expression:
    is_open, left = Invoice.status == Invoice.OPEN, Invoice.left()
    conditions: dict[str, Expression] = {
        "due": is_open & (left > 0),
        "overdue": is_open & (left > 0) & (Invoice.due_on < today),
        "paid": is_open & (left <= 0) & (Invoice.credited_cents == 0),
        "refunded": is_open & (Invoice.credited_cents > 0),
        "cancelled": Invoice.status == Invoice.CANCELLED,
    }
    return conditions[state]


def choices(household_ids: list[int]) -> tuple[list[Person], list[int]]:
    """Return whom the households' invoices may be for, and the years they were made in."""
    mine = Invoice.household.in_(household_ids)
    members = Membership.select(Membership.person).where(Membership.household.in_(household_ids))
    people = Person.select().where(Person.id.in_(members)).order_by(Person.first_name)
    oldest, latest = (
        Invoice.select(fn.MIN(Invoice.issued_on), fn.MAX(Invoice.issued_on)).where(mine).scalar(as_tuple=True)
    )
    years = range(latest.year, oldest.year - 1, -1) if oldest else ()
    return list(people), list(years)


def documents(account: Account, page_number: int) -> tuple[list[ListedReceipt], int]:
    """Return a page of the receipts, each with its payment's credit notes, and how many pages."""
    shown, pages = page_of(_receipts(account.household_ids(), account.person_id), page_number, PAGE_ROWS)
    return _with_credit_notes(shown), pages


def receipts_of(account: Account) -> list[ListedReceipt]:
    """Return the latest receipts of what one paid, and of payments of one's households' invoices."""
    return _with_credit_notes(_latest_receipts(account.household_ids(), account.person_id))


@built_once
def _latest_receipts(household_ids: list[int], person_id: int) -> "ModelSelect[Receipt]":
    return _receipts(household_ids, person_id).limit(LATEST)


def _receipts(household_ids: list[int], person_id: int) -> "ModelSelect[Receipt]":
    ours = Invoice.household.in_(household_ids)
    paid_for_us = PaymentInvoice.select(PaymentInvoice.payment).join(Invoice).where(ours)
    mine = paid_for_us | Payment.select(Payment.id).where(Payment.payer == person_id)
    return Receipt.select(Receipt, Payment).join(Payment).where(Receipt.payment.in_(mine)).order_by(Receipt.id.desc())


def _with_credit_notes(found: Iterable[Receipt]) -> list[ListedReceipt]:
    receipts = list(found)
    payments = [one.payment_id for one in receipts]
    notes: dict[int, list[CreditNote]] = {}
    for note in _credit_notes(payments) if receipts else ():
        notes.setdefault(note.payment_id, []).append(note)
    asked = refund_status.asked_by_payment(payments)
    return [ListedReceipt(one, notes.get(one.payment_id, []), asked.get(one.payment_id, 0)) for one in receipts]


@built_once
def _credit_notes(payments: list[int]) -> "ModelSelect[CreditNote]":
    return CreditNote.select().where(CreditNote.payment.in_(payments))


def references_under_way(invoices: list[Invoice]) -> dict[str, str]:
    """Return the reference of the payment under way of each invoice that has one, by invoice number."""
    return dict(_references_under_way([one.id for one in invoices]))


@built_once
def _references_under_way(invoice_ids: list[int]) -> "ModelSelect[PaymentInvoice]":
    links = PaymentInvoice.select(Invoice.number, Payment.reference).join(Payment).switch(PaymentInvoice).join(Invoice)
    return links.where(PaymentInvoice.invoice.in_(invoice_ids), PaymentInvoice.is_open).tuples()


def chosen(numbers: list[str], household_ids: list[int]) -> list[ListedInvoice]:
    """Return the invoices of these numbers, most urgent first, with summaries.

    Raises: NoSuchInvoice when any is not the household's.
    """
    found = summaries.of(
        Invoice.select()
        .where(Invoice.number.in_(numbers), Invoice.household.in_(household_ids))
        .order_by(Invoice.due_on, Invoice.number)
    )
    if len(found) != len(set(numbers)):
        raise NoSuchInvoice
    return found


def last_payment(account: Account, numbers: list[str]) -> Payment | None:
    """Return the latest payment made here of any of these invoices, under way or received."""
    shown = (*Payment.OPEN_STATES, *Payment.RECEIVED_STATES)
    return (
        Payment.select()
        .join(PaymentInvoice)
        .join(Invoice)
        .where(
            Invoice.number.in_(numbers),
            Invoice.household.in_(account.household_ids()),
            Payment.source == "portal",
            Payment.state.in_(shown),
        )
        .order_by(Payment.id.desc())
        .first()
    )


def payment(reference: str, account: Account) -> Payment:
    """Return a payment that an account may see. Raises: NoSuchPayment."""
    found = Payment.get_or_none(Payment.reference == reference)
    if found is None or not readers.may_read(found, account):
        raise NoSuchPayment(reference)
    return found


def invoices_of(payment: Payment) -> list[PaidInvoice]:
    """Return the invoices a payment pays, by number."""
    links = (
        PaymentInvoice.select(PaymentInvoice, Invoice)
        .join(Invoice)
        .where(PaymentInvoice.payment == payment)
        .order_by(Invoice.number)
    )
    return [PaidInvoice(link.invoice, link.amount_cents) for link in links]
