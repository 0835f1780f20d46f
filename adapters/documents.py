"""PDF documents, drawn when asked for: tagged, in French, with an embedded font that prints « Trần »."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from domain.receipts import PrintedInvoice, PrintedLine, ReceiptDocument
from domain.wording import day, moment, money, phone, quantity

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
FAMILY = "DejaVu"
MARGIN, AMOUNT_WIDTH, LINE = 20, 40, 6  # millimetres
INK, MUTED, RULE = (27, 42, 50), (82, 100, 109), (203, 216, 221)
DROPPED = ("Cc", "Cf", "Co", "Cs", "Cn")


@cache
def _tagged_pdf() -> type[FPDF]:
    """Make the document class. fpdf2 weighs 22 MB: it is imported when the first document is asked for."""
    from fpdf import FPDF
    from fpdf.enums import XPos, YPos

    class TaggedPdf(FPDF):
        """A letter-size document whose headings and paragraphs are tagged, for screen readers."""

        title_words = ""

        def footer(self) -> None:
            self.set_y(-15)
            self.set_font(FAMILY, size=8)
            self.set_text_color(*MUTED)
            self.cell(0, 5, f"{self.title_words} – page {self.page_no()} de {{nb}}", align="C")

        @contextmanager
        def tagged(self, kind: str) -> Iterator[None]:
            """Tag what is written in the block; it must stand on one page."""
            number = self.struct_builder.next_mcid_for_page(self.page)
            self._add_marked_content(struct_type=f"/{kind}", mcid=number)
            self._out(f"/{kind} <</MCID {number}>> BDC")
            yield
            self._out("EMC")

        def line_of(
            self, text: str, kind: str = "P", size: float = 10, bold: bool = False, muted: bool = False
        ) -> None:
            """Write a paragraph across the page."""
            self._dress(size, bold, muted)
            self._make_room(text, self.epw)
            with self.tagged(kind):
                self.multi_cell(0, LINE * size / 10, printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")

        def row(self, text: str, amount: str, *, bold: bool = False, muted: bool = False) -> None:
            """Write words on the left, wrapped, and an amount on the right, as one tagged paragraph."""
            self._dress(10, bold, muted)
            width = self.epw - AMOUNT_WIDTH
            self._make_room(text, width)
            top = self.get_y()
            with self.tagged("P"):
                self.multi_cell(width, LINE, printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
                bottom = self.get_y()
                self.set_xy(self.l_margin + width, top)
                self.cell(AMOUNT_WIDTH, LINE, amount, align="R")
            self.set_xy(self.l_margin, bottom)

        def rule(self) -> None:
            """Draw a thin line across the page."""
            self.set_draw_color(*RULE)
            self.line(self.l_margin, self.get_y() + 1, self.w - self.r_margin, self.get_y() + 1)
            self.ln(3)

        def _dress(self, size: float, bold: bool, muted: bool) -> None:
            self.set_font(FAMILY, style="B" if bold else "", size=size)
            self.set_text_color(*(MUTED if muted else INK))

        def _make_room(self, text: str, width: float) -> None:
            height = self.multi_cell(width, LINE, printable(text), dry_run=True, output="HEIGHT")
            if self.will_page_break(height):
                self.add_page()

    return TaggedPdf


def receipt_pdf(document: ReceiptDocument) -> bytes:
    """Draw a receipt."""
    pdf = _new(f"Reçu {document.number}", document)
    _letterhead(pdf, document)
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
    pdf.rule()
    pdf.row("Total payé", money(document.total_cents), bold=True)
    pdf.ln(6)
    _closing(pdf, document)
    return bytes(pdf.output())


def printable(text: str) -> str:
    """Return a text without what cannot be printed: control and direction characters, and emoji."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(c for c in composed if unicodedata.category(c) not in DROPPED and ord(c) < 0x2500)


def _new(title: str, document: ReceiptDocument) -> FPDF:
    pdf = _tagged_pdf()(format="letter", unit="mm")
    pdf.title_words = title
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(True, margin=MARGIN)
    pdf.add_font(FAMILY, fname=FONTS / "DejaVuSans.ttf")
    pdf.add_font(FAMILY, style="B", fname=FONTS / "DejaVuSans-Bold.ttf")
    pdf.set_lang("fr-CA")
    pdf.set_title(f"{title} – {document.city.name}")
    pdf.set_author(document.city.name)
    pdf.set_creation_date(document.issued_at.replace(tzinfo=UTC))  # the same receipt gives the same file
    pdf.add_page()
    return pdf


def _letterhead(pdf: FPDF, document: ReceiptDocument) -> None:
    city = document.city
    pdf.line_of(city.name, bold=True, size=12)
    for line in city.address:
        pdf.line_of(line, size=9, muted=True)
    pdf.line_of(f"Téléphone : {phone(city.phone)}", size=9, muted=True)
    pdf.line_of(f"TPS {city.tax.tps_number} · TVQ {city.tax.tvq_number}", size=9, muted=True)
    pdf.ln(6)


def _invoice(pdf: FPDF, invoice: PrintedInvoice) -> None:
    pdf.ln(4)
    pdf.line_of(f"Facture {invoice.number}, émise le {day(invoice.issued_on)}", "H2", size=11, bold=True)
    pdf.rule()
    for line in invoice.lines:
        pdf.row(_line_words(line), money(line.net_cents))
    if invoice.tps_cents or invoice.tvq_cents:
        pdf.row("Sous-total", money(invoice.subtotal_cents), muted=True)
        pdf.row("TPS 5 %", money(invoice.tps_cents), muted=True)
        pdf.row("TVQ 9,975 %", money(invoice.tvq_cents), muted=True)
    pdf.row("Total de la facture", money(invoice.total_cents))
    if invoice.paid_cents != invoice.total_cents:
        pdf.row("Payé avec ce reçu", money(invoice.paid_cents), bold=True)


def _line_words(line: PrintedLine) -> str:
    whom = f", pour {line.whom}" if line.whom else ""
    count = ""
    if line.quantity_thousandths != 1000:
        count = f" ({quantity(line.quantity_thousandths)} × {money(line.unit_price_cents)})"
    return f"{line.description}{whom}{count}"


def _closing(pdf: FPDF, document: ReceiptDocument) -> None:
    city = document.city
    if document.card:
        pdf.line_of(f"Votre relevé de carte dira « {city.payment.statement} ».", size=9, muted=True)
    option = f", option {city.help.option}" if city.help.option else ""
    pdf.line_of(f"Besoin d’aide ? {city.help.name}, {phone(city.help.phone)}{option}.", size=9, muted=True)
