"""What is seen without scrolling, and that a list reads the same on a phone and on a desk."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_journey import choose_credentials, identify
from tests.server import Server

DESK, TABLET, PHONE = {"width": 1280, "height": 720}, {"width": 768, "height": 1024}, {"width": 320, "height": 640}
SIGN_IN, CREATE = "main button:has-text('Connexion')", "main a:has-text('Créer mon compte')"
FIRST_WORD = 200  # px from the top
OPEN_TO_ALL = ("/", "/connexion", "/localisations", "/inscription", "/payer-une-facture", "/confidentialite")
ROOMS = (
    "/mon-dossier",
    "/mon-dossier/activites",
    "/mon-dossier/comptes",
    "/mon-dossier/comptes/F21001",
    "/mon-dossier/comptes/factures",
    "/mon-dossier/comptes/recus",
    "/mon-dossier/famille",
    "/mon-dossier/reservations",
    "/mon-dossier/recus-fiscaux",
    "/panier",
)
APART = """() => [...document.querySelectorAll(".list .row")]
  .filter((row) => row.getClientRects().length && row.children.length === 2)
  .filter((row) => {
    const [label, amount] = [...row.children].map((one) => one.getBoundingClientRect().top);
    return Math.abs(label - amount) > 6;
  })
  .map((row) => row.outerHTML.slice(0, 120))"""
HOLES = """() => [...document.querySelectorAll(".panel")]
  .filter((panel) => panel.getClientRects().length && panel.firstElementChild)
  .filter((panel) => panel.firstElementChild.getBoundingClientRect().top - panel.getBoundingClientRect().top > 24)
  .map((panel) => panel.outerHTML.slice(0, 120))"""


def top(page: Page, selector: str) -> float:
    return page.locator(selector).first.bounding_box()["y"]


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize("path", ["/", "/connexion", "/connexion?suite=/mon-dossier"])
def test_the_way_in_is_seen_whole_on_a_desk(page: Page, server: Server, path: str):
    page.set_viewport_size(DESK)
    page.goto(server.url + path)
    for button in (SIGN_IN, CREATE):
        assert bottom(page, button) <= DESK["height"], button


def test_who_comes_back_signs_in_first(page: Page, server: Server):
    page.set_viewport_size(PHONE)
    page.goto(server.url)
    assert top(page, CREATE) < top(page, "#username")
    identify(page, server)
    choose_credentials(page)
    page.click("summary:has-text('Menu')")
    page.click("nav >> text=Déconnexion")
    page.wait_for_selector("text=Vous êtes déconnecté")
    for path in ("/", "/connexion"):
        page.goto(server.url + path)
        assert top(page, "#username") < top(page, CREATE), path


def test_the_menu_holds_on_a_line_and_opens_without_a_script(chromium: Browser, page: Page, server: Server):
    for size in (TABLET, DESK):
        page.set_viewport_size(size)
        page.goto(server.url)
        assert page.locator("nav a").first.is_visible()
        assert page.locator("nav").bounding_box()["height"] <= 60
    with chromium.new_context(java_script_enabled=False, viewport=PHONE) as plain:
        phone = plain.new_page()
        phone.goto(server.url)
        assert phone.locator("nav").bounding_box()["height"] <= 60
        assert not phone.locator("nav a").first.is_visible()
        phone.click("summary:has-text('Menu')")
        phone.click("nav >> text=Localisations")
        phone.wait_for_url("**/localisations")


def test_the_first_word_and_every_row_stand_where_they_should(page: Page, server: Server):
    identify(page, server)
    choose_credentials(page)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for path in OPEN_TO_ALL + ROOMS:
            page.goto(server.url + path)
            assert top(page, "main > *") <= FIRST_WORD, (path, size)
            assert page.evaluate(APART) == [], (path, size)
            assert page.evaluate(HOLES) == [], (path, size)


def test_whom_to_call_is_said_once_a_page(page: Page, server: Server):
    for path in ("/", "/compte/carte", "/oubli/code", "/oubli/code-recu"):
        page.goto(server.url + path)
        assert page.locator(".help:visible").count() == 1, path
