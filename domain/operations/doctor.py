"""What is wrong with the books, named one by one."""

from datetime import timedelta

from peewee import JOIN, fn

from domain.billing import ledger
from domain.common import clock
from domain.operations import health
from domain.payments import restore
from models import Invoice, LedgerEntry, Payment, UnmatchedCharge, is_sqlite

UNRESOLVED_AFTER = timedelta(minutes=15)
NOT_GIVEN_BACK_AFTER = timedelta(days=1)
STALE_AFTER = timedelta(hours=48)


def problems(steps_behind: list[str]) -> list[str]:
    """Return a sentence on each thing that is wrong; the books are only read when the schema is up to date."""
    if steps_behind:
        return [f"le schéma est en retard : {', '.join(steps_behind)}"]
    return _unbalanced() + disagreeing() + _unresolved() + _not_given_back() + _unfinished_restore() + _stale_copy()


def _unbalanced() -> list[str]:
    cents = ledger.imbalance_cents()
    return [f"le grand livre ne balance pas : {cents} ¢"] if cents else []


def disagreeing() -> list[str]:
    """Return a sentence on each open invoice whose balance is not what the ledger says is owed."""
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
        f"facture {number} : solde {balance_cents} ¢, grand livre {int(owed_cents)} ¢"
        for number, balance_cents, owed_cents in differing.tuples().iterator()
    ]


def _unresolved() -> list[str]:
    old = Payment.select().where(
        Payment.state.in_(Payment.OPEN_STATES), Payment.created_at < clock.now() - UNRESOLVED_AFTER
    )
    return [f"paiement {payment.reference} : issue inconnue depuis {payment.created_at} (UTC)" for payment in old]


def _not_given_back() -> list[str]:
    old = UnmatchedCharge.select().where(
        UnmatchedCharge.state == UnmatchedCharge.OWED, UnmatchedCharge.found_at < clock.now() - NOT_GIVEN_BACK_AFTER
    )
    return [f"paiement en trop {charge.reference} : pas encore rendu ({charge.words})" for charge in old]


def _unfinished_restore() -> list[str]:
    if not restore.is_unfinished():
        return []
    return ["une copie remise en place reste à compléter : lancez « flask reconcile »"]


def _stale_copy() -> list[str]:
    """Name a backup that is missing or old, once there is something to lose. A server's are out of our sight."""
    if not is_sqlite():
        return []
    limit = clock.now() - STALE_AFTER
    began = LedgerEntry.select(fn.MIN(LedgerEntry.at)).scalar()
    copied = health.last_copied()
    if began is None or began > limit or (copied and copied > limit):
        return []
    since = f"la dernière copie date du {copied} (UTC)" if copied else "il n’y a pas de copie"
    return [f"{since} : lancez « flask backup FICHIER », chaque nuit"]
