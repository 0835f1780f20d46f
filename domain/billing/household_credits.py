"""Credits of households: a credit note of the city's file lowers what they owe, oldest due first; the rest waits.

What is left lowers the next invoice as soon as it is issued, whoever issues it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from peewee import fn

from domain.billing import credit_notes, ledger
from domain.billing.listener import Listener
from domain.common.money import Amounts
from models import HouseholdCredit, Invoice, PaymentInvoice, hold


@dataclass(frozen=True)
class Brought:
    """A credit note as a file says it: amounts below zero, lines by ledger account, and as they are kept (JSON)."""

    number: str
    household: int
    issued_on: date
    amounts: Amounts
    nets: Sequence[tuple[str, int]]
    lines: str


def bring(brought: Brought, listener: Listener) -> None:
    """Book a credit note and lower what its household owes, in the caller's transaction."""
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
    cents = min(owed, credit.left_cents)
    less = HouseholdCredit.update(left_cents=HouseholdCredit.left_cents - cents)
    if cents and less.where(HouseholdCredit.id == credit_id, HouseholdCredit.left_cents >= cents).execute():
        credit_notes.lower(invoice, cents, credit, listener)


def usable() -> list[int]:
    """Return the households that have both a credit and something to pay that is not being paid."""
    some = list(HouseholdCredit.select(HouseholdCredit.household).where(HouseholdCredit.left_cents > 0).scalars())
    return sorted({invoice.household_id for invoice in _payable(some)})


def _payable(household_ids: Sequence[int]) -> Sequence[Invoice]:
    being_paid = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.is_open)
    return list(Invoice.payable(list(household_ids)).where(Invoice.id.not_in(being_paid)))


def left_cents(household_ids: Sequence[int]) -> int:
    """Return what is left of households' credits, in cents."""
    left = HouseholdCredit.select(fn.SUM(HouseholdCredit.left_cents))
    return int(left.where(HouseholdCredit.household.in_(list(household_ids))).scalar() or 0)
