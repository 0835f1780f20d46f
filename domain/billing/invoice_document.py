"""An invoice as a document: what it asked for, and how it stands on the day it is drawn. Nothing of it is kept."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from city import City
from domain.billing import account_statement, payment_slips, readers, receipts
from domain.billing.account_statement import Movement
from domain.billing.invoice_page import InvoicePage
from domain.billing.receipts import PrintedInvoice, PrintedLine
from domain.common import clock
from domain.people import household
from models import Account, Invoice, InvoiceLine


@dataclass(frozen=True)
class InvoiceDocument:
    """All that an invoice prints. `issued_at` (UTC) is when it is drawn, `pay_at` where one pays without an account."""

    city: City
    issued_at: datetime
    invoice: PrintedInvoice
    due_on: date
    balance_cents: int
    is_cancelled: bool
    reference: str
    addressee: str
    address: list[str]
    movements: list[Movement]
    is_being_paid: bool
    pay_at: str

    @property
    def is_taxed(self) -> bool:
        return bool(self.invoice.tps_cents or self.invoice.tvq_cents)


def for_reader(page: InvoicePage, account: Account, city: City, pay_at: str) -> InvoiceDocument:
    """Gather what an account may print of an invoice that it sees, addressed to its holder.

    Whole names are those of people she lives with; of others the first name, as her page has it.
    """
    invoice, at_home = page.invoice, readers.at_home(account)
    return InvoiceDocument(
        city=city,
        issued_at=clock.now(),
        invoice=receipts.printed_invoice(invoice, [_line(one, at_home) for one in page.lines], invoice.paid_cents),
        due_on=invoice.due_on,
        balance_cents=invoice.balance_cents,
        is_cancelled=invoice.status == Invoice.CANCELLED,
        reference=payment_slips.reference(invoice.number),
        addressee=account.person.name,
        address=household.postal_address(account),
        movements=account_statement.of_invoice(invoice),
        is_being_paid=page.under_way is not None,
        pay_at=pay_at,
    )


def _line(line: InvoiceLine, at_home: set[int]) -> PrintedLine:
    printed = receipts.printed_line(line)
    if line.person is None or line.person_id in at_home:
        return printed
    return replace(printed, whom=line.person.first_name)
