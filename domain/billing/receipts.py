"""Receipts: numbered without gaps, and written down, in the transaction that books a payment; drawn when asked for."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from peewee import Expression

from city import City
from domain.billing import readers
from domain.common import numbering
from domain.people import household
from models import Account, Invoice, InvoiceLine, Message, Payment, PaymentInvoice, Person, Receipt

Printed = dict[str, Any]  # what is kept of a document, as JSON has it
FOR_TAXES = ("child_care", "donation")  # what residents get another receipt for, at tax time


class NoSuchReceipt(Exception):
    """Tried to see a receipt that does not exist or is another household's."""


@dataclass(frozen=True)
class PrintedLine:
    """A line of an invoice on a receipt; amounts in cents, before tax."""

    description: str
    whom: str
    quantity_thousandths: int
    unit_price_cents: int
    net_cents: int
    category: str


@dataclass(frozen=True)
class PrintedInvoice:
    """An invoice on a receipt; amounts in cents."""

    number: str
    issued_on: date
    lines: list[PrintedLine]
    subtotal_cents: int
    tps_cents: int
    tvq_cents: int
    total_cents: int
    paid_cents: int


@dataclass(frozen=True)
class ReceiptDocument:
    """All that a receipt prints. `issued_at` is UTC; `card` is empty when no card was used."""

    city: City
    number: str
    issued_at: datetime
    reference: str
    payer: str
    payer_address: list[str]
    card: str
    invoices: list[PrintedInvoice]
    total_cents: int

    @property
    def tax_receipt_follows(self) -> bool:
        """Whether something here could be taken for an official tax receipt (Income Tax Regulations, s. 3501)."""
        return any(line.category in FOR_TAXES for invoice in self.invoices for line in invoice.lines)


def issue(payment: Payment) -> Receipt:
    """Give a payment its receipt, in the caller's transaction: if that is undone, its number was never taken.

    What it prints is written down now: a later change of address, name or line changes no receipt.
    """
    printed = json.dumps(_printed(payment), ensure_ascii=False)
    return Receipt.create(number=numbering.take("R", "receipt"), payment=payment, printed=printed)


def find(number: str, account: Account) -> Receipt:
    """Return the receipt of a payment that an account may see. Raises: NoSuchReceipt."""
    receipt = Receipt.get_or_none(Receipt.number == number)
    if receipt is None or not readers.may_read(receipt.payment, account):
        raise NoSuchReceipt(number)
    return receipt


def of(payment: Payment) -> Receipt | None:
    """Return a payment's receipt, if it has one."""
    return payment.receipts.first()


def message_of(payment: Payment) -> Message | None:
    """Return the message that brings a payment's receipt to who paid, if one does."""
    issued = of(payment)
    return issued.message if issued else None


def document(receipt: Receipt, city: City) -> ReceiptDocument:
    """Return what a receipt printed when it was issued, under the city's letterhead of today."""
    printed = json.loads(receipt.printed)
    return ReceiptDocument(
        city=city,
        number=receipt.number,
        issued_at=receipt.issued_at,
        reference=receipt.payment.reference,
        payer=printed["payer"],
        payer_address=printed["payer_address"],
        card=printed["card"],
        invoices=[_read_invoice(invoice) for invoice in printed["invoices"]],
        total_cents=printed["total_cents"],
    )


def _read_invoice(printed: Printed) -> PrintedInvoice:
    lines = [PrintedLine(**line) for line in printed["lines"]]
    return PrintedInvoice(**printed | {"issued_on": date.fromisoformat(printed["issued_on"]), "lines": lines})


def for_reader(receipt: Receipt, account: Account, city: City) -> ReceiptDocument:
    """Gather what an account may print: the payer's address on her own copy alone, her card if they live together."""
    whole = document(receipt, city)
    if not (readers.is_payer(receipt.payment, account) and household.reads_contacts(account)):
        whole = replace(whole, payer_address=[])
    return whole if readers.reads_card(receipt.payment, account) else replace(whole, card="")


def for_guest(receipt: Receipt, city: City) -> ReceiptDocument:
    """Gather what a payer without an account may print: the invoice's number and what was paid, not its lines."""
    whole = document(receipt, city)
    return replace(whole, invoices=[replace(invoice, lines=[]) for invoice in whole.invoices])


