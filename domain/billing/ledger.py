"""The ledger: double entries in cents, only ever added to. What is owed and what came in is derived from it."""

from collections.abc import Iterable, Sequence

from peewee import fn

from domain.common import money
from domain.common.batches import insert_all
from models import CreditNote, InvoiceLine, LedgerEntry, Payment, PaymentInvoice

RECEIVABLE, TPS, TVQ, OWED_BACK = "receivable", "tps", "tvq", "owed back to payers"
CLEARING = {  # where the money of each method waits until the bank has it
    Payment.CARD: "card clearing",
    Payment.CASH: "cash",
    Payment.CHEQUE: "cheques",
    Payment.DEBIT: "debit clearing",
    Payment.CREDIT: "account credit",  # the household's own, kept for it
    Payment.OTHER: "other clearing",
}


class Unbalanced(Exception):
    """Tried to post entries whose debits and credits differ."""


def revenue(ledger_account: str) -> str:
    """Return the name of a revenue account of the city's books."""
    return f"revenue {ledger_account}"


def entry(posting: str, account: str, cents: int, *, invoice: int | None = None, payment: int | None = None) -> dict:
    """Make one entry: a debit when `cents` is positive, a credit when negative."""
    return {
        "posting": posting,
        "account": account,
        "debit_cents": max(cents, 0),
        "credit_cents": max(-cents, 0),
        "invoice": invoice,
        "payment": payment,
    }


def post(entries: Sequence[dict]) -> None:
    """Add entries, those of nothing left out.

    Raises: Unbalanced.
    """
    if sum(row["debit_cents"] for row in entries) != sum(row["credit_cents"] for row in entries):
        raise Unbalanced(entries[0]["posting"])
    insert_all(LedgerEntry, [row for row in entries if row["debit_cents"] or row["credit_cents"]])


def issued(invoice_id: int, amounts: dict, lines: Iterable[dict], *, posting: str, sign: int = 1) -> list[dict]:
    """Make the entries of an invoice from its columns and its lines: its total is owed, revenue and taxes are earned.

    `sign` -1 takes them back (the invoice was cancelled or changed before anything was paid).
    """
    earned: dict[str, int] = {TPS: amounts["tps_cents"], TVQ: amounts["tvq_cents"]}
    for line in lines:
        account = revenue(line["ledger_account"])
        earned[account] = earned.get(account, 0) + line["net_cents"]
    owed = entry(posting, RECEIVABLE, sign * amounts["total_cents"], invoice=invoice_id)
    return [owed] + [entry(posting, account, -sign * cents, invoice=invoice_id) for account, cents in earned.items()]


def received(payment: Payment, links: Sequence[PaymentInvoice]) -> list[dict]:
    """Make the entries of a payment: its method's account gets the money, the invoices owe less."""
    posting = f"payment:{payment.reference}"
    cents = sum(link.amount_cents for link in links)
    return [entry(posting, CLEARING[payment.method], cents, payment=payment.id)] + [
        entry(posting, RECEIVABLE, -link.amount_cents, invoice=link.invoice_id, payment=payment.id) for link in links
    ]


def refunded(note: CreditNote, taken: Sequence[tuple[InvoiceLine, int]], before: dict[int, int]) -> list[dict]:
    """Make the entries of a refund: what was earned, and its taxes, go back through the account of its method.

    What was never paid is owed no more. `before` holds what was taken off each line's earnings before, in cents.
    """
    posting = f"credit:{note.number}"
    given: dict[str, int] = {}
    for line, cents in taken:
        parts = money.share_next(before.get(line.id, 0), cents, [line.net_cents, line.tps_cents, line.tvq_cents])
        for account, part in zip((f"refunds {line.ledger_account}", TPS, TVQ), parts, strict=True):
            given[account] = given.get(account, 0) + part
    account = CLEARING[note.refund.method] if note.refund_id else RECEIVABLE
    back = entry(posting, account, -note.amount_cents, invoice=note.invoice_id, payment=note.payment_id)
    return [back] + [entry(posting, account, cents, payment=note.payment_id) for account, cents in given.items()]


def reversed_payment(note: CreditNote, by_invoice: dict[int, int]) -> list[dict]:
    """Make the entries of a payment that came back: the money is not there, the invoices are owed again."""
    posting = f"credit:{note.number}"
    back = entry(posting, CLEARING[note.payment.method], -note.amount_cents, payment=note.payment_id)
    return [back] + [
        entry(posting, RECEIVABLE, cents, invoice=invoice_id, payment=note.payment_id)
        for invoice_id, cents in by_invoice.items()
    ]


def unmatched(gateway_id: str, cents: int) -> list[dict]:
    """Make the entries of a charge that pays nothing here: the gateway holds it, and we owe it back.

    A negative amount takes them back once the money is returned.
    """
    posting = f"unmatched:{gateway_id}"
    return [entry(posting, CLEARING[Payment.CARD], cents), entry(posting, OWED_BACK, -cents)]


def imbalance_cents() -> int:
    """Return debits less credits over the whole ledger: always zero."""
    debits, credits = LedgerEntry.select(fn.SUM(LedgerEntry.debit_cents), fn.SUM(LedgerEntry.credit_cents)).scalar(
        as_tuple=True
    )
    return int(debits or 0) - int(credits or 0)


def receivable_cents(invoice_id: int) -> int:
    """Return what the ledger says is still owed on an invoice."""
    owed = LedgerEntry.select(fn.SUM(LedgerEntry.debit_cents - LedgerEntry.credit_cents)).where(
        LedgerEntry.account == RECEIVABLE, LedgerEntry.invoice == invoice_id
    )
    return int(owed.scalar() or 0)
