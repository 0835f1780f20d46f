"""The library's computer: after log-out, Back shows nothing of the one before."""

import shutil

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journey import choose_credentials, identify
from tests.conftest import FLAGS
from tests.server import Server

PERSONAL = ("F21", "$", "genevieve")


@pytest.fixture
def shared(chromium: Browser):
    """A page of a browser that keeps pages for Back, as people's do and Playwright's do not."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    browser = chromium.browser_type.launch(
        executable_path=found, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser.new_context(ignore_https_errors=True, locale="fr-CA").new_page()
    browser.close()


def walk_through_the_dossier(page: Page, server: Server) -> None:
    """Go from page to page as htmx does, so that its own history is full too."""
    identify(page, server)
    choose_credentials(page)
    page.click("text=Voir et payer")
    expect(page.locator("h1")).to_have_text("Comptes et reçus")
    page.click("text=Détails >> nth=0")
    expect(page.locator("h1")).to_contain_text("Facture")
    page.goto(server.url + "/mon-dossier/acces")


def test_back_after_logging_out_shows_nothing_personal(shared: Page, secure_server: Server):
    walk_through_the_dossier(shared, secure_server)
    cookies = {cookie["name"]: cookie for cookie in shared.context.cookies()}
    assert cookies["__Host-portail"]["secure"]
    shared.click("text=Déconnexion")
    shared.wait_for_url(secure_server.url + "/")
    for _ in range(5):
        shared.evaluate("history.back()")  # Playwright's own go_back waits for a load that a kept page never has
        shared.wait_for_timeout(500)
        words = shared.inner_text("main") if shared.locator("main").count() else ""
        for personal in PERSONAL:
            assert personal not in words, (shared.url, words[:200])


def test_the_second_resident_sees_only_her_own(shared: Page, secure_server: Server):
    walk_through_the_dossier(shared, secure_server)
    shared.click("text=Déconnexion")
    shared.goto(secure_server.url + "/mon-dossier/comptes")
    assert "/connexion" in shared.url


def test_nothing_personal_is_kept_in_the_browsers_storage(shared: Page, secure_server: Server):
    walk_through_the_dossier(shared, secure_server)
    kept = shared.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert not any(personal in kept for personal in PERSONAL)
