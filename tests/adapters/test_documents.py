"""A receipt's PDF: complete, tagged, small, the same each time, whatever the texts hold."""

import io
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime

import pytest
from pypdf import PdfReader

from adapters.documents.billing import receipt_pdf
from city import City
from domain.billing.receipts import PrintedInvoice, PrintedLine, ReceiptDocument


def make_line(description: str = "Club été, semaine 3", whom: str = "Léo Trần", **values) -> PrintedLine:
    figures = {"quantity_thousandths": 3_000, "unit_price_cents": 3_500, "net_cents": 10_500, "category": "activity"}
    return PrintedLine(description=description, whom=whom, **(figures | values))


def make_printed(*lines: PrintedLine, number: str = "F11001") -> PrintedInvoice:
    return PrintedInvoice(number, date(2026, 11, 1), list(lines), 123_456, 6_173, 12_315, 141_944, 141_944)


@pytest.fixture
def document(city: City) -> ReceiptDocument:
    return ReceiptDocument(
        city=city,
        number="R000123",
        issued_at=datetime(2026, 11, 23, 18, 30),
        reference="P7KQ-AB3M",
        payer="Geneviève Trần-Lefebvre",
        payer_address=["12, rue Merry Nord", "Magog  J1X 2B6"],
        card="Visa se terminant par 1111",
        invoices=[make_printed(make_line())],
        total_cents=141_944,
    )


