"""What is wrong with the books, named one by one."""

from datetime import timedelta
from enum import StrEnum

from peewee import fn

from domain.billing import ledger
from domain.common import clock
from domain.common.facts import Fact
from domain.operations import health
from domain.payments import restore
from models import Invoice, LedgerEntry, Payment, UnmatchedCharge, is_sqlite

UNRESOLVED_AFTER = timedelta(minutes=15)
NOT_GIVEN_BACK_AFTER = timedelta(days=1)
STALE_AFTER = timedelta(hours=48)


class Wrong(StrEnum):
    """What may be wrong; commands/operations has the words."""

    SCHEMA_BEHIND = "schema behind"
    UNBALANCED = "ledger unbalanced"
    DISAGREES = "invoice and ledger disagree"
    UNRESOLVED = "payment unresolved"
    NOT_GIVEN_BACK = "charge not given back"
    RESTORE_UNFINISHED = "restore unfinished"
    NO_COPY = "no copy"
    STALE_COPY = "stale copy"


def problems(steps_behind: list[str]) -> list[Fact]:
    """Return each thing that is wrong; the books are only read when the schema is up to date."""
    if steps_behind:
        return [Fact(Wrong.SCHEMA_BEHIND, {"steps": ", ".join(steps_behind)})]
    return _unbalanced() + disagreeing() + _unresolved() + _not_given_back() + _unfinished_restore() + _stale_copy()


def _unbalanced() -> list[Fact]:
    cents = ledger.imbalance_cents()
    return [Fact(Wrong.UNBALANCED, {"cents": cents})] if cents else []


def disagreeing() -> list[Fact]:
    """Return each open invoice whose balance is not what the ledger says is owed."""
    owed = fn.COALESCE(fn.SUM(LedgerEntry.debit_cents - LedgerEntry.credit_cents), 0)
    rows = (
        LedgerEntry.select(LedgerEntry.invoice, owed.alias("owed"))
        .where(LedgerEntry.account == ledger.RECEIVABLE)
        .group_by(LedgerEntry.invoice)
    )
    by_ledger = {invoice: int(cents) for invoice, cents in rows.tuples().iterator()}
    return [
        Fact(Wrong.DISAGREES, {"invoice": invoice.number, "balance": invoice.balance_cents, "ledger": told})
        for invoice in Invoice.select().where(Invoice.status == Invoice.OPEN)
        if invoice.balance_cents != (told := by_ledger.get(invoice.id, 0))
    ]


def _unresolved() -> list[Fact]:
    old = Payment.select().where(
        Payment.state.in_(Payment.OPEN_STATES), Payment.created_at < clock.now() - UNRESOLVED_AFTER
    )
    return [Fact(Wrong.UNRESOLVED, {"reference": one.reference, "since": str(one.created_at)}) for one in old]


def _not_given_back() -> list[Fact]:
    old = UnmatchedCharge.select().where(
        UnmatchedCharge.state == UnmatchedCharge.OWED, UnmatchedCharge.found_at < clock.now() - NOT_GIVEN_BACK_AFTER
    )
    return [Fact(Wrong.NOT_GIVEN_BACK, {"reference": one.reference, "answer": one.words}) for one in old]


def _unfinished_restore() -> list[Fact]:
    return [Fact(Wrong.RESTORE_UNFINISHED)] if restore.is_unfinished() else []


def _stale_copy() -> list[Fact]:
    """Name a backup that is missing or old, once there is something to lose. A server's are out of our sight."""
    if not is_sqlite():
        return []
    limit = clock.now() - STALE_AFTER
    began = LedgerEntry.select(fn.MIN(LedgerEntry.at)).scalar()
    copied = health.last_copied()
    if began is None or began > limit or (copied and copied > limit):
        return []
    return [Fact(Wrong.STALE_COPY, {"copied": str(copied)}) if copied else Fact(Wrong.NO_COPY)]
