"""An invoice as a PDF: every cent of the page, whom it is addressed to, and how it stands today."""

import io
import re

import pytest
from pypdf import PdfReader

from domain.billing import credit_notes, payment_slips
from domain.billing.issuing import LineDraft
from domain.billing.listener import Listener
from domain.common import clock
from domain.common.formats import day, money
from models import Invoice, InvoiceLine, Membership, Person, UnverifiedAccount, write
from tests.factories import (
    make_household,
    make_invoice,
    make_invoice_of,
    make_payment_under_way,
    make_person,
    pay_elsewhere,
    take_back,
)


def path(invoice: Invoice) -> str:
    return f"/mon-dossier/comptes/{invoice.number}.pdf"


def reader(citizen, invoice: Invoice) -> PdfReader:
    answer = citizen.client.get(path(invoice))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert len(answer.data) <= 60_000
    return PdfReader(io.BytesIO(answer.data))


def words(citizen, invoice: Invoice) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in reader(citizen, invoice).pages)


def left(text: str) -> str:
    """Return what a document says is left to pay."""
    return re.search(r"Reste à payer au [^$]* ([\d ]+,\d\d) \$", text)[1]


def make_line(description: str, cents: int = 1_000, person: Person | None = None, **values) -> LineDraft:
    defaults = {"quantity_thousandths": 1_000, "tax_code": InvoiceLine.EXEMPT, "category": "activity"}
    defaults |= {"ledger_account": "4100", "person": person.id if person else None}
    return LineDraft(description=description, unit_price_cents=cents, **(defaults | values))


def test_it_says_all_that_an_invoice_must(citizen, city):
    child = make_person(citizen.household, first_name="Léa")
    lines = [
        make_line("Aquaforme", 1_250, child, quantity_thousandths=8_000, tax_code=InvoiceLine.TAXABLE),
        make_line("Club été", 5_000, child),
    ]
    invoice = make_invoice_of(citizen.household, lines)
    citizen.joins()
    text = words(citizen, invoice)
    for said in (
        f"{city.name} {city.address[0]}",
        f"TPS {city.tax.tps_number} · TVQ {city.tax.tvq_number}",
        f"Facture {invoice.number} Émise le {day(invoice.issued_on)}, à payer d’ici le {day(invoice.due_on)}",
        f"Référence {payment_slips.reference(invoice.number)}",
        "Facturé à Geneviève Trần 12, rue Merry Nord Magog J1X 2B6",
        "Aquaforme pour Léa Trần 8 12,50 $ 100,00 $",
        "Club été pour Léa Trần 1 50,00 $ 50,00 $",
        "Sous-total 150,00 $ TPS 5 % 5,00 $ TVQ 9,975 % 9,98 $ Total de la facture 164,98 $",
        f"Reste à payer au {day(clock.today())} 164,98 $",
        "Par chèque, à l’ordre de",
        "/payer-une-facture",
        "page 1 de 1",
    ):
        assert said.replace("\u00a0", " ") in text, said


def test_the_page_leads_to_it_and_bears_the_same_amounts(citizen):
    invoice = make_invoice(citizen.household, 10_000, taxable=True)
    pay_elsewhere((invoice, 4_321))
    citizen.joins()
    html, text = citizen.client.get_page(f"/mon-dossier/comptes/{invoice.number}"), words(citizen, invoice)
    assert f'href="{path(invoice)}"' in html
    for cents in (11_498, 500, 998, 4_321, 11_498 - 4_321):
        assert money(cents) in html
        assert money(cents).replace("\u00a0", " ") in text


def test_without_a_tax_it_says_nothing_of_taxes(citizen):
    invoice = make_invoice(citizen.household, 5_000)
    citizen.joins()
    text = words(citizen, invoice)
    assert "TPS" not in text
    assert "Total de la facture 50,00 $" in text


