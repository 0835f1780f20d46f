"""What is wrong with the books, named one by one."""

from datetime import timedelta
from enum import StrEnum

from peewee import JOIN, fn

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