def erase(person: Person, instead: str) -> None:
    """Put a name that tells nobody in someone's place on the receipts she is on, in the caller's transaction."""
    theirs = Invoice.select(Invoice.id).join(InvoiceLine).where(InvoiceLine.person == person)
    on_one = PaymentInvoice.select(PaymentInvoice.payment).where(PaymentInvoice.invoice.in_(theirs))
    concerned = Receipt.select(Receipt, Payment).join(Payment)
    for receipt in list(concerned.where((Payment.payer == person) | Payment.id.in_(on_one))):
        printed = json.loads(receipt.printed)
        if receipt.payment.payer_id == person.id:
            printed |= {"payer": instead, "payer_address": []}
        for invoice in printed["invoices"]:
            _erase_from(invoice, person, instead)
        words = json.dumps(printed, ensure_ascii=False)
        Receipt.update(printed=words).where(Receipt.id == receipt.id).execute()


def forget_names(receipt: Receipt) -> None:
    """Leave on a receipt, in the caller's transaction, its number, its days and its amounts: nothing tells who paid."""
    printed = json.loads(receipt.printed)
    for invoice in printed["invoices"]:
        invoice["lines"] = [line | {"whom": "", "description": InvoiceLine.ERASED} for line in invoice["lines"]]
    printed |= {"payer": "", "payer_address": [], "card": "", "erased": True}
    words = json.dumps(printed, ensure_ascii=False)
    Receipt.update(printed=words).where(Receipt.id == receipt.id).execute()


def tells_who_paid() -> Expression:
    """Return the condition that a receipt's names stand on it still."""
    return ~Receipt.printed.contains('"erased": true')


def _erase_from(printed: Printed, person: Person, instead: str) -> None:
    """Do so on a printed invoice: its lines have not changed since, for it is paid."""
    lines = InvoiceLine.select().join(Invoice).where(Invoice.number == printed["number"])
    for line, on_paper in zip(lines.order_by(InvoiceLine.position), printed["lines"], strict=True):
        if line.person_id == person.id:
            on_paper["whom"] = instead


def _printed(payment: Payment) -> Printed:
    """Gather what a receipt prints, as JSON has it: the same number of queries, however many lines."""
    person = payment.payer
    return {
        "payer": person.name if person else _guest(payment),
        "payer_address": [person.address, f"{person.city}  {person.postal_code}".strip()] if person else [],
        "card": f"{payment.card_brand} se terminant par {payment.card_last_four}" if payment.card_last_four else "",
        "invoices": [
            asdict(invoice) | {"issued_on": invoice.issued_on.isoformat()} for invoice in _printed_invoices(payment)
        ],
        "total_cents": payment.amount_cents,
    }


def _guest(payment: Payment) -> str:
    guest = payment.guests.first()
    return guest.name if guest else ""


def _printed_invoices(payment: Payment) -> list[PrintedInvoice]:
    links = list(
        PaymentInvoice.select(PaymentInvoice, Invoice)
        .join(Invoice)
        .where(PaymentInvoice.payment == payment)
        .order_by(Invoice.number)
    )
    lines = (
        InvoiceLine.select(InvoiceLine, Person)
        .left_outer_join(Person)
        .where(InvoiceLine.invoice.in_([link.invoice_id for link in links]))
        .order_by(InvoiceLine.position)
    )
    by_invoice: dict[int, list[PrintedLine]] = {}
    for line in lines:
        by_invoice.setdefault(line.invoice_id, []).append(printed_line(line))
    return [printed_invoice(link.invoice, by_invoice.get(link.invoice_id, []), link.amount_cents) for link in links]


def printed_line(line: InvoiceLine) -> PrintedLine:
    """Return what documents print of an invoice's line."""
    return PrintedLine(
        description=line.description,
        whom=line.person.name if line.person else "",
        quantity_thousandths=line.quantity_thousandths,
        unit_price_cents=line.unit_price_cents,
        net_cents=line.net_cents,
        category=line.category,
    )


def printed_invoice(invoice: Invoice, lines: list[PrintedLine], paid_cents: int) -> PrintedInvoice:
    """Return what documents print of an invoice, `paid_cents` of which were paid."""
    return PrintedInvoice(
        number=invoice.number,
        issued_on=invoice.issued_on,
        lines=lines,
        subtotal_cents=invoice.subtotal_cents,
        tps_cents=invoice.tps_cents,
        tvq_cents=invoice.tvq_cents,
        total_cents=invoice.total_cents,
        paid_cents=paid_cents,
    )
