"""The PDF of a tax receipt: what it said when it was issued, and whether it still counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from adapters.documents.pdf import LINE, letterhead, new, offer_help
from domain.common.formats import dated, day, money
from domain.taxes.tax_receipts import TaxReceiptDocument

if TYPE_CHECKING:
    from fpdf import FPDF

AGENCY = "Agence du revenu du Canada – canada.ca/organismes-bienfaisance-dons"
NOT_RL24 = "Ce reçu n’est pas un relevé 24. La Ville remet le relevé 24 à part."
PARTIAL = "Année incomplète\u00a0: les paiements faits avant l’ouverture de ce site n’y sont pas tous."


def tax_receipt_pdf(document: TaxReceiptDocument) -> bytes:
    """Draw a tax receipt."""
    pdf = new(f"{_title(document)} – {document.number}", document)
    letterhead(pdf, document)
    pdf.line_of(_title(document), "H1", size=18, bold=True)
    pdf.line_of(f"Numéro {document.number}", bold=True)
    _standing(pdf, document)
    pdf.ln(3)
    (_gift if document.is_gift else _yearly)(pdf, document)
    _signed(pdf, document)
    offer_help(pdf, document)
    return bytes(pdf.output())


def _title(document: TaxReceiptDocument) -> str:
    if document.is_gift:
        return "Reçu officiel aux fins de l’impôt sur le revenu"
    if document.is_child_care:
        return f"Reçu pour frais de garde d’enfants, {document.year}"
    return f"Reçu pour activités, {document.year}"


def _standing(pdf: FPDF, document: TaxReceiptDocument) -> None:
    """Say whether the receipt still counts, and what it takes the place of."""
    if document.cancelled_at:
        instead = f", remplacé par le reçu {document.replaced_by}" if document.replaced_by else ""
        pdf.line_of(f"ANNULÉ le {dated(document.cancelled_at)}{instead}. Ce reçu ne vaut plus.", size=14, bold=True)
    if document.replaces:
        pdf.line_of(f"Ce reçu remplace le reçu {document.replaces}, annulé.", bold=True)


def _gift(pdf: FPDF, document: TaxReceiptDocument) -> None:
    """Write what section 3501 of the Income Tax Regulations asks of a gift of money."""
    _payer(pdf, "Donateur", document.printed)
    _fact(pdf, "Don reçu le", _day(document.printed["received_on"]))
    pdf.rule()
    pdf.row("Montant du don, en argent", money(document.amount_cents))
    pdf.row("Avantage reçu en échange (aucun)", money(0))
    pdf.row("Montant admissible du don aux fins de l’impôt", money(document.amount_cents), bold=True)
    pdf.ln(4)
    pdf.line_of(AGENCY)


def _yearly(pdf: FPDF, document: TaxReceiptDocument) -> None:
    printed = document.printed
    _payer(pdf, "Payé par", printed)
    if printed["person"]:
        _fact(pdf, "Pour", f"{printed['person']}, naissance le {_day(printed['born'])}")
    if printed["services"]:
        _fact(pdf, "Services", "; ".join(printed["services"]))
    if printed["care"]:
        number, first, last, *places = printed["care"]
        _fact(pdf, "Jours de garde", f"{number}, du {_day(first)} au {_day(last)}")
        _fact(pdf, "Lieu", "; ".join(places))
    pdf.rule()
    period = f"Payé du {day(date(document.year, 1, 1))} au {day(date(document.year, 12, 31))}"
    pdf.row(period, money(document.amount_cents), bold=True)
    pdf.ln(4)
    if printed["partial"]:
        pdf.line_of(PARTIAL, bold=True)
    if document.is_child_care:
        pdf.line_of(NOT_RL24)


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso))


def _payer(pdf: FPDF, heading: str, printed: dict) -> None:
    pdf.line_of(heading, "H2", bold=True)
    for line in (printed["payer"], *printed["address"]):
        pdf.line_of(line)
    pdf.ln(3)


def _fact(pdf: FPDF, name: str, value: str) -> None:
    pdf.line_of(f"{name}\u00a0: {value}")
    pdf.ln(1)


def _signed(pdf: FPDF, document: TaxReceiptDocument) -> None:
    printed = document.printed
    pdf.ln(3)
    pdf.make_room(6 * LINE)
    pdf.line_of(f"Délivré par {', '.join(printed['issuer'])}.")
    pdf.line_of(f"Fait à {printed['place']}, le {dated(document.issued_at)}.")
    pdf.line_of(f"Signature autorisée\u00a0: {printed['signatory']}", bold=True)
    pdf.line_of(f"Établi selon les règles fiscales de {printed['rules']}.", size=9, muted=True)
