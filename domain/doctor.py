"""What is wrong with the books, named one by one."""

from datetime import timedelta

from peewee import fn

from domain import ledger
from models import Invoice, LedgerEntry, Payment, utcnow

UNRESOLVED_AFTER = timedelta(minutes=15)


def problems(steps_behind: list[str]) -> list[str]:
    """Return a sentence on each thing that is wrong; the books are only read when the schema is up to date."""
    if steps_behind:
        return [f"le schéma est en retard : {', '.join(steps_behind)}"]
    return _unbalanced() + _disagreeing() + _unresolved()


def _unbalanced() -> list[str]:
    cents = ledger.imbalance_cents()
    return [f"le grand livre ne balance pas : {cents} ¢"] if cents else []


def _disagreeing() -> list[str]:
    """Name the invoices whose balance is not what the ledger says is owed."""
    owed = fn.COALESCE(fn.SUM(LedgerEntry.debit_cents - LedgerEntry.credit_cents), 0)
    rows = (
        LedgerEntry.select(LedgerEntry.invoice, owed.alias("owed"))
        .where(LedgerEntry.account == ledger.RECEIVABLE)
        .group_by(LedgerEntry.invoice)
        .tuples()
    )
    by_ledger = {invoice: int(cents) for invoice, cents in rows}
    return [
        f"facture {invoice.number} : solde {invoice.balance_cents} ¢, grand livre {by_ledger.get(invoice.id, 0)} ¢"
        for invoice in Invoice.select().where(Invoice.status == Invoice.OPEN)
        if invoice.balance_cents != by_ledger.get(invoice.id, 0)
    ]


def _unresolved() -> list[str]:
    old = Payment.select().where(
        Payment.state.in_(Payment.OPEN_STATES), Payment.created_at < utcnow() - UNRESOLVED_AFTER
    )
    return [f"paiement {payment.reference} : issue inconnue depuis {payment.created_at} (UTC)" for payment in old]
