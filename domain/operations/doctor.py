"""What is wrong with the books, named one by one."""

from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from peewee import JOIN, Field, ModelSelect, fn

from domain.activities import price_list
from domain.billing import ledger
from domain.common import clock
from domain.common.facts import Fact
from domain.operations import health, made_for
from domain.payments import restore
from models import (
    Activity,
    CashRounding,
    CounterRefund,
    HouseholdCredit,
    Invoice,
    LedgerEntry,
    Overpayment,
    Payment,
    PaymentInvoice,
    Table,
    UnmatchedCharge,
)

Record = TypeVar("Record", bound=Table)

UNRESOLVED_AFTER = timedelta(minutes=15)
NOT_GIVEN_BACK_AFTER = timedelta(days=1)


class Wrong(StrEnum):
    """What may be wrong; commands/operations has the words."""

    SCHEMA_BEHIND = "schema behind"
    ANOTHERS = "another environment's"
    UNBALANCED = "ledger unbalanced"
    DISAGREES = "invoice and ledger disagree"
    ACCOUNT_DISAGREES = "rows and ledger disagree"
    PARTS_DISAGREE = "payment and its parts disagree"
    UNRESOLVED = "payment unresolved"
    NOT_GIVEN_BACK = "charge not given back"
    RESTORE_UNFINISHED = "restore unfinished"
    NO_COPY = "no copy"
    STALE_COPY = "stale copy"
    NO_PRICE = "sold without a price"


def problems(steps_behind: list[str], environment: str) -> list[Fact]:
    """Return each thing that is wrong; the books are only read when the schema is up to date.

    `environment` is the gateway's: simulator, sandbox or production.
    """
    if steps_behind:
        return [Fact(Wrong.SCHEMA_BEHIND, {"steps": ", ".join(steps_behind)})]
    return (
        _anothers(environment)
        + _unbalanced()
        + disagreeing()
        + _unresolved()
        + _not_given_back()
        + _unfinished_restore()
        + _stale_copy()
        + _unpriced()
    )


def _anothers(environment: str) -> list[Fact]:
    kept = made_for.kept()
    return [Fact(Wrong.ANOTHERS, {"environment": kept})] if kept not in (None, environment) else []


def _unpriced() -> list[Fact]:
    """Name what would be sold and has no price: it stays closed until it has one."""
    sold = list(Activity.select().where(Activity.capacity.is_null(False), Activity.ends_on >= clock.today()))
    bare = price_list.unpriced(sold)
    return [Fact(Wrong.NO_PRICE, {"activity": one.code}) for one in sold if one.id in bare]


def _unbalanced() -> list[Fact]:
    cents = ledger.imbalance_cents()
    return [Fact(Wrong.UNBALANCED, {"cents": cents})] if cents else []


def disagreeing() -> list[Fact]:
    """Return each invoice, account and payment of which the ledger and the tables say two things."""
    return _invoices() + _held() + _parted()


def _held() -> list[Fact]:
    """Return the accounts of what is owed back, of cash to the nickel and of credits, when their rows say another."""
    rounded, given = _sum(CashRounding.select(), CashRounding.cents), CounterRefund.rounding_cents
    owed = Overpayment.state == Overpayment.OWED, UnmatchedCharge.state == UnmatchedCharge.OWED
    by_rows = {
        ledger.OWED_BACK: _sum(Overpayment.select().where(owed[0]), Overpayment.amount_cents)
        + _sum(UnmatchedCharge.select().where(owed[1]), UnmatchedCharge.amount_cents),
        ledger.ROUNDING: rounded - _sum(CounterRefund.select(), given),
        ledger.CREDITS: _sum(HouseholdCredit.select(), HouseholdCredit.left_cents),
    }
    by_ledger = {account: ledger.held_cents(account) for account in by_rows}
    return [
        Fact(Wrong.ACCOUNT_DISAGREES, {"account": account, "rows": cents, "ledger": by_ledger[account]})
        for account, cents in by_rows.items()
        if cents != by_ledger[account]
    ]


def _sum(rows: "ModelSelect[Record]", column: Field) -> int:
    return int(rows.select(fn.SUM(column)).scalar() or 0)


def _parted() -> list[Fact]:
    """Return each payment taken elsewhere whose parts do not add up to it."""
    brought = fn.COALESCE(fn.SUM(PaymentInvoice.amount_cents), 0)
    beside = [
        fn.COALESCE(table.select(fn.SUM(column)).where(table.payment == Payment.id), 0)
        for table, column in ((CashRounding, CashRounding.cents), (Overpayment, Overpayment.amount_cents))
    ]
    rows = (
        Payment.select(Payment.reference, Payment.amount_cents, (brought + beside[0] + beside[1]).alias("parts"))
        .left_outer_join(PaymentInvoice)
        .where(Payment.source == "import")
        .group_by(Payment.id)
    )
    return [
        Fact(Wrong.PARTS_DISAGREE, {"reference": reference, "amount": cents, "parts": int(parts)})
        for reference, cents, parts in rows.tuples().iterator()
        if cents != int(parts)
    ]


def _invoices() -> list[Fact]:
    """Return each open invoice whose balance is not what the ledger says is owed."""
    by_ledger = (
        LedgerEntry.select(
            LedgerEntry.invoice, fn.SUM(LedgerEntry.debit_cents - LedgerEntry.credit_cents).alias("owed")
        )
        .where(LedgerEntry.account == ledger.RECEIVABLE)
        .group_by(LedgerEntry.invoice)
    )
    owed = fn.COALESCE(by_ledger.c.owed, 0)
    differing = (
        Invoice.select(Invoice.number, Invoice.left(), owed)
        .join(by_ledger, JOIN.LEFT_OUTER, on=(by_ledger.c.invoice_id == Invoice.id))
        .where(Invoice.status == Invoice.OPEN, Invoice.left() != owed)
        .order_by(Invoice.id)
    )
    return [
        Fact(Wrong.DISAGREES, {"invoice": number, "balance": balance_cents, "ledger": int(owed_cents)})
        for number, balance_cents, owed_cents in differing.tuples().iterator()
    ]


def _unresolved() -> list[Fact]:
    old = Payment.select().where(
        Payment.state.in_(Payment.OPEN_STATES), Payment.created_at < clock.now() - UNRESOLVED_AFTER
    )
    return [Fact(Wrong.UNRESOLVED, {"reference": one.reference, "since": str(one.created_at)}) for one in old]


def _not_given_back() -> list[Fact]:
    """Return each charge that the portal should have given back; those that wait for a person are in À traiter."""
    owed = (UnmatchedCharge.state == UnmatchedCharge.OWED) & ~UnmatchedCharge.a_persons()
    old = UnmatchedCharge.select().where(owed, UnmatchedCharge.found_at < clock.now() - NOT_GIVEN_BACK_AFTER)
    return [Fact(Wrong.NOT_GIVEN_BACK, {"reference": one.reference, "answer": one.words}) for one in old]


def _unfinished_restore() -> list[Fact]:
    return [Fact(Wrong.RESTORE_UNFINISHED)] if restore.is_unfinished() else []


def _stale_copy() -> list[Fact]:
    """Name a backup that is missing or old."""
    if not health.copy_is_stale(clock.now()):
        return []
    copied = health.last_copied()
    return [Fact(Wrong.STALE_COPY, {"copied": str(copied)}) if copied else Fact(Wrong.NO_COPY)]
