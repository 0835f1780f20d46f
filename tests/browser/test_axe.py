"""axe-core finds nothing on any page, in any state, light or dark, loaded whole or swapped in."""

from collections.abc import Iterator

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

import models
from domain.access.credentials import hash_password
from domain.common import alerts, clock
from models import AuditEvent, ChangeRequest, Membership, Payment, Person, StaffAccount, StaffRole, write
from tests.browser.conftest import PHONE
from tests.browser.test_journey import choose_credentials, identify, type_card
from tests.factories import (
    make_account,
    make_household,
    make_invoice,
    make_person,
    make_saved_card,
    make_staff,
    make_tax_receipt,
)
from tests.server import Server
from tests.simulation import Simulator
from tests.staff.conftest import PASSWORD as STAFF_PASSWORD
from tests.walker import PASSWORD

WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

OPEN_PAGES = (
    "/",
    "/connexion",
    "/compte/carte",
    "/oubli/code",
    "/oubli/mot-de-passe?par=courriel",
    "/oubli/envoye",
    "/oubli/code-recu",
    "/mot-de-passe/x",
    "/courriel/x",
    "/rappelez-moi",
    "/confidentialite",
    "/confidentialite/conservation",
    "/favori",
    "/payer-une-facture",
    "/localisations",
    "/localisations/espace-culturel",
    "/inscription",
    "/inscription?q=rien+de+tel",
    "/inscription/club-ete-s3-ds-aigles",
    "/revoir?decision=price",
    "/nulle-part",
)
WHAT = ("telephone", "adresse", "nom", "naissance")
ROOMS = (
    "",
    "/acces",
    "/acces/code",
    "/acces/courriel",
    "/acces/mot-de-passe",
    "/activites",
    "/bordereau",
    "/famille",
    "/famille/ajouter",
    "/pret",
    "/reservations",
    "/recus-fiscaux",
    "/coffre",
    "/comptes",
    "/comptes/factures?page=2",
    "/comptes/factures",
    "/comptes/recus",
    "/comptes/releve",
    "/comptes/releve?du=x",
    "/comptes/rien",
    "/renseignements",
    "/renseignements/correction",
    "/renseignements/fermer",
)
STAFF_PAGES = (
    "",
    "/carte",
    "/facture",
    "/fiches-sante",
    "/remboursement",
    "/export",
    "/comptes",
    "/comptes/marie",
    "/incidents",
    "/journal",
    "/mot-de-passe",
)


class Judge:
    """Runs axe on what a page shows and keeps what it finds."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.found: list[str] = []
        self.seen = 0

    def __call__(self, name: str) -> None:
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            self.seen += 1
            for problem in Axe().run(self.page, options=WCAG).response["violations"]:
                places = "; ".join(node["html"][:120] for node in problem["nodes"][:3])
                self.found.append(f"{name} ({scheme}): {problem['id']}: {places}")
        self.page.emulate_media(color_scheme="light")

    def at(self, path: str, name: str = "") -> None:
        """Go to an address and judge it."""
        self.page.goto(self.url + path)
        self(name or path)

    def sends(self, name: str, button: str = "main form button >> nth=0") -> None:
        """Press the form's button and judge what comes."""
        self.page.click(button)
        self.page.wait_for_load_state("networkidle")
        self(name)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone-sized page on which axe may be put: the policy is tested elsewhere."""
    context = chromium.new_context(**PHONE, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def judge(page: Page, server: Server) -> Iterator[Judge]:
    """The judge, on the portal's database too; at the end, nothing may have been found."""
    models.open_database(server.environment["DATABASE_URL"])
    judge = Judge(page, server.url)
    yield judge
    models.database.close()
    models.database.obj.close_all()
    assert not judge.found, "\n".join(judge.found)
    assert judge.seen > 10


def fill_card(page: Page, person: Person) -> None:
    page.fill("#card_number", person.card_number)
    page.fill("#birth_year", str(person.birth_date.year))
    page.select_option("#birth_month", str(person.birth_date.month))
    page.fill("#birth_day", str(person.birth_date.day))


def test_the_way_in(judge: Judge, page: Page):
    for path in OPEN_PAGES:
        judge.at(path)
    for path in (
        "/connexion",
        "/compte/carte",
        "/oubli/code",
        "/oubli/code-recu",
        "/rappelez-moi",
        "/payer-une-facture",
    ):
        page.goto(judge.url + path)
        judge.sends(f"{path} empty")
    states = {
        "expired": make_person(expires_on=clock.today().replace(year=2020)),
        "lost": make_person(status=Person.LOST),
        "child": make_person(birth_date=clock.today().replace(year=2020, day=1)),
        "taken": make_account(make_person()).person,
    }
    for name, person in states.items():
        page.goto(f"{judge.url}/compte/carte")
        fill_card(page, person)
        judge.sends(f"card {name}")


def test_the_journey_swapped_in(judge: Judge, page: Page, server: Server, simulator: Simulator):
    identify(page, server)
    judge("step 2")
    judge.sends("step 2 empty")
    choose_credentials(page)
    judge("step 3")
    page.click("text=Voir et payer")
    page.wait_for_selector("text=Payer les factures cochées")
    judge("accounts")
    page.click("a[href^='/mon-dossier/comptes/']")
    page.wait_for_selector("h1:has-text('Facture')")
    judge("invoice")
    page.go_back()
    page.click("text=Payer les factures cochées")
    page.wait_for_selector("#pay-button:not([disabled])")
    judge("pay")
    simulator.breaks("sale", "hang")
    type_card(page)
    page.click("#pay-button")
    page.wait_for_selector("main[data-state=verifying]")
    judge("verifying")


