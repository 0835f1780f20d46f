"""The PDF documents: drawn when asked for, never kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import segno

from adapters.documents import mark
from adapters.documents.pdf import LINE, WIDTHS, letterhead, new, offer_help
from city import City
from domain.billing.account_statement import Statement
from domain.billing.invoice_document import InvoiceDocument
from domain.billing.receipts import PrintedInvoice, PrintedLine, ReceiptDocument
from domain.common.formats import dated, day, moment, money, percent, phone, quantity
from domain.common.money import TPS_THOUSANDTHS_OF_PERCENT, TVQ_THOUSANDTHS_OF_PERCENT

if TYPE_CHECKING:
    from fpdf import FPDF

TOTALS_HEIGHT = 6 * LINE
HEADINGS = ("Quantité", "Prix", "Montant")
NOT_FOR_TAXES = (
    "Ce reçu confirme votre paiement. Ce n’est pas un reçu officiel aux fins de l’impôt sur le revenu\u00a0: "
    "les reçus pour frais de garde et pour dons sont remis à part."
)


def qr(text: str) -> str:
    """Return a QR code as an SVG element to set in a page; dark on white in dark mode too, for cameras want it so."""
    return segno.make(text, error="m").svg_inline(scale=5, light="white")


def mark_address(city: City) -> str:
    """Return the city's own mark as an address to set in a page; empty when it has none."""
    return mark.address(city)


def receipt_pdf(document: ReceiptDocument) -> bytes:
    """Draw a receipt."""
    pdf = new(f"Reçu {document.number}", document)
    letterhead(pdf, document)
    pdf.line_of(f"Reçu {document.number}", "H1", size=20, bold=True)
    pdf.line_of(f"Paiement reçu le {moment(document.issued_at)}")
    pdf.line_of(f"Référence {document.reference}{f' · {document.card}' if document.card else ''}")
    if document.payer:
        pdf.ln(3)
        pdf.line_of("Payé par", "H2", bold=True)
        for line in (document.payer, *filter(None, document.payer_address)):
            pdf.line_of(line)
    for invoice in document.invoices:
        _invoice(pdf, invoice)
    pdf.ln(4)
    pdf.make_room(2 * LINE)
    pdf.rule()
    pdf.row("Total payé", money(document.total_cents), bold=True)
    pdf.ln(6)
    _closing(pdf, document)
    return bytes(pdf.output())


def invoice_pdf(document: InvoiceDocument, names: Mapping[str, str]) -> bytes:
    """Draw an invoice as it stands today; `names` says each kind of movement."""
    invoice = document.invoice
    pdf = new(f"Facture {invoice.number}", document)
    letterhead(pdf, document, taxes=document.is_taxed)
    pdf.line_of(f"Facture {invoice.number}", "H1", size=20, bold=True)
    if document.is_cancelled:
        pdf.line_of("ANNULÉE. Rien n’est à payer.", size=14, bold=True)
    pdf.line_of(f"Émise le {day(invoice.issued_on)}, à payer d’ici le {day(document.due_on)}")
    pdf.line_of(f"Référence {document.reference}")
    pdf.ln(3)
    pdf.line_of("Facturé à", "H2", bold=True)
    for line in (document.addressee, *document.address):
        pdf.line_of(line)
    pdf.ln(4)
    _lines(pdf, invoice.lines)
    if document.is_taxed:
        _taxes(pdf, invoice)
    pdf.row("Total de la facture", money(invoice.total_cents), bold=True)
    if not document.is_cancelled:
        _standing(pdf, document, names)
    pdf.ln(4)
    offer_help(pdf, document)
    return bytes(pdf.output())


def _standing(pdf: FPDF, document: InvoiceDocument, names: Mapping[str, str]) -> None:
    """Write what was paid and credited, what is left, and how to pay it."""
    for one in document.movements:
        words = f"{names[one.kind]} le {day(one.day)}{f' ({one.document})' if one.document else ''}"
        pdf.make_room(3 * LINE)  # what is left never stands on a page alone
        pdf.row(words, money(one.cents))
    pdf.rule()
    pdf.row(f"Reste à payer au {dated(document.issued_at)}", money(document.balance_cents), bold=True)
    if document.balance_cents:
        _ways_to_pay(pdf, document)


def _ways_to_pay(pdf: FPDF, document: InvoiceDocument) -> None:
    city = document.city
    pdf.ln(4)
    pdf.make_room(8 * LINE)
    pdf.line_of("Comment payer", "H2", size=11, bold=True)
    if document.is_being_paid:
        pdf.line_of("Un paiement en ligne est en cours. Attendez son résultat avant de payer autrement.", bold=True)
    for way in (
        f"Par chèque, à l’ordre de\u00a0: {city.name}, {', '.join(city.address)}. Écrivez la référence sur le chèque.",
        f"Au comptoir\u00a0: {city.counter.name}, {phone(city.counter.phone)} ({'; '.join(city.counter.hours)}).",
        f"Par téléphone\u00a0: {phone(city.counter.phone)}.",
        f"En ligne, sans compte\u00a0: {document.pay_at}, avec le numéro, le montant et votre code postal.",
    ):
        pdf.line_of(way)


