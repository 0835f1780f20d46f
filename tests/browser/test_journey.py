"""The main journey in a real browser: card, credentials, dossier, payment, receipt."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.city.__main__ import birth_date, card_number
from domain.common import clock
from domain.common.formats import money
from tests.server import Server
from tests.simulation import Simulator
from tests.walker import PASSWORD


def identify(page: Page, server: Server) -> None:
    born = birth_date(42, 0, clock.today())
    page.goto(server.url)
    page.wait_for_load_state("networkidle")  # htmx comes once the page is read: a click before loads a page whole
    page.click("text=Créer mon compte")
    page.fill("#card_number", card_number(0, 0))
    page.fill("#birth_year", str(born.year))
    page.select_option("#birth_month", str(born.month))
    page.fill("#birth_day", str(born.day))
    page.click("text=Étape suivante")
    page.wait_for_url("**/compte/identifiants")


def choose_credentials(page: Page) -> None:
    page.fill("#username", "genevieve")
    page.fill("#password", PASSWORD)
    page.fill("#password_again", PASSWORD)
    page.click("button:has-text('Créer mon compte')")
    page.wait_for_url("**/mon-dossier")


def type_card(page: Page, number: str = "4111 1111 1111 1111", postal: str = "J1X 2B6") -> None:
    page.wait_for_selector("#pay-button:not([disabled])")
    for name, text in (("number", number), ("expiration", "12 / 30"), ("cvv", "123"), ("postal", postal)):
        box = page.frame_locator(f"#{name} iframe").locator("input:not([aria-hidden])")
        box.press_sequentially(text if name == "postal" else text.replace(" ", ""))


def test_from_the_card_to_the_receipt(page: Page, server: Server, simulator: Simulator, tmp_path: Path):
    identify(page, server)
    choose_credentials(page)
    page.click("text=Voir et payer")
    page.wait_for_selector("text=Payer les factures cochées")
    page.uncheck("input[name=facture] >> nth=2")
    due = page.locator("li:has(input:checked)").evaluate_all(
        "items => items.reduce((sum, item) => sum + Number(item.dataset.balanceCents), 0)"
    )
    page.click("text=Payer les factures cochées")
    type_card(page)
    page.click("#pay-button")
    expect(page.locator("main[data-state=paid]")).to_be_visible(timeout=10_000)
    assert "Vous n’avez rien d’autre à faire" in page.inner_text("main")
    charged = simulator.transactions()
    assert [t["amount_cents"] for t in charged] == [due]
    assert charged[0]["order_id"] == page.get_attribute("main", "data-payment")
    pdf = page.context.request.get(server.url + page.get_attribute("text=Voir le reçu (PDF)", "href"))
    assert pdf.body().startswith(b"%PDF")


def test_an_error_in_a_card_field_is_said_in_french_and_focused(page: Page, server: Server, simulator: Simulator):
    identify(page, server)
    choose_credentials(page)
    page.goto(server.url + "/mon-dossier/comptes")
    page.click("text=Payer les factures cochées")
    type_card(page, "4111 1111 1111 1112")
    page.click("#pay-button")
    expect(page.locator("#number-error")).to_have_text("Vérifiez le numéro de la carte.")
    expect(page.locator("#number iframe")).to_be_focused()
    assert simulator.transactions() == []


def test_a_whole_date_shows_on_a_narrow_phone(page: Page, server: Server):
    page.goto(server.url + "/compte/carte")
    page.fill("#card_number", "0000 0000")
    page.fill("#birth_year", "1984")
    page.select_option("#birth_month", "9")
    page.fill("#birth_day", "28")
    page.click("text=Étape suivante")
    page.wait_for_selector("#birth_day[aria-invalid]")  # its border is thicker
    for box in ("#birth_year", "#birth_day"):
        assert page.locator(box).evaluate("box => box.scrollWidth <= box.clientWidth"), box


def test_what_braintree_adds_on_phones_is_not_seen(page: Page, server: Server):
    identify(page, server)
    choose_credentials(page)
    page.goto(server.url + "/mon-dossier/payer?facture=F21001")
    page.wait_for_selector("#pay-button:not([disabled])")
    added = page.locator(".focus-intercept")
    assert added.count()
    for box in added.all():
        assert box.evaluate("box => getComputedStyle(box).opacity") == "0"
        assert box.bounding_box()["height"] <= 1


def test_back_after_paying_never_pays_twice(page: Page, server: Server, simulator: Simulator):
    identify(page, server)
    choose_credentials(page)
    page.goto(server.url + "/mon-dossier/comptes")
    page.click("text=Payer les factures cochées")
    type_card(page)
    page.dblclick("#pay-button")
    expect(page.locator("main[data-state=paid]")).to_be_visible(timeout=10_000)
    page.go_back()
    page.wait_for_load_state()
    expect(page.locator("main[data-state=paid]")).to_be_visible()
    page.reload()
    assert len(simulator.transactions()) == 1


def test_fields_that_do_not_come_are_said_to_be_missing(page: Page, server: Server, simulator: Simulator):
    identify(page, server)
    choose_credentials(page)
    page.goto(server.url + "/mon-dossier/comptes")
    page.route("**/hosted-fields-frame*", lambda route: None)  # never answered
    page.click("text=Payer les factures cochées")
    expect(page.locator("#card-problem")).to_contain_text("Rien n’a été pris", timeout=12_000)
    assert page.is_disabled("#pay-button")


def test_a_refusal_says_that_nothing_was_taken(page: Page, server: Server, simulator: Simulator):
    simulator.breaks("sale", "refused")
    identify(page, server)
    choose_credentials(page)
    page.goto(server.url + "/mon-dossier/comptes")
    page.click("text=Payer les factures cochées")
    type_card(page)
    page.click("#pay-button")
    expect(page.locator("main[data-state=refused]")).to_be_visible(timeout=10_000)
    assert "Rien n’a été pris" in page.inner_text("main")


def test_a_postal_code_that_is_not_the_cards_is_said_and_the_bank_is_not_blamed(
    page: Page, server: Server, simulator: Simulator
):
    simulator.ask("POST", "avs-rule", on=True)
    identify(page, server)
    choose_credentials(page)
    page.goto(server.url + "/mon-dossier/payer?facture=F21001")
    type_card(page, postal="20000")
    page.click("#pay-button")
    expect(page.locator("main[data-state=refused]")).to_be_visible(timeout=10_000)
    assert "Le code postal n’est pas celui de cette carte" in page.inner_text("main")
    assert "banque a refusé" not in page.inner_text("main")
    page.goto(server.url + "/mon-dossier/payer?facture=F21001")
    type_card(page)
    page.click("#pay-button")
    expect(page.locator("main[data-state=paid]")).to_be_visible(timeout=10_000)


def what_the_paper_says(page: Page, server: Server) -> dict[str, str]:
    """Return what stands on an invoice of the household's, and leave no trace in the browser."""
    identify(page, server)
    choose_credentials(page)
    page.goto(f"{server.url}/mon-dossier/comptes/F21001")
    cents = int(page.get_attribute("[data-balance-cents]", "data-balance-cents"))
    [held] = page.request.get(f"{server.url}/mon-dossier/renseignements.json").json()["person"]
    page.context.clear_cookies()
    return {"invoice_number": "F21001", "amount": f"{cents / 100:.2f}", "postal_code": held["postal_code"]}