def test_the_dossier(judge: Judge, page: Page):
    household = make_household()
    person = make_person(household, first_name="Geneviève-Antoinette-Marguerite", last_name="de la Bruère-Vaillancourt")
    make_person(household, first_name="Marc")
    account = make_account(person, "genevieve", password_hash=hash_password(PASSWORD), email="g@example.com")
    make_invoice(household, description="Camp de jour " * 15)
    for _ in range(25):
        make_invoice(household, status="cancelled")
    ChangeRequest.create(kind="correction", person=person, words="Mon nom")
    AuditEvent.create(actor_kind="staff", actor="x", action="file opened", person=person)
    page.goto(f"{judge.url}/connexion")
    page.fill("#username", account.username)
    page.fill("#password", PASSWORD)
    page.click("main form button.main-action")
    for path in ROOMS:
        judge.at(f"/mon-dossier{path}")
    called = models.EmergencyContact.create(person=person, household=household, name="Ginette", phone="819 843-1330")
    models.EmergencyContact.create(person=person, household=household, name="Réjean", phone="819 843-1331", rank=1)
    judge.at(f"/mon-dossier/famille/{person.id}/urgence/{called.id}")
    hers = [f"/famille/{person.id}/{path}" for path in ("urgence", "changement", *(f"changer/{what}" for what in WHAT))]
    typed = ("/acces/courriel", "/acces/mot-de-passe", "/renseignements/correction", "/renseignements/fermer")
    for path in (*hers, *typed):
        page.goto(f"{judge.url}/mon-dossier{path}")
        judge.sends(f"{path} empty")
    judge.at("/compte/aide-memoire")
    make_coffer(judge, page, account)
    make_payment_states(judge, account, household)


def make_coffer(judge: Judge, page: Page, account: models.Account) -> None:
    """Judge the vault's pages: cards in every state, a year of receipts, and the card fields."""
    today = clock.today()
    for number, values in enumerate(
        ({"state": "refused", "problem": "cvv"}, {"expires_on": today}, {}, {"state": "removed"})
    ):
        make_saved_card(account, token=f"t{number}", is_default=not values, **values)
    first = make_tax_receipt(account.person, cancelled_at=clock.now())
    make_tax_receipt(account.person, replaces=first)
    models.ElectronicConsent.create(person=account.person)
    judge.at("/mon-dossier/coffre")
    judge.at("/mon-dossier/recus-fiscaux")
    judge.at(f"/mon-dossier/coffre/{models.SavedCard.get(models.SavedCard.is_default).reference}/retirer")
    page.goto(f"{judge.url}/mon-dossier/coffre/ajouter")
    page.wait_for_selector("#pay-button:not([disabled])")
    judge("adding a card")
    invoice = make_invoice(account.person.memberships.get().household)
    judge.at(f"/mon-dossier/payer?facture={invoice.number}", "paying with a saved card")


def make_payment_states(judge: Judge, account: models.Account, household: models.Household) -> None:
    states = (Payment.PAID, Payment.REFUSED, Payment.REFUNDED, Payment.CHARGED_BACK, Payment.UNEXPECTED)
    for number, state in enumerate(states):
        invoice = make_invoice(household)
        payment = Payment.create(
            reference=f"PAAA-000{number}", account=account, payer=account.person, state=state,
            amount_cents=10_000, refusal="funds", resolved_at=clock.now(),
        )  # fmt: skip
        models.PaymentInvoice.create(payment=payment, invoice=invoice, amount_cents=10_000)
        judge.at(f"/mon-dossier/paiements/{payment.reference}", f"payment {state}")


def test_the_citys_side(judge: Judge, page: Page):
    person = make_person()
    with write():
        alerts.raise_alert(alerts.Kind.GUESSING, "2026")
        asked = ChangeRequest.create(kind="correction", person=person, words="Mon nom")
        moves = ChangeRequest.create(kind="fields", person=person, words="Ma ville")
        models.AskedField.create(request=moves, person=person, field="city", seen="Magog", wanted="Orford")
    make_staff(
        "marie", *StaffRole.ROLES, password_hash=hash_password(STAFF_PASSWORD),
        totp_secret=pyotp.random_base32(), password_expires_at=clock.now().replace(year=2099),
    )  # fmt: skip
    judge.at("/personnel/connexion")
    judge.sends("/personnel/connexion empty")
    page.fill("#username", "marie")
    page.fill("#password", STAFF_PASSWORD)
    judge.sends("first time")
    assert "première visite" in page.inner_text("h1"), page.inner_text("main")
    judge.sends("first time empty")
    StaffAccount.update(password_expires_at=None, totp_confirmed_at=clock.now()).execute()
    judge.at("/personnel/code")
    models.StaffSession.update(confirmed_at=clock.now()).execute()
    payment = Payment.create(reference="PABC-2345", payer=person, state=Payment.PAID, amount_cents=100, gateway_id="x")
    for path in (*STAFF_PAGES, f"/demandes/{asked.id}", f"/remboursement?paiement={payment.reference}"):
        judge.at(f"/personnel{path}")
    for path in (
        f"/demandes/{asked.id}",
        f"/demandes/{moves.id}",
        "/carte",
        "/export",
        "/comptes",
        "/comptes/marie",
        "/incidents",
        "/mot-de-passe",
    ):
        page.goto(f"{judge.url}/personnel{path}")
        judge.sends(f"{path} empty")
    page.goto(f"{judge.url}/personnel/carte")
    page.fill("#card_number", person.card_number)
    judge.sends("a file")
    page.goto(f"{judge.url}/personnel/facture")
    judge.sends("no reference")
    page.fill("#reference", make_invoice(make_household()).number)
    judge.sends("an invoice")
    assert Membership.select().exists()
