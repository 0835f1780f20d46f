"""Credits of households: a credit note of the city's file lowers what they owe, oldest due first; the rest waits.

What is left lowers the next invoice as soon as it is issued, whoever issues it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peewee import ModelSelect, fn

from domain.billing import credit_notes, ledger
from domain.billing.listener import Listener
from domain.common.money import Amounts
from models import CreditNote, CreditUse, HouseholdCredit, Invoice, PaymentInvoice, built_once, hold

USE = "-U"  # after a credit's number: which use of it, from 1 on


@dataclass(frozen=True)
class Brought:
    """A credit note as a file says it: amounts below zero, lines by ledger account, and as they are kept (JSON)."""

    number: str
    household: int
    issued_on: date
    amounts: Amounts
    nets: Sequence[tuple[str, int]]
    lines: str


@dataclass(frozen=True)
class Use:
    """How a credit lowered what an invoice owes; `at` is UTC."""

    id: int
    key: str  # such as N12-U1: the credit's number, and which use of it
    invoice_id: int
    cents: int
    at: datetime


def bring(brought: Brought, listener: Listener, *, lowers: bool = True) -> None:
    """Book a credit note and, unless `lowers` is not said, lower what its household owes, in the caller's transaction.

    How it was used follows otherwise: another portal's file of payments says it.
    """
    cents = -brought.amounts.total_cents
    HouseholdCredit.create(
        number=brought.number,
        household=brought.household,
        issued_on=brought.issued_on,
        amount_cents=cents,
        left_cents=cents,
        lines=brought.lines,
    )
    posting = f"household credit:{brought.number}"
    ledger.post(ledger.issued(None, brought.amounts, brought.nets, posting=posting, owed=ledger.CREDITS))
    if lowers:
        use([brought.household], listener)


def use(household_ids: Collection[int], listener: Listener) -> None:
    """Lower what households owe by what is left of their credits, in the caller's transaction.

    The invoice due first comes first; one being paid by card waits for the next time.
    """
    mine = HouseholdCredit.household.in_(list(household_ids)) & (HouseholdCredit.left_cents > 0)
    for credit in list(HouseholdCredit.select().where(mine).order_by(HouseholdCredit.id)):
        for invoice in list(_payable([credit.household_id])):
            _use_on(invoice, credit.id, listener)


def _use_on(invoice: Invoice, credit_id: int, listener: Listener) -> None:
    hold(Invoice.select().where(Invoice.id == invoice.id))
    owed, credit = Invoice.get_by_id(invoice.id).balance_cents, HouseholdCredit.get_by_id(credit_id)
    _lower(invoice, min(owed, credit.left_cents), credit, listener)


def use_as_told(invoice: Invoice, cents: int, credit: HouseholdCredit, listener: Listener, at: datetime) -> bool:
    """Lower an invoice, held, by so much of a credit, at a moment in UTC; return whether both had as much left."""
    owed = Invoice.get_by_id(invoice.id).balance_cents
    return 0 < cents <= owed and _lower(invoice, cents, credit, listener, at)


def _lower(
    invoice: Invoice, cents: int, credit: HouseholdCredit, listener: Listener, at: datetime | None = None
) -> bool:
    less = HouseholdCredit.update(left_cents=HouseholdCredit.left_cents - cents)
    lowered = cents and less.where(HouseholdCredit.id == credit.id, HouseholdCredit.left_cents >= cents).execute()
    if lowered:
        credit_notes.lower(invoice, cents, credit, listener, at)
    return bool(lowered)


def uses(numbers: Collection[str] = ()) -> Iterator[Use]:
    """Yield how credits were used, all or those of some numbers, in the order in which they were."""
    rows = CreditUse.select(CreditUse.id, HouseholdCredit.number, CreditNote).join(HouseholdCredit)
    rows = rows.join_from(CreditUse, CreditNote).order_by(CreditUse.id)
    counted: dict[str, int] = {}
    for row in rows.where(HouseholdCredit.number.in_(list(numbers))) if numbers else rows:
        number, note = row.credit.number, row.note
        counted[number] = counted.get(number, 0) + 1
        if note.invoice_id:
            yield Use(row.id, f"{number}{USE}{counted[number]}", note.invoice_id, note.amount_cents, note.issued_at)


def named(key: str) -> tuple[str, str]:
    """Return the credit's number that the key of a use names, and which use it is; nothing when it is none."""
    number, _mark, which = key.rpartition(USE)
    return (number, which) if which.isdecimal() else ("", "")


def usable() -> list[int]:
    """Return the households that have both a credit and something to pay that is not being paid."""
    some = list(HouseholdCredit.select(HouseholdCredit.household).where(HouseholdCredit.left_cents > 0).scalars())
    return sorted({invoice.household_id for invoice in _payable(some)})


def _payable(household_ids: Sequence[int]) -> Sequence[Invoice]:
    being_paid = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.is_open)
    return list(Invoice.payable(list(household_ids)).where(Invoice.id.not_in(being_paid)))


def left_cents(household_ids: Sequence[int]) -> int:
    """Return what is left of households' credits, in cents."""
    [(left,)] = _left(list(household_ids))
    return int(left or 0)


@built_once
def _left(household_ids: list[int]) -> "ModelSelect[HouseholdCredit]":
    left = HouseholdCredit.select(fn.SUM(HouseholdCredit.left_cents))
    return left.where(HouseholdCredit.household.in_(household_ids)).tuples()
