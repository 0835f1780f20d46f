"""The receipt's PDF."""

import io

import pypdf
import pytest

from models import Receipt
from tests.factories import make_household, make_invoice
from tests.walker import Citizen


@pytest.fixture
def receipt(citizen, simulator, paying) -> Receipt:
    citizen.joins()
    invoice = make_invoice(citizen.household, 10_000, taxable=True, person=citizen.person, description="Aquaforme")
    citizen.pays(invoice)
    paying()
    return Receipt.get()


def test_it_prints_all_that_a_receipt_must(citizen, receipt, city):
    response = citizen.client.get(f"/mon-dossier/recus/{receipt.number}.pdf")
    assert response.mimetype == "application/pdf"
    assert len(response.data) < 40_000
    pdf = pypdf.PdfReader(io.BytesIO(response.data))
    words = " ".join("".join(page.extract_text() for page in pdf.pages).split())
    for part in (city.name, city.tax.tps_number, city.tax.tvq_number, receipt.number, "Geneviève Trần", "Aquaforme"):
        assert part in words
    for amount in ("100,00", "5,00", "9,98", "114,98"):
        assert amount in words
    assert pdf.metadata.title.startswith(f"Reçu {receipt.number}")
    assert pdf.root_object["/Lang"] == "fr-CA"
    assert pdf.root_object["/MarkInfo"]["/Marked"]


def test_another_household_does_not_see_it(receipt, app):
    stranger = Citizen(app.test_client(), make_household())
    stranger.joins(username="luc")
    assert stranger.client.get(f"/mon-dossier/recus/{receipt.number}.pdf").status_code == 404


def test_numbers_follow_without_a_gap_whatever_is_refused(citizen, receipt, paying):
    for nonce in ("fake-consumed-nonce", "fake-valid-nonce", "fake-processor-declined-visa-nonce", "fake-valid-nonce"):
        citizen.pays(make_invoice(citizen.household), nonce=nonce)
        paying()
    assert [row.number for row in Receipt.select().order_by(Receipt.id)] == ["R000001", "R000002", "R000003"]


def test_asked_while_its_payment_is_uncertain_the_page_says_so(citizen, simulator, paying):
    citizen.joins()
    simulator.breaks("sale", "http_500")
    simulator.breaks("search", "http_500", times=50)
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household)))
    paying()
    answer = citizen.client.get(f"/mon-dossier/recus/{payment.reference}.pdf")
    assert answer.location == f"/mon-dossier/paiements/{payment.reference}"
    assert "Paiement en vérification" in citizen.client.get(answer.location).text
    assert "Son reçu viendra quand la banque aura répondu" in citizen.client.get_page("/mon-dossier/comptes/recus")


def test_asked_by_its_payments_reference_it_comes(citizen, receipt):
    answer = citizen.client.get(f"/mon-dossier/recus/{receipt.payment.reference}.pdf")
    assert answer.location == f"/mon-dossier/recus/{receipt.number}.pdf"