def statement_pdf(statement: Statement, names: Mapping[str, str]) -> bytes:
    """Draw a statement of account; `names` says each kind of movement."""
    pdf = new("Relevé de compte", statement)
    letterhead(pdf, statement)
    pdf.line_of("Relevé de compte", "H1", size=20, bold=True)
    pdf.line_of(f"Du {day(statement.first)} au {day(statement.last)}")
    pdf.line_of(f"Famille de {statement.holder.name}")
    pdf.ln(3)
    _statement_row(pdf, "Dû au début de la période", "", statement.opening_cents)
    for one in statement.movements:
        words = f"{day(one.day)} – {names[one.kind]}, facture {one.invoice_number}"
        if one.document:
            words += f" ({one.document})"
        _statement_row(pdf, words, money(one.cents), one.balance_cents)
    pdf.make_room(5 * LINE)  # whom to call never stands on a page alone
    pdf.rule()
    pdf.row("Dû à la fin de la période", money(statement.closing_cents), bold=True)
    pdf.ln(4)
    offer_help(pdf, statement)
    return bytes(pdf.output())


def _statement_row(pdf: FPDF, words: str, amount: str, balance_cents: int) -> None:
    pdf.dress(10)
    pdf.make_room(len(pdf.wrapped(words, pdf.epw - sum(WIDTHS[-2:]))) * LINE)
    pdf.row(words, amount, f"dû {money(balance_cents)}")


def _invoice(pdf: FPDF, invoice: PrintedInvoice) -> None:
    pdf.ln(4)
    pdf.make_room(6 * LINE)  # a title never stands alone at the foot of a page
    pdf.line_of(f"Facture {invoice.number}, émise le {day(invoice.issued_on)}", "H2", size=11, bold=True)
    if not invoice.lines:  # paid without an account: what is on the invoice is the household's
        pdf.row("Payé avec ce reçu", money(invoice.paid_cents))
        return
    _lines(pdf, invoice.lines)
    _taxes(pdf, invoice)
    pdf.row("Total de la facture", money(invoice.total_cents))
    if invoice.paid_cents != invoice.total_cents:
        pdf.row("Payé avec ce reçu", money(invoice.paid_cents), bold=True)


def _lines(pdf: FPDF, lines: Sequence[PrintedLine]) -> None:
    _headings(pdf)
    for line in lines:
        _line(pdf, line, is_last=line is lines[-1])
    pdf.make_room(TOTALS_HEIGHT)
    pdf.rule()


def _taxes(pdf: FPDF, invoice: PrintedInvoice) -> None:
    pdf.row("Sous-total", money(invoice.subtotal_cents), muted=True)
    pdf.row(f"TPS {percent(TPS_THOUSANDTHS_OF_PERCENT)}", money(invoice.tps_cents), muted=True)
    pdf.row(f"TVQ {percent(TVQ_THOUSANDTHS_OF_PERCENT)}", money(invoice.tvq_cents), muted=True)


def _line(pdf: FPDF, line: PrintedLine, is_last: bool) -> None:
    """Write an invoice's line; the last one stays on the page of the totals."""
    note = f"pour {line.whom}" if line.whom else ""
    pdf.dress(10)
    rows = sum(len(pdf.wrapped(text, pdf.epw - sum(WIDTHS))) for text in (line.description, note) if text)
    if pdf.make_room(rows * LINE + (TOTALS_HEIGHT if is_last else 0)):
        _headings(pdf)
    amounts = (quantity(line.quantity_thousandths), money(line.unit_price_cents), money(line.net_cents))
    pdf.row(line.description, *amounts, note=note)
    pdf.ln(1)


def _headings(pdf: FPDF) -> None:
    """Write the columns' headings, again on each page; each row reads well aloud without them."""
    pdf.dress(8.5, muted=True)
    with pdf.artifact():
        pdf.cell(pdf.epw - sum(WIDTHS), LINE, "Description")
        for width, heading in zip(WIDTHS, HEADINGS, strict=True):
            pdf.cell(width, LINE, heading, align="R")
    pdf.ln(LINE)
    pdf.rule()


def _closing(pdf: FPDF, document: ReceiptDocument) -> None:
    city = document.city
    if document.card:
        pdf.line_of(f"Votre relevé de carte dira « {city.payment.statement} ».", size=9, muted=True)
    if document.tax_receipt_follows:
        pdf.line_of(NOT_FOR_TAXES, size=9, muted=True)
    offer_help(pdf, document)
