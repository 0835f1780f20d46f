"""What the views ask of their neighbours, beside the ports of domain: app.py hands down who keeps these promises."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from city import City
from domain.activities.partner_contracts import ContractDocument
from domain.billing.account_statement import Statement
from domain.billing.invoice_document import InvoiceDocument
from domain.billing.receipts import ReceiptDocument
from domain.operations.health import Seen
from domain.taxes.tax_receipts import TaxReceiptDocument

Cell = str | int | date | None
SheetCell = str | int | Decimal | date | datetime | None  # a Decimal is an amount; a datetime is UTC

SheetTable = tuple[str, Sequence[str], Iterable[Sequence[SheetCell]]]  # its title, its headings, its rows


class Worker(Protocol):
    """Carries out at the gateway what pages commit."""

    def start(self) -> None:
        """Begin, in its own threads."""

    def wake(self) -> None:
        """Hear that there is something to do."""

    def see(self) -> Seen:
        """Return what only this process sees of itself and its machine."""


class Tokens(Protocol):
    """Keeps at hand what the card fields need."""

    def current(self) -> str:
        """Return the token at hand, empty when the gateway has not given one lately."""


class Documents(Protocol):
    """Draws what is printed."""

    def qr(self, text: str) -> str:
        """Return a QR code as an SVG element."""

    def receipt_pdf(self, document: ReceiptDocument) -> bytes:
        """Draw a receipt."""

    def invoice_pdf(self, document: InvoiceDocument, names: Mapping[str, str]) -> bytes:
        """Draw an invoice as it stands; `names` says each kind of movement."""

    def mark_address(self, city: City) -> str:
        """Return the city's own mark as an address to set in a page; empty when it has none."""

    def statement_pdf(self, statement: Statement, names: Mapping[str, str]) -> bytes:
        """Draw a statement of account; `names` says each kind of movement."""


class TaxDocuments(Protocol):
    """Draws receipts for taxes."""

    def tax_receipt_pdf(self, document: TaxReceiptDocument) -> bytes:
        """Draw a receipt for taxes."""


class ContractDocuments(Protocol):
    """Draws contracts with partners."""

    def contract_pdf(self, document: ContractDocument) -> bytes:
        """Draw a contract."""

    def cancellation_form_pdf(self, document: ContractDocument) -> bytes:
        """Draw the form that ends it."""


class CsvFiles(Protocol):
    """Writes tables that a spreadsheet opens."""

    def text_of(self, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
        """Return a table as the text of a file."""


class Spreadsheets(Protocol):
    """Writes tables for people: they open right in Quebec's spreadsheets."""

    def csv_text(self, header: Sequence[str], rows: Iterable[Sequence[SheetCell]]) -> str:
        """Return a table as text with semicolons and decimal commas."""

    def workbook(self, *tables: SheetTable) -> bytes:
        """Return tables as a workbook, a sheet each."""


class Answer(Protocol):
    """What the simulator answered."""

    @property
    def status(self) -> int:
        """The status of HTTP."""

    @property
    def body(self) -> bytes:
        """What it sent."""

    @property
    def content_type(self) -> str:
        """Of which type it is."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What to pass on beside it."""


class Simulator(Protocol):
    """Stands in for what the card fields load from Braintree."""

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes, query: str) -> Answer | None:
        """Return its answer, None when it does not answer."""