class TestStanding:
    """What was paid and credited, line by line: with the total, they add up to what is left."""

    @pytest.fixture
    def invoice(self, citizen) -> Invoice:
        citizen.joins()
        return make_invoice(citizen.household, 10_000)

    def test_paid_in_part(self, citizen, invoice):
        pay_elsewhere((invoice, 4_000))
        text = words(citizen, invoice)
        assert f"Payé le {day(clock.today())} −40,00 $".replace("\u00a0", " ") in text
        assert left(text) == "60,00"

    def test_paid_whole_it_asks_for_nothing(self, citizen, invoice):
        pay_elsewhere((invoice, 10_000))
        text = words(citizen, invoice)
        assert left(text) == "0,00"
        assert "Comment payer" not in text

    def test_refunded_in_part(self, citizen, invoice):
        note = take_back(pay_elsewhere((invoice, 10_000)), 2_500)
        text = words(citizen, invoice)
        for said in (f"({note.number}) −25,00 $", f"({note.number}) 25,00 $"):
            assert said in text
        assert left(text) == "0,00"

    def test_owed_again(self, citizen, invoice):
        take_back(pay_elsewhere((invoice, 10_000)), 10_000, owed_again=True)
        text = words(citizen, invoice)
        assert "Paiement annulé" in text
        assert left(text) == "100,00"

    def test_credited(self, citizen, invoice):
        with write():
            credit_notes.let_go(invoice, {invoice.lines.get().id: 3_000}, reason="rabais", listener=Listener())
        text = words(citizen, invoice)
        assert "−30,00 $" in text
        assert left(text) == "70,00"

    def test_cancelled(self, citizen):
        citizen.joins()
        cancelled = make_invoice(citizen.household, 10_000, status=Invoice.CANCELLED)
        text = words(citizen, cancelled)
        assert "ANNULÉE" in text
        for unsaid in ("Reste à payer", "Comment payer"):
            assert unsaid not in text

    def test_being_paid(self, citizen, invoice):
        make_payment_under_way(invoice)
        assert "Un paiement en ligne est en cours" in words(citizen, invoice)


def test_forty_lines_take_numbered_pages(citizen):
    lines = [make_line(f"Activité {number}, en fin de journée", 1_000 + number) for number in range(40)]
    invoice = make_invoice_of(citizen.household, lines)
    citizen.joins()
    found = [" ".join(page.extract_text().split()) for page in reader(citizen, invoice).pages]
    assert len(found) > 1
    for number, page in enumerate(found, start=1):
        assert f"Facture {invoice.number} – page {number} de {len(found)}" in page
    assert all(any(f"Activité {number}," in page for page in found) for number in range(40))
    assert money(40_000 + sum(range(40))).replace("\u00a0", " ") in found[-1]


def test_names_in_other_scripts_are_printed(citizen):
    names = ("Иван", "ᓯᓚ", "Ελένη", "Đặng")
    people = [make_person(citizen.household, first_name=name) for name in names]
    invoice = make_invoice_of(citizen.household, [make_line(f"Atelier {one.first_name}", 100, one) for one in people])
    citizen.joins()
    text = words(citizen, invoice)
    for name in names:
        assert f"Atelier {name} pour {name} Trần" in text
    assert "?" not in text.replace("Besoin d’aide?", "")


def test_it_is_tagged_titled_and_in_french(citizen):
    invoice = make_invoice(citizen.household)
    citizen.joins()
    drawn = reader(citizen, invoice)
    assert drawn.trailer["/Root"]["/Lang"] == "fr-CA"
    assert drawn.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert drawn.metadata.title == f"Facture {invoice.number} – Ville de Magog"


def test_before_it_is_known_whose_the_account_is_no_address_is_printed(citizen):
    invoice = make_invoice(citizen.household)
    citizen.joins(verified=False)
    assert UnverifiedAccount.select().exists()
    text = words(citizen, invoice)
    assert "Facturé à Geneviève Trần" in text
    assert "rue Merry" not in text


def test_of_who_lives_elsewhere_now_it_says_no_more_than_the_page(citizen):
    gone = make_person(citizen.household, first_name="Marc", last_name="Refuge", address="77, chemin du Refuge")
    invoice = make_invoice(citizen.household, person=gone)
    Membership.update(household=make_household()).where(Membership.person == gone).execute()
    citizen.joins()
    text = words(citizen, invoice)
    assert "pour Marc 1" in text
    assert "Refuge" not in text


@pytest.mark.parametrize("number", ["F99999", "' OR 1=1 --", "é" * 300])
def test_what_does_not_exist_or_is_anothers_is_not_found(citizen, number):
    other = make_invoice(make_household())
    citizen.joins()
    assert citizen.client.get(f"/mon-dossier/comptes/{number}.pdf").status_code == 404
    assert citizen.client.get(path(other)).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client):
    invoice = make_invoice(make_household())
    assert client.get(path(invoice)).status_code == 303
