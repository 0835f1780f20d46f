"""A partner's contract: what the law wants in it, for its household alone."""

import io

import pytest
from pypdf import PdfReader

from models import PartnerContract, PlannedInvoice
from tests.domain.cart.hold import held
from tests.factories import make_contract, make_group, make_household, make_person
from tests.registering.family import child_of


@pytest.fixture
def contract(citizen) -> PartnerContract:
    group = make_group(provider="partenaire", price_cents=10_000, title="Danse créative", tax_code="exempt")
    held(citizen.household, child_of(citizen, first_name="Léa"), group)
    citizen.joins()
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=10_000)
    assert answer.location == "/mon-dossier/activites"
    return PartnerContract.get()


def words_of(answer) -> str:
    assert answer.mimetype == "application/pdf"
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_it_names_who_what_when_where_how_much_and_how_it_ends(citizen, contract):
    text = words_of(citizen.client.get(f"/mon-dossier/activites/contrats/{contract.number}.pdf"))
    for expected in (
        "Le commerçant",
        "Le consommateur",
        citizen.person.name,
        "Danse créative, pour Léa",
        "début des services",
        "Taux à la journée",
        "20,00",
        "Versement 1",
        "Versement 2",
        "50,00",
        "Rien n’est à payer avant le début",
        "Mention exigée par la Loi sur la protection du consommateur",
        "la moins élevée des 2 sommes",
        "Dans les 10 jours",
    ):
        assert expected in text


def test_it_is_tagged_for_screen_readers(citizen, contract):
    data = citizen.client.get(f"/mon-dossier/activites/contrats/{contract.number}.pdf").data
    root = PdfReader(io.BytesIO(data)).trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "fr-CA"


def test_the_page_says_what_is_to_come_and_leads_to_both(citizen, contract):
    html = citizen.client.get_page("/mon-dossier/activites")
    assert "À venir, le" in html
    assert f"/mon-dossier/activites/contrats/{contract.number}.pdf" in html
    assert f"/mon-dossier/activites/contrats/{contract.number}/resiliation.pdf" in html
    assert PlannedInvoice.select().count() == 2


def test_the_cart_shows_the_schedule_before_confirming(citizen):
    held(citizen.household, child_of(citizen), make_group(provider="partenaire", price_cents=10_000))
    held(citizen.household, child_of(citizen), make_group(price_cents=5_800))
    citizen.joins()
    html = citizen.client.get_page("/panier")
    assert "rien à payer avant le début" in html
    assert html.count("À venir, le") == 2
    assert 'data-total-cents="15800" data-due-now-cents="5800"' in html
    assert "À payer maintenant" in html


def test_anothers_is_not_there(citizen, contract):
    other = make_contract(make_person(), make_household())
    assert citizen.client.get(f"/mon-dossier/activites/contrats/{other.number}.pdf").status_code == 404
