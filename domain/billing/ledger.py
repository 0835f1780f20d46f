"""The ledger: double entries in cents, only ever added to. What is owed and what came in is derived from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peewee import fn

from domain.common import money
from domain.common.batches import insert_all
from domain.common.money import Amounts
from models import CreditNote, InvoiceLine, LedgerEntry, Overpayment, Payment, PaymentInvoice, Value

RECEIVABLE, TPS, TVQ, OWED_BACK = "receivable", "tps", "tvq", "owed back to payers"
ROUNDING = "cash rounding"  # to the nickel
CREDITS = "credits of households"  # credit notes of the city's file that lower nothing yet
DISPUTE_LOSSES = "dispute losses"
CLEARING = {  # where the money of each method waits until the bank has it
    Payment.CARD: "card clearing",
    Payment.CASH: "cash",
    Payment.CHEQUE: "cheques",
    Payment.DEBIT: "debit clearing",
    Payment.TERMINAL: "terminal clearing",
    Payment.TRANSFER: "transfers",
    Payment.CREDIT: "account credit",  # the household's own, kept for it
    Payment.OTHER: "other clearing",
}


class Unbalanced(Exception):
    """Tried to post entries whose debits and credits differ."""


def revenue(ledger_account: str) -> str:
    """Return the name of a revenue account of the city's books."""
    return f"revenue {ledger_account}"


@dataclass(frozen=True)
class Entry:
    """One entry: a debit when `cents` is positive, a credit when negative. It names its invoice and payment by id."""

    posting: str
    account: str
    cents: int
    invoice: int | None = None
    payment: int | None = None

    def columns(self) -> dict[str, Value]:
        """Return it as its table has it."""
        return {
            "posting": self.posting,
            "account": self.account,
            "debit_cents": max(self.cents, 0),
            "credit_cents": max(-self.cents, 0),
            "invoice": self.invoice,
            "payment": self.payment,
        }


def post(entries: Sequence[Entry]) -> None:
    """Add entries, those of nothing left out.

    Raises: Unbalanced.
    """
    if sum(one.cents for one in entries):
        raise Unbalanced(entries[0].posting)
    insert_all(LedgerEntry, [one.columns() for one in entries if one.cents])


def issued(
    invoice_id: int | None,
    amounts: Amounts,
    nets: Iterable[tuple[str, int]],
    *,
    posting: str,
    sign: int = 1,
    owed: str = RECEIVABLE,
) -> list[Entry]:
    """Make the entries of an invoice: its total is owed, revenue and taxes are earned; `owed` is the account for it.

    `nets` are its lines' ledger accounts and cents before tax. `sign` -1 takes the entries back (the invoice was
    cancelled or changed before anything was paid).
    """
    earned: dict[str, int] = {TPS: amounts.tps_cents, TVQ: amounts.tvq_cents}
    for ledger_account, net_cents in nets:
        account = revenue(ledger_account)
        earned[account] = earned.get(account, 0) + net_cents
    total = Entry(posting, owed, sign * amounts.total_cents, invoice=invoice_id)
    return [total] + [Entry(posting, account, -sign * cents, invoice=invoice_id) for account, cents in earned.items()]


def received(payment: Payment, links: Sequence[PaymentInvoice], beside: Mapping[str, int]) -> list[Entry]:
    """Make the entries of a payment: its method's account gets the money, the invoices owe less.

    `beside` is what it brings that no invoice takes, in cents by account.
    """
    posting = f"payment:{payment.reference}"
    of_it, cents = payment.id, sum(link.amount_cents for link in links) + sum(beside.values())
    return [
        Entry(posting, CLEARING[payment.method], cents, payment=of_it),
        *(Entry(posting, RECEIVABLE, -link.amount_cents, invoice=link.invoice_id, payment=of_it) for link in links),
        *(Entry(posting, account, -part, payment=of_it) for account, part in beside.items()),
    ]


def returned(overpayment: Overpayment) -> list[Entry]:
    """Make the entries of money owed back to who paid that was returned."""
    posting, payment = f"overpayment:{overpayment.id}", overpayment.payment_id
    account, cents = CLEARING[overpayment.method], overpayment.amount_cents
    return [Entry(posting, OWED_BACK, cents, payment=payment), Entry(posting, account, -cents, payment=payment)]


