"""The city's mark: on every document, its own or the hill and the lake; a file that makes none stops the start."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click
import pytest
from PIL import Image
from pypdf import PdfReader

from adapters.documents import billing, contracts, mark, taxes
from city import City, SettingError, load_city
from commands import start
from domain.activities.partner_contracts import ContractDocument
from domain.billing.account_statement import Statement
from domain.billing.invoice_document import InvoiceDocument
from domain.billing.receipts import PrintedInvoice, ReceiptDocument
from domain.taxes.tax_receipts import TaxReceiptDocument
from models import PartnerContract, Person
from tests.real_city import SHIPPED

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10H0z" fill="#123456"/></svg>'
HILL, LAKE, OWN = b"1 0.7843 0.2706 RG", b"0.0431 0.3098 0.4235 RG", b"0.0706 0.2039 0.3373 rg"  # their colours
THEN, DAY = datetime(2026, 11, 23, 18, 30), date(2026, 11, 23)
INVOICE = PrintedInvoice("F1", DAY, [], 100, 0, 0, 100, 0)
GIFT = {"payer": "G", "address": [], "received_on": "2026-01-02", "issuer": ["V"], "place": "Magog"}
GIFT |= {"signatory": "S", "rules": 2026}
AGREED = {"consumer": "G", "consumer_address": [], "partner": "É", "partner_address": [], "person": "L", "days": 1}
AGREED |= {"made_in": "Magog", "title": "Danse", "description": "", "place": "S", "starts_on": "2026-11-23"}
AGREED |= {"ends_on": "2026-11-23", "starts_at": "09:00", "ends_at": "10:30", "day_cents": 1, "net_cents": 1}
AGREED |= {"tps_cents": 0, "tvq_cents": 0, "schedule": []}


def contract(city: City) -> ContractDocument:
    made = PartnerContract(number="C1", made_at=THEN, total_cents=1, printed=json.dumps(AGREED))
    return ContractDocument(city, made, AGREED)


DOCUMENTS: dict[Callable, Callable[[City], bytes]] = {
    billing.receipt_pdf: lambda city: billing.receipt_pdf(
        ReceiptDocument(city, "R1", THEN, "P1", "G", [], "", [INVOICE], 100)
    ),
    billing.invoice_pdf: lambda city: billing.invoice_pdf(
        InvoiceDocument(city, THEN, INVOICE, DAY, 100, False, "F1-00", "G", [], [], False, "https://ici"), {}
    ),
    billing.statement_pdf: lambda city: billing.statement_pdf(
        Statement(city, THEN, Person(first_name="G", last_name="T"), DAY, DAY, 0, []), {}
    ),
    taxes.tax_receipt_pdf: lambda city: taxes.tax_receipt_pdf(
        TaxReceiptDocument(city, "D1", "donation", 2026, 100, GIFT, THEN, None, "", "")
    ),
    contracts.contract_pdf: lambda city: contracts.contract_pdf(contract(city)),
    contracts.cancellation_form_pdf: lambda city: contracts.cancellation_form_pdf(contract(city)),
}


def drawn(pdf: bytes) -> bytes:
    """Return what a document's first page draws."""
    return PdfReader(io.BytesIO(pdf)).pages[0].get_contents().get_data()


def marked(city: City, folder: Path, text: str = SQUARE, name: str = "mark.svg") -> City:
    (folder / name).write_text(text, encoding="utf-8")
    return replace(city, mark=str(folder / name))


def pictured(city: City, folder: Path, size: tuple[int, int] = (60, 40)) -> City:
    Image.new("RGB", size, "#123456").save(folder / "mark.png")
    return replace(city, mark=str(folder / "mark.png"))


def test_every_document_is_looked_at_here():
    modules = (billing, contracts, taxes)
    there = {one for module in modules for name, one in vars(module).items() if name.endswith("_pdf")}
    assert there == set(DOCUMENTS)


@pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.__name__)
def test_a_document_bears_the_mark_the_name_and_reads_nothing_of_it_aloud(kind, city, tmp_path):
    draw = DOCUMENTS[kind]
    usual, own = drawn(draw(city)), drawn(draw(marked(city, tmp_path)))
    assert HILL in usual
    assert LAKE in usual
    assert (OWN in usual, OWN in own, HILL in own) == (False, True, False)
    for page, colour in ((usual, HILL), (own, OWN)):
        before = page[: page.index(colour)]
        assert before.count(b"/Artifact BMC") == before.count(b"EMC") + 1 == 1
    with_picture = PdfReader(io.BytesIO(draw(pictured(city, tmp_path))))
    assert len(with_picture.pages[0].images) == 1
    assert city.name in with_picture.pages[0].extract_text()


def test_the_same_document_gives_the_same_file(city, tmp_path):
    for its_city in (city, marked(city, tmp_path), pictured(city, tmp_path)):
        assert DOCUMENTS[billing.receipt_pdf](its_city) == DOCUMENTS[billing.receipt_pdf](its_city)


def test_a_page_shows_the_citys_own_file_and_nothing_when_it_has_none(city, tmp_path):
    assert mark.address(city) == ""
    assert mark.address(marked(city, tmp_path)).startswith("data:image/svg+xml;base64,PHN2Zy")
    assert mark.address(pictured(city, tmp_path)).startswith("data:image/png;base64,iVBOR")


def test_what_is_drawn_lets_the_portal_start(city, tmp_path):
    for its_city in (city, marked(city, tmp_path), pictured(city, tmp_path)):
        start.refuse_undrawable_mark(its_city)


@pytest.mark.parametrize(
    "text",
    ["", "no drawing", "<html></html>", SQUARE[:40], SQUARE.replace("0 0 10 10", "0 0 100 10")],
    ids=["empty", "words", "a page", "cut", "too wide"],
)
@pytest.mark.parametrize("name", ["mark.svg", "mark.png"])
def test_what_is_not_drawn_stops_the_start_and_is_named(city, tmp_path, text, name):
    with pytest.raises(click.ClickException, match=f"mark .*{name} ne se dessine pas"):
        start.refuse_undrawable_mark(marked(city, tmp_path, text, name))


def test_a_drawing_fetches_nothing_from_elsewhere(city, tmp_path):
    beside = tmp_path / "secret.png"
    Image.new("RGB", (9, 9), "#654321").save(beside)
    calling = SQUARE.replace("<path", f'<image href="{beside}" width="9" height="9"/><path')
    with pytest.raises(click.ClickException, match="ne se dessine pas"):
        start.refuse_undrawable_mark(marked(city, tmp_path, calling))


def of_file(folder: Path, name: str) -> City:
    file = folder / "city.toml"
    file.write_text(SHIPPED.replace('mark = ""', f'mark = "{name}"'), encoding="utf-8")
    return load_city(file)


def test_the_file_stands_beside_the_citys(tmp_path):
    (tmp_path / "blason.SVG").write_text(SQUARE, encoding="utf-8")
    assert of_file(tmp_path, "blason.SVG").mark == str(tmp_path / "blason.SVG")
    assert of_file(tmp_path, "").mark == ""


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("blason.jpg", 10, "mark doit finir par .svg ou .png"),
        ("blason", 10, "mark doit finir par .svg ou .png"),
        ("absent.svg", None, "mark .*absent.svg ne se lit pas"),
        ("blason.png", 60 * 1024, "mark .*blason.png dépasse 50 Ko"),
    ],
)
def test_a_file_that_cannot_be_is_named_at_start(tmp_path, name, size, said):
    if size is not None:
        (tmp_path / name).write_bytes(b"x" * size)
    with pytest.raises(SettingError, match=said):
        of_file(tmp_path, name)
