"""What banks send back: how it is asked about here, given back again, and how it stands."""

from datetime import timedelta

from domain.billing import ledger
from domain.common import clock
from domain.payments import returned_charges, unmatched_charges
from domain.payments.context import Context
from models import LedgerEntry, UnmatchedCharge


def credits(simulator) -> list[dict]:
    """Return the refunds at the gateway that gave money, or seem to."""
    gave = ("settled", "submitted_for_settlement")
    return [row for row in simulator.transactions() if row["type"] == "credit" and row["status"] in gave]


def asks(context: Context, **later: float) -> None:
    """Ask, two days from now if nothing else is said, what became of what went back."""
    returned_charges.follow_due(context, now=clock.now() + timedelta(**(later or {"days": 2})))


def gives_back(context: Context) -> None:
    """Do what the worker does with all that is owed, whenever it would be due."""
    UnmatchedCharge.update(due_at=clock.now()).where(UnmatchedCharge.state == UnmatchedCharge.OWED).execute()
    for charge_id in unmatched_charges.due_for_work():
        unmatched_charges.advance(charge_id, context)


def owed_back() -> int:
    """Return what the ledger owes back, in cents."""
    entries = LedgerEntry.select().where(LedgerEntry.account == ledger.OWED_BACK)
    return sum(row.credit_cents - row.debit_cents for row in entries)


def rows() -> list[tuple[int, str]]:
    """Return what is, or was, owed back, but for what came to nothing."""
    kept = UnmatchedCharge.select().where(UnmatchedCharge.amount_cents > 0).order_by(UnmatchedCharge.id)
    return sorted((one.amount_cents, one.state) for one in kept)