def rounded(posting: str, method: str, cents: int) -> list[Entry]:
    """Make the entries of cash to the nickel given back: `cents` more than what it takes back."""
    return [Entry(posting, ROUNDING, cents), Entry(posting, CLEARING[method], -cents)]


def refunded(note: CreditNote, taken: Sequence[tuple[InvoiceLine, int]], before: dict[int, int]) -> list[Entry]:
    """Make the entries of a refund: what was earned, and its taxes, go back through the account of its method.

    What was never paid is owed no more. `before` holds what was taken off each line's earnings before, in cents.
    """
    posting = f"credit:{note.number}"
    given: dict[str, int] = {}
    for line, cents in taken:
        parts = money.share_next(before.get(line.id, 0), cents, [line.net_cents, line.tps_cents, line.tvq_cents])
        for account, part in zip((f"refunds {line.ledger_account}", TPS, TVQ), parts, strict=True):
            given[account] = given.get(account, 0) + part
    account = CLEARING[note.refund.method] if note.refund else RECEIVABLE
    back = Entry(posting, account, -note.amount_cents, invoice=note.invoice_id, payment=note.payment_id)
    return [back] + [Entry(posting, account, cents, payment=note.payment_id) for account, cents in given.items()]


def credit_used(note: CreditNote) -> list[Entry]:
    """Make the entries of a household's credit that lowers what an invoice owes: what it was for was taken back."""
    posting = f"credit:{note.number}"
    owed = Entry(posting, RECEIVABLE, -note.amount_cents, invoice=note.invoice_id)
    return [Entry(posting, CREDITS, note.amount_cents), owed]


def reversed_payment(note: CreditNote, payment: Payment, by_invoice: dict[int, int]) -> list[Entry]:
    """Make the entries of a payment that came back: the money is not there, the invoices are owed again."""
    posting = f"credit:{note.number}"
    back = Entry(posting, CLEARING[payment.method], -note.amount_cents, payment=payment.id)
    return [back] + [
        Entry(posting, RECEIVABLE, cents, invoice=invoice_id, payment=payment.id)
        for invoice_id, cents in by_invoice.items()
    ]


def lost(gateway_id: str, cents: int, payment: Payment | None = None) -> list[Entry]:
    """Make the entries of what a dispute took of a charge that had been given back before: the city lost it.

    A negative amount takes them back.
    """
    posting, of = f"dispute:{gateway_id}", payment.id if payment else None
    return [
        Entry(posting, DISPUTE_LOSSES, cents, payment=of),
        Entry(posting, CLEARING[Payment.CARD], -cents, payment=of),
    ]


def lost_cents(gateway_id: str) -> int:
    """Return what the ledger says the city lost of a charge by disputes."""
    cents = fn.SUM(LedgerEntry.debit_cents - LedgerEntry.credit_cents)
    of_it = (LedgerEntry.account == DISPUTE_LOSSES) & (LedgerEntry.posting == f"dispute:{gateway_id}")
    return int(LedgerEntry.select(cents).where(of_it).scalar() or 0)


def unmatched(gateway_id: str, cents: int) -> list[Entry]:
    """Make the entries of a charge that pays nothing here: the gateway holds it, and we owe it back.

    A negative amount takes them back once the money is returned.
    """
    posting = f"unmatched:{gateway_id}"
    return [Entry(posting, CLEARING[Payment.CARD], cents), Entry(posting, OWED_BACK, -cents)]


def handed_back(gateway_id: str, cents: int, method: str) -> list[Entry]:
    """Make the entries of such a charge handed back another way: what it took stays at the gateway."""
    posting = f"unmatched:{gateway_id}"
    return [Entry(posting, OWED_BACK, cents), Entry(posting, CLEARING[method], -cents)]


def held_cents(account: str) -> int:
    """Return what the ledger says an account holds for others: its credits less its debits."""
    held = LedgerEntry.select(fn.SUM(LedgerEntry.credit_cents - LedgerEntry.debit_cents))
    return int(held.where(LedgerEntry.account == account).scalar() or 0)


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
