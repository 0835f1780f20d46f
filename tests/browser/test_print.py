"""Pages on paper: the coupon on one, and nothing on any that only a screen can use."""

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

import models
from domain.billing import payment_slips
from models import Account, Invoice
from tests.browser.test_journey import choose_credentials, identify
from tests.factories import make_invoice, make_payment_under_way
from tests.server import Server

FORMATS = ("Letter", "A4")
SCREEN_ONLY = ("Menu", "Déconnexion", "Cette page se ferme", "Retour à", "Imprimer", "Besoin d’aide?")
SCREEN_ONLY += (
    "Créer un favori",
    "Site de la Ville",
    "Démonstration",
    "Aller au contenu",
    "Voir cette période",
    "(PDF)",
    "Détails",
    "Changer",
    "Ajouter une personne",
)
LONG = "Activité parascolaire de fin de journée, groupe des Aigles et des Faucons " * 2


def printed(page: Page, size: str) -> list[str]:
    """Return the words of each sheet of paper."""
    sheets = PdfReader(io.BytesIO(page.pdf(format=size))).pages
    return [" ".join(sheet.extract_text().replace("\u00a0", " ").split()) for sheet in sheets]


@pytest.fixture
def home(page: Page, server: Server) -> Account:
    """A resident at her browser."""
    identify(page, server)
    choose_credentials(page)
    models.open_database(server.environment["DATABASE_URL"])
    return Account.get()


def owing(account: Account, count: int) -> list[Invoice]:
    """Return all that a household owes: so many invoices, of long words."""
    [household] = account.household_ids()
    while Invoice.payable([household]).count() < count:
        make_invoice(account.person.memberships.get().household, description=LONG, taxable=True)
    return list(Invoice.payable([household]))


@pytest.mark.parametrize("size", FORMATS)
@pytest.mark.parametrize("count", [3, 10])
def test_the_coupon_stands_on_one_page(page: Page, server: Server, home: Account, count: int, size: str):
    invoices = owing(home, count)
    page.goto(f"{server.url}/mon-dossier/bordereau")
    assert page.locator("[data-invoice]").count() == count
    [sheet] = printed(page, size)
    for invoice in invoices:
        assert sheet.count(payment_slips.reference(invoice.number)) == 2
    assert sheet.count(f"Famille de {home.person.name}") == 2
    assert sheet.count(home.person.address) == 2
    assert "Détachez et joignez à votre chèque" in sheet
    assert not [words for words in SCREEN_ONLY if words in sheet]


def test_the_coupon_stands_on_one_page_while_some_of_it_is_being_paid(page: Page, server: Server, home: Account):
    make_payment_under_way(*owing(home, 10)[:2])
    page.goto(f"{server.url}/mon-dossier/bordereau")
    [sheet] = printed(page, "Letter")
    assert "Un paiement en ligne est en cours" in sheet


def test_more_than_ten_invoices_take_pages_that_hold_each_whole(page: Page, server: Server, home: Account):
    invoices = owing(home, 40)
    page.goto(f"{server.url}/mon-dossier/bordereau")
    sheets = printed(page, "Letter")
    assert len(sheets) > 1
    assert "40 factures : ce coupon peut prendre plus d’une page" in sheets[0]
    for invoice in invoices:
        reference = payment_slips.reference(invoice.number)
        whole = re.compile(rf"Facture {invoice.number} [\d,]+ \$\s?Référence {reference} .{{1,200}} à payer d’ici")
        assert any(whole.search(sheet) for sheet in sheets)


def test_the_coupon_is_not_seen_twice_on_a_screen(page: Page, server: Server, home: Account):
    page.goto(f"{server.url}/mon-dossier/bordereau")
    assert page.locator(".coupon").is_hidden()
    expect(page.locator("button:has-text('Imprimer')")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    "path",
    [
        "/compte/aide-memoire",
        "/mon-dossier/comptes",
        "/mon-dossier/comptes/F21001",
        "/mon-dossier/comptes/factures",
        "/mon-dossier/comptes/recus",
        "/mon-dossier/comptes/releve",
        "/mon-dossier/recus-fiscaux",
        "/mon-dossier/renseignements",
        "/mon-dossier/famille",
    ],
)
def test_nothing_is_printed_that_only_a_screen_can_use(page: Page, server: Server, home: Account, path: str):
    page.goto(server.url + path)
    title = page.inner_text("h1")
    page.emulate_media(media="print")
    assert page.locator("button:visible, .button:visible, select:visible, nav:visible").count() == 0
    sheets = printed(page, "Letter")
    assert all(sheets), "an empty sheet"
    assert title in sheets[0]
    assert not [words for words in SCREEN_ONLY if any(words in sheet for sheet in sheets)]
