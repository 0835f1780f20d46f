"""Visits on a bad line: 50 kbit/s and half a second each way round, in a real Chromium with an empty cache."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import simulation
from tests.bench.pages import PAGES, serving_city
from tests.bench.visitor import PASSWORD
from tests.browser import traffic
from tests.browser.test_journey import choose_credentials, identify, type_card
from tests.server import Server

LINE = {"offline": False, "latency": 500, "downloadThroughput": 50_000 / 8, "uploadThroughput": 50_000 / 8}
PHONE = {"viewport": {"width": 360, "height": 740}, "locale": "fr-CA"}
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
BUDGETS = {"/connexion": " (budget 1.3 and 3.6)"}
CARD_FIELDS = ("/web/", "/client_api/", "/v1/")


def measure(folder: Path) -> None:
    """Print each page's bytes, requests, first paint and loading, then how long each step's answer takes."""
    process, simulator = simulation.start()
    try:
        with serving_city(folder, simulator) as server, browsing() as browser:
            state = residents_cookies(browser, server)
            for path in PAGES:
                one_page(browser, server, path, state if path.startswith("/mon-dossier") else None)
            steps(browser, server)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start the Chromium that is installed, else Playwright's."""
    with sync_playwright() as player:
        installed = shutil.which("chromium") or shutil.which("google-chrome")
        yield player.chromium.launch(executable_path=installed, args=["--no-sandbox", "--disable-gpu"])


def residents_cookies(browser: Browser, server: Server) -> dict:
    """Create an account and return what the browser then holds."""
    with browser.new_context(**PHONE) as context:
        page = context.new_page()
        identify(page, server)
        choose_credentials(page)
        context.clear_cookies(name="style")  # an empty cache holds no style sheet
        return context.storage_state()


def one_page(browser: Browser, server: Server, path: str, state: dict | None) -> None:
    """Print what one page weighs and when it shows, from an empty cache."""
    with browser.new_context(**PHONE, storage_state=state) as context:
        page = slow(context.new_page())
        counted = traffic.count(page)
        page.goto(server.url + path, wait_until="load")
        here, asked = counted.bytes(), len(counted.asked)
        painted, loaded = page.evaluate(PAINTED) / 1000, page.evaluate(LOADED) / 1000
        page.wait_for_load_state("networkidle")
        print(
            f"slow {path:37} {here:6} bytes in {asked:2} requests, painted {painted:.1f} s, loaded {loaded:.1f} s"
            f"{BUDGETS.get(path, '')}; later, idle: {counted.bytes() - here} bytes"
        )


def steps(browser: Browser, server: Server) -> None:
    """Walk from sign-in to the receipt and print how long after each click its answer shows."""
    with browser.new_context(**PHONE) as context:
        page = slow(context.new_page())
        page.goto(f"{server.url}/connexion", wait_until="networkidle")
        page.fill("#username", "genevieve")
        page.fill("#password", PASSWORD)
        answer(page, "sign in", "main button.main-action", "text=Voir et payer")
        page.wait_for_load_state("networkidle")
        answer(page, "see the invoices", "text=Voir et payer", "text=Payer les factures cochées")
        answer(page, "one invoice", "text=Détails >> nth=0", "h1:has-text('Facture')")
        answer(page, "back to the invoices", "text=Retour à Comptes et reçus", "text=Payer les factures cochées")
        page.wait_for_load_state("networkidle")
        answer(page, "go to pay", "text=Payer les factures cochées", "h1:has-text('Payer')")
        start = time.perf_counter()
        type_card(page)
        print(f"step card fields ready and filled     {time.perf_counter() - start:4.1f} s, after the invoice shows")
        tokenized = []
        page.on("request", lambda request: tokenized.append(time.perf_counter()) if request.method == "POST" else None)
        start = time.perf_counter()
        answer(page, "pay, Braintree's part included", "#pay-button", "main[data-payment]")
        print(f"     of which before the form was sent  {tokenized[-1] - start:4.1f} s")


def answer(page: Page, name: str, click: str, shown: str) -> None:
    """Print how long after a click its answer shows."""
    start = time.perf_counter()
    page.click(click, no_wait_after=True)
    page.wait_for_selector(shown)
    print(f"step {name:32} {time.perf_counter() - start:4.1f} s (budget 2)")


def slow(page: Page) -> Page:
    """Put a page on the bad line."""
    page.set_default_timeout(120_000)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    return page