def test_a_guest_who_forgets_her_name_keeps_her_card_fields(page: Page, server: Server, simulator: Simulator):
    paper = what_the_paper_says(page, server)
    page.goto(f"{server.url}/payer-une-facture")
    for name, text in paper.items():
        page.fill(f"#{name}", text)
    page.click("main button.main-action")
    page.wait_for_url("**/payer-une-facture/payer")
    type_card(page)
    page.click("#pay-button")
    expect(page.locator("#payer_name-missing")).to_be_visible()
    expect(page.locator("#payer_name")).to_be_focused()
    assert page.frame_locator("#number iframe").locator("input:not([aria-hidden])").input_value()
    page.fill("#payer_name", "Club de hockey")
    page.click("#pay-button")
    expect(page.locator("main[data-state=paid]")).to_be_visible(timeout=10_000)
    assert len(simulator.transactions()) == 1


def test_focus_goes_to_the_new_heading_then_to_the_errors(page: Page, server: Server):
    page.goto(server.url)
    page.click("text=Créer mon compte")
    page.wait_for_selector("#card_number")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.click("text=Étape suivante")
    page.wait_for_selector(".summary")
    assert page.evaluate("document.activeElement.className") == "summary"
    assert page.title().startswith("Erreur")


@pytest.fixture
def plain_page(chromium: Browser):
    """A page of a browser without JavaScript."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    yield context.new_page()
    context.close()


def test_without_javascript_the_journey_goes_up_to_the_card_fields(plain_page: Page, server: Server):
    identify(plain_page, server)
    choose_credentials(plain_page)
    plain_page.click("text=Voir et payer")
    assert not plain_page.is_visible("text=Total des factures cochées")
    plain_page.click("text=Payer les factures cochées")
    assert re.search(r"par téléphone", plain_page.inner_text("main"))
    assert not plain_page.is_visible("#pay-button")
    plain_page.click("summary:has-text('Menu')")
    plain_page.click("text=Déconnexion")
    plain_page.goto(server.url + "/mon-dossier")
    assert "/connexion" in plain_page.url


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_scrolls_sideways(chromium: Browser, server: Server, width: int):
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    identify(page, server)
    choose_credentials(page)
    for address in (
        "/",
        "/mon-dossier",
        "/mon-dossier/comptes",
        "/compte/aide-memoire",
        "/rappelez-moi",
        "/nulle-part",
    ):
        page.goto(server.url + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    context.close()


def test_the_total_follows_the_ticks(page: Page, server: Server):
    identify(page, server)
    choose_credentials(page)
    page.click("text=Voir et payer")
    total = page.locator(".total strong")
    expect(total).to_be_visible()
    cents = page.locator("li:has(input[name=facture])").evaluate_all(
        "items => items.map((item) => Number(item.dataset.balanceCents))"
    )
    expect(total).to_have_text(money(sum(cents)))
    page.uncheck("input[name=facture] >> nth=0")
    expect(total).to_have_text(money(sum(cents[1:])))


def test_a_plain_form_is_sent_once_and_its_button_works_again_after_back(page: Page, server: Server):
    identify(page, server)
    page.fill("#username", "ab")
    waiting = []
    page.route("**/compte/identifiants", lambda route: waiting.append(route))  # as on a slow network
    page.evaluate(
        "() => { const b = document.querySelector('main form button'); b.click(); setTimeout(() => b.click(), 100); }"
    )
    page.wait_for_timeout(500)
    assert len(waiting) == 1
    page.unroute("**/compte/identifiants")
    page.wait_for_selector(".summary")
    page.go_back()
    expect(page.locator("main form button")).to_be_enabled()


def test_a_kind_of_card_the_city_does_not_take_is_refused_at_once(page: Page, server: Server, simulator: Simulator):
    identify(page, server)
    choose_credentials(page)
    page.goto(server.url + "/mon-dossier/comptes")
    page.click("text=Payer les factures cochées")
    page.wait_for_selector("#pay-button:not([disabled])")
    number = page.frame_locator("#number iframe").locator("input").first
    page.click("#pay-button")
    expect(page.locator("#number-error")).to_have_text("Écrivez le numéro de la carte.")
    expect(number).to_have_attribute("aria-invalid", "true")
    number.press_sequentially("3782")
    expect(page.locator("#number-error")).to_contain_text("Cartes acceptées\u00a0: Visa, Mastercard.")
    number.press_sequentially("82246310005")
    page.click("#pay-button")
    expect(page.locator("#number-error")).to_contain_text("n’est pas acceptée")
    assert simulator.transactions() == []
    number.fill("")
    number.press_sequentially("4111111111111111")
    expect(page.locator("#number-error")).to_be_hidden()
    expect(number).to_have_attribute("aria-invalid", "false")


def test_a_guest_pays_an_invoice_with_its_paper_alone(page: Page, server: Server, simulator: Simulator):
    page.goto(f"{server.url}/payer-une-facture?facture=F21000")
    page.fill("#amount", "114,98")
    page.fill("#postal_code", "J1X 1B1")
    page.click("main form button")
    page.wait_for_url("**/payer-une-facture/payer")
    page.fill("#payer_name", "Club de hockey")
    type_card(page)
    page.click("#pay-button")
    expect(page.locator("main[data-state=paid]")).to_be_visible(timeout=10_000)
    assert [t["amount_cents"] for t in simulator.transactions()] == [11_498]
    pdf = page.context.request.get(server.url + page.get_attribute("text=Voir le reçu (PDF)", "href"))
    assert pdf.body().startswith(b"%PDF")


def add_card(page: Page, server: Server, number: str = "4111 1111 1111 1111") -> None:
    page.goto(server.url + "/mon-dossier/coffre/ajouter")
    type_card(page, number)
    page.click("#pay-button")
    page.wait_for_url("**/mon-dossier/coffre")
    expect(page.locator("main li", has_text=f"se terminant par {number[-4:]}")).to_be_visible(timeout=10_000)


def test_a_card_is_kept_then_pays_in_one_press_then_goes(page: Page, server: Server, simulator: Simulator):
    identify(page, server)
    choose_credentials(page)
    add_card(page, server)
    page.goto(server.url + "/mon-dossier/payer?facture=F21001")
    assert not page.query_selector("iframe")
    page.dblclick("main button[name=payment_method]")
    expect(page.locator("main[data-state=paid]")).to_be_visible(timeout=10_000)
    assert [t["amount_cents"] for t in simulator.transactions()] == [9_300]
    page.click("text=coffre client")
    page.click("text=Retirer")
    page.click("button:has-text('Retirer cette carte')")
    expect(page.locator("text=effacée ici et chez Braintree")).to_be_visible(timeout=10_000)


def test_the_card_that_pays_is_kept_when_ticked(page: Page, server: Server, simulator: Simulator):
    identify(page, server)
    choose_credentials(page)
    page.goto(server.url + "/mon-dossier/payer?facture=F21001")
    page.wait_for_selector("#pay-button:not([disabled])")
    page.check("text=Garder cette carte")
    type_card(page, "5555 5555 5555 4444")
    page.click("#pay-button")
    expect(page.locator("main[data-state=paid]")).to_be_visible(timeout=10_000)
    page.goto(server.url + "/mon-dossier/payer?facture=F21002")
    expect(page.locator("main button[name=payment_method]")).to_contain_text("se terminant par 4444")
    page.click("text=Payer avec une autre carte")
    type_card(page)
    page.click("#pay-button")
    expect(page.locator("main[data-state=paid]")).to_be_visible(timeout=10_000)
    assert [t["card_last_four"] for t in simulator.transactions()] == ["1111", "4444"]


def test_a_saved_card_pays_without_javascript(chromium: Browser, page: Page, server: Server, simulator: Simulator):
    identify(page, server)
    choose_credentials(page)
    add_card(page, server)
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    plain = context.new_page()
    plain.goto(server.url + "/connexion")
    plain.fill("#username", "genevieve")
    plain.fill("#password", PASSWORD)
    plain.click("main form button")
    plain.goto(server.url + "/mon-dossier/payer?facture=F21001")
    plain.click("main button[name=payment_method]")
    plain.wait_for_selector("main[data-state=paid]", timeout=15_000)  # refreshes itself
    assert len(simulator.transactions()) == 1
    context.close()