def pages(pdf: bytes) -> list[str]:
    """Return each page's words, one space between them."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def words(document: ReceiptDocument) -> str:
    return " ".join(pages(receipt_pdf(document)))


def with_lines(document: ReceiptDocument, *lines: PrintedLine) -> ReceiptDocument:
    return replace(document, invoices=[make_printed(*lines)])


@pytest.mark.parametrize(
    "expected",
    [
        "Ville de Magog",
        "7, rue Principale Est",
        "TPS 000000000 RT0001 · TVQ 0000000000 TQ0001",
        "Reçu R000123",
        "Paiement reçu le 23 novembre 2026 à 13 h 30",
        "Référence P7KQ-AB3M · Visa se terminant par 1111",
        "Geneviève Trần-Lefebvre",
        "12, rue Merry Nord",
        "Facture F11001, émise le 1er novembre 2026",
        "Club été, semaine 3 pour Léo Trần 3 35,00 $ 105,00 $",
        "Sous-total 1 234,56 $",
        "TPS 5 % 61,73 $",
        "TVQ 9,975 % 123,15 $",
        "Total de la facture 1 419,44 $",
        "Total payé 1 419,44 $",
        "Votre relevé de carte dira « VILLE DE MAGOG ».",
        "Besoin d’aide? Bibliothèque Memphrémagog, 819 843-1330, option 2.",
        "page 1 de 1",
    ],
)
def test_a_receipt_says(document: ReceiptDocument, expected: str):
    assert expected in words(document)


def test_what_was_paid_of_an_invoice_is_told_when_it_is_not_all(document: ReceiptDocument):
    part = replace(make_printed(make_line()), paid_cents=40_000)
    assert "Payé avec ce reçu 400,00 $" in words(replace(document, invoices=[part]))
    assert "Payé avec ce reçu" not in words(document)


def test_without_a_card_nothing_is_said_of_a_statement(document: ReceiptDocument):
    assert "relevé" not in words(replace(document, card="", payer="", payer_address=[]))


def test_child_care_is_told_apart_from_a_tax_receipt(document: ReceiptDocument):
    child_care = with_lines(document, make_line(category="child_care"))
    assert "Ce n’est pas un reçu officiel aux fins de l’impôt" in words(child_care)
    assert "officiel" not in words(document)


def test_the_same_receipt_gives_the_same_file(document: ReceiptDocument):
    assert receipt_pdf(document) == receipt_pdf(document)


def test_the_file_is_tagged_titled_dated_and_in_french(document: ReceiptDocument):
    reader = PdfReader(io.BytesIO(receipt_pdf(document)))
    catalog = reader.trailer["/Root"]
    kinds = [kid.get_object()["/S"] for kid in catalog["/StructTreeRoot"]["/K"][0].get_object()["/K"]]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "fr-CA"
    assert (kinds.count("/H1"), kinds.count("/H2")) == (1, 2)
    assert reader.metadata.title == "Reçu R000123 – Ville de Magog"
    assert reader.metadata.author == "Ville de Magog"
    assert reader.metadata.creation_date.replace(tzinfo=None) == document.issued_at


@pytest.mark.parametrize("count", range(1, 30, 2))
def test_every_marked_passage_begins_and_ends_on_its_page(document: ReceiptDocument, count: int):
    lines = [make_line("Activité " * 10, "Léo", category="donation") for _ in range(count)]
    for page in PdfReader(io.BytesIO(receipt_pdf(with_lines(document, *lines)))).pages:
        depth = 0
        for token in page.get_contents().get_data().split():
            depth += (token in (b"BDC", b"BMC")) - (token == b"EMC")
            assert depth in (0, 1)
        assert depth == 0


def test_read_aloud_in_their_order_words_and_figures_stay_apart(document: ReceiptDocument):
    pieces: list[str] = []
    [page] = PdfReader(io.BytesIO(receipt_pdf(with_lines(document, make_line("Activité " * 10))))).pages
    page.extract_text(visitor_text=lambda text, *_: pieces.append(text.replace("\n", "")))
    aloud = re.sub(" +", " ", "".join(pieces).replace("\u00a0", " "))
    assert "Activité " * 10 + "pour Léo Trần 3 35,00 $ 105,00 $" in aloud


def test_two_short_invoices_stand_on_one_page(document: ReceiptDocument):
    invoices = [make_printed(*[make_line()] * 3, number=number) for number in ("F1", "F2")]
    assert len(pages(receipt_pdf(replace(document, invoices=invoices)))) == 1


def test_many_lines_take_more_pages_each_with_its_headings(document: ReceiptDocument):
    found = pages(receipt_pdf(with_lines(document, *[make_line(f"Activité {n}") for n in range(40)])))
    assert len(found) > 1
    for number, page in enumerate(found, start=1):
        assert f"page {number} de {len(found)}" in page
        assert "Description Quantité Prix Montant" in page
    assert all(any(f"Activité {n} pour" in page for page in found) for n in range(40))


def test_an_invoices_totals_never_stand_on_a_page_without_a_line_of_it(document: ReceiptDocument):
    for count in range(1, 30):
        found = pages(receipt_pdf(with_lines(document, *[make_line()] * count)))
        [page] = [page for page in found if "Sous-total" in page]
        assert "Club été" in page, count


def test_a_receipt_stays_under_40_kb(document: ReceiptDocument):
    people = "Đặng Thị Mỹ Duyên", "Zoë Ōtsuka-Müller", "Łukasz Kowalczyk", "Nguyễn Phước Bửu"
    many = with_lines(document, *[make_line(f"Atelier {n}, cœur de l’été", people[n % 4]) for n in range(60)])
    assert len(receipt_pdf(many)) < 40 * 1024


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Trần Thị Mỹ Duyên", "Trần Thị Mỹ Duyên"),
        ("cœur, l’été, 1\u202f000\u2009m²", "cœur, l’été, 1 000 m²"),
        ("Tra\u0302\u0300n", "Trần"),
        ("Fête 🎉 au parc", "Fête au parc"),
        ("a\u202eb\u200bc\x00d", "abcd"),
        ("ligne\nligne\ttab\u2028fin", "ligne ligne tab fin"),
        ("Иван Ковальчук", "Иван Ковальчук"),
        ("ᓯᓚ ᐊᓂᖅ", "ᓯᓚ ᐊᓂᖅ"),
        ("Ελένη", "Ελένη"),
        ("Նարե et ნინო", "Նարե et ნინო"),
        ("王小明", "???"),
        ("علي", "???"),
        ("{nb} %s <b> \\", "{nb} %s <b> \\"),
    ],
)
def test_what_the_font_lacks_is_left_out_without_a_crash(document: ReceiptDocument, typed: str, printed: str):
    assert f"{printed} pour" in words(with_lines(document, make_line(typed)))


def test_a_text_that_is_far_too_long_is_cut(document: ReceiptDocument):
    assert len(pages(receipt_pdf(with_lines(document, make_line("W" * 10_000, "W" * 10_000))))) <= 2


def test_fpdf_is_loaded_only_when_a_document_is_drawn():
    asked = "import sys, adapters.documents; sys.exit('fpdf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
