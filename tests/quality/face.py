"""The pictures of docs/face.md: each piece of the design system, light and dark, from the pages themselves."""

import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests import simulation
from tests.bench.pages import serving_city
from tests.browser.test_journey import choose_credentials, identify
from tests.server import ROOT, Server

PICTURES = ROOT / "docs" / "face"
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "fr-CA"}


def take(folder: Path) -> int:
    """Write every picture, from the invented city."""
    PICTURES.mkdir(exist_ok=True)
    process, simulator = simulation.start()
    try:
        with serving_city(folder, simulator, CAPTCHA="none") as server, sync_playwright() as player:
            browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            with browser.new_context(**PHONE) as context:
                walk(context.new_page(), server)
    finally:
        process.terminate()
        process.wait()
    return 0


def walk(page: Page, server: Server) -> None:
    """Go where each piece stands."""
    page.goto(server.url)
    picture(page, "header", "header")
    picture(page, "menu", "nav")
    picture(page, "panel", "main .panel")
    picture(page, "buttons", "main form:has(.main-action)")
    page.goto(f"{server.url}/compte/carte")
    picture(page, "steps", ".steps")
    page.click("main form button")
    page.wait_for_selector(".summary")
    picture(page, "summary", ".summary")
    picture(page, "field", ".field:has(#card_number)")
    picture(page, "date", "fieldset.field")
    identify(page, server)
    choose_credentials(page)
    picture(page, "due", "section.panel")
    picture(page, "rooms", ".rooms")
    page.goto(f"{server.url}/mon-dossier/comptes")
    picture(page, "list", "main form .list")
    page.click("main form .list a >> nth=0")
    page.wait_for_selector("table")
    picture(page, "table", "table")
    page.goto(f"{server.url}/mon-dossier/payer?facture=F21001")
    page.wait_for_selector("#pay-button:not([disabled])")
    picture(page, "card", "#card-fields")


def picture(page: Page, name: str, selector: str) -> None:
    """Write one piece, light and dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.locator(selector).first.screenshot(path=PICTURES / f"{name}-{scheme}.png")
    page.emulate_media(color_scheme="light")
