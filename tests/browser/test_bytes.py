"""What travels, counted by the browser, against tests/browser/budgets.py."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import budgets
from tests.browser.test_journey import choose_credentials, identify, type_card
from tests.server import Server
from tests.walker import PASSWORD

CARD_FIELDS = ("/pay.js", "/web/", "/client_api/", "/v1/", "braintree")


PROOF_WORKER_BYTES = 1_500  # the session of the page does not see what its worker fetches
LATER_FILES = ("/htmx.min.js", "/style.css")  # once the first page is there and idle
LOADED_WHOLE = ("/mon-dossier/payer?facture=F21001",)  # its policy lets the gateway in
LATER = (
    "/compte/aide-memoire",
    "/confidentialite",
    "/mon-dossier",
    "/mon-dossier/acces",
    "/mon-dossier/acces/mot-de-passe",
    "/mon-dossier/comptes",
    "/mon-dossier/comptes/F21001",
    "/mon-dossier/payer?facture=F21001",
    "/mon-dossier/renseignements",
    "/rappelez-moi",
)


@dataclass
class Traffic:
    """What a page asked for: paths, and their bytes on the wire."""

    asked: list[tuple[str, int]] = field(default_factory=list)

    def bytes(self, but: tuple[str, ...] = ()) -> int:
        return sum(size for path, size in self.asked if not any(part in path for part in but))

    def paths(self, but: tuple[str, ...] = ()) -> list[str]:
        return [path for path, _ in self.asked if not any(part in path for part in but)]


@pytest.fixture
def traffic(page: Page) -> Traffic:
    """Count everything that the page's browser receives."""
    counted, names = Traffic(), {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def received(event: dict) -> None:
        if not event["response"].get("fromDiskCache"):
            names[event["requestId"]] = event["response"]["url"]

    def redirected(event: dict) -> None:
        if before := event.get("redirectResponse"):
            counted.asked.append((urlsplit(before["url"]).path, int(before["encodedDataLength"])))

    session.on("Network.responseReceived", received)
    session.on("Network.requestWillBeSent", redirected)
    session.on("Network.requestServedFromCache", lambda event: names.pop(event["requestId"], None))

    def finished(event: dict) -> None:
        url = urlsplit(names.get(event["requestId"], ""))
        if url.scheme in ("http", "https") and event["encodedDataLength"]:  # nothing travels from the cache
            counted.asked.append((url.path, int(event["encodedDataLength"])))

    session.on("Network.loadingFinished", finished)
    return counted


@pytest.mark.parametrize("path", ["/", "/connexion"])
def test_the_first_page_is_one_round_trip(page: Page, server: Server, traffic: Traffic, path: str):
    page.goto(server.url + path)
    page.wait_for_load_state("networkidle")
    assert len([asked for asked in traffic.paths() if asked.endswith(LATER_FILES)]) == 2
    assert traffic.bytes(but=LATER_FILES) <= budgets.FIRST_PAGE_BYTES
    assert len(traffic.paths(but=LATER_FILES)) <= budgets.FIRST_PAGE_REQUESTS


def create_account(page: Page, server: Server) -> None:
    identify(page, server)
    choose_credentials(page)
    page.context.clear_cookies()


def empty_the_cache(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")


def test_from_sign_in_to_the_receipt(page: Page, server: Server, traffic: Traffic):
    create_account(page, server)
    empty_the_cache(page)
    traffic.asked.clear()
    page.goto(f"{server.url}/connexion")
    page.fill("#username", "genevieve")
    page.fill("#password", PASSWORD)
    page.click("main button.main-action")
    page.wait_for_url("**/mon-dossier")
    page.click("text=Voir et payer")
    page.click("text=Payer les factures cochées")
    type_card(page)
    page.click("#pay-button")
    expect(page.locator("main[data-state=paid]")).to_be_visible(timeout=10_000)
    ours = traffic.paths(but=CARD_FIELDS)
    assert traffic.bytes(but=CARD_FIELDS) <= budgets.SIGN_IN_TO_RECEIPT_BYTES, traffic.asked
    assert len(ours) <= budgets.SIGN_IN_TO_RECEIPT_REQUESTS, ours


def test_from_the_card_to_the_credentials(page: Page, server: Server, traffic: Traffic):
    identify(page, server)
    assert traffic.bytes() + PROOF_WORKER_BYTES <= budgets.CARD_TO_CREDENTIALS_BYTES, traffic.asked


def test_each_later_page_and_fragment(page: Page, server: Server, traffic: Traffic):
    identify(page, server)
    choose_credentials(page)
    for path in LATER:
        for headers, budget in (({}, budgets.LATER_PAGE_BYTES), ({"HX-Request": "true"}, budgets.FRAGMENT_BYTES)):
            if headers and path in LOADED_WHOLE:
                continue
            traffic.asked.clear()
            page.evaluate(
                "async ([url, headers]) => (await fetch(url, { headers })).text()", [server.url + path, headers]
            )
            assert traffic.bytes() <= budget, (path, headers, traffic.asked)
