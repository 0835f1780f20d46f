"""What travels, counted by the browser, against tests/browser/budgets.py."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import budgets
from tests.browser.test_journey import choose_credentials, identify, type_card
from tests.browser.traffic import Traffic, count
from tests.server import Server
from tests.walker import PASSWORD

CARD_FIELDS = ("/pay.js", "/web/", "/client_api/", "/v1/", "braintree")


PROOF_WORKER_BYTES = 1_500  # the session of the page does not see what its worker fetches
LATER_FILES = ("/htmx.min.js", "/style.css")  # once the first page is there and idle
CARD_FILES = ("/pay.js", "/braintree-client.min.js", "/braintree-hosted-fields.min.js")
# The policy of the first lets the gateway in; the last ones list what a whole summer has, for each of a family.
LOADED_WHOLE = (
    "/mon-dossier/payer?facture=F21001",
    "/mon-dossier/bordereau",  # which has a sheet of its own
    "/confidentialite/conservation",  # all that is kept, by series
    "/inscription",
    "/inscription?personne=3",
    "/inscription/programme/club-ete",
    "/inscription/programme/club-ete?lieu=deux-soleils",
)
LATER = (
    "/compte/aide-memoire",
    "/confidentialite",
    "/confidentialite/conservation",
    "/favori",
    "/payer-une-facture",
    "/inscription",
    "/inscription?personne=3",
    "/inscription/club-ete-s3-ds-aigles",
    "/inscription/programme/club-ete",
    "/inscription/programme/club-ete?lieu=deux-soleils",
    "/panier",
    "/localisations",
    "/localisations/espace-culturel",
    "/mon-dossier",
    "/mon-dossier/activites",
    "/mon-dossier/famille",
    "/mon-dossier/famille/ajouter",
    "/mon-dossier/pret",
    "/mon-dossier/reservations",
    "/mon-dossier/recus-fiscaux",
    "/mon-dossier/coffre",
    "/mon-dossier/acces",
    "/mon-dossier/acces/code",
    "/mon-dossier/acces/mot-de-passe",
    "/mon-dossier/bordereau",
    "/mon-dossier/comptes",
    "/mon-dossier/comptes/F21001",
    "/mon-dossier/comptes/factures",
    "/mon-dossier/comptes/recus",
    "/mon-dossier/comptes/releve",
    "/mon-dossier/payer?facture=F21001",
    "/mon-dossier/renseignements",
    "/rappelez-moi",
)


@pytest.fixture
def traffic(page: Page) -> Traffic:
    """Count everything that the page's browser receives."""
    return count(page)


@pytest.mark.parametrize("path", ["/", "/connexion"])
def test_the_first_page_is_one_round_trip(page: Page, server: Server, traffic: Traffic, path: str):
    page.goto(server.url + path)
    page.wait_for_load_state("networkidle")
    assert len([asked for asked in traffic.paths() if asked.endswith(LATER_FILES)]) == 2
    assert traffic.bytes(but=LATER_FILES) <= budgets.FIRST_PAGE_BYTES
    assert len(traffic.paths(but=LATER_FILES)) <= budgets.FIRST_PAGE_REQUESTS


def create_account_and_stay(page: Page, server: Server) -> None:
    identify(page, server)
    choose_credentials(page)


def create_account(page: Page, server: Server) -> None:
    create_account_and_stay(page, server)
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
    asked_again = [path for path in ours if "/paiements/" in path][2:]  # once a second, for as long as the bank takes
    assert traffic.bytes(but=CARD_FIELDS) <= budgets.SIGN_IN_TO_RECEIPT_BYTES, traffic.asked
    assert len(ours) - len(asked_again) <= budgets.SIGN_IN_TO_RECEIPT_REQUESTS, ours


def test_from_the_card_to_the_credentials(page: Page, server: Server, traffic: Traffic):
    identify(page, server)
    assert traffic.bytes() + PROOF_WORKER_BYTES <= budgets.CARD_TO_CREDENTIALS_BYTES, traffic.asked


def test_each_later_page_and_fragment(page: Page, server: Server, traffic: Traffic):
    identify(page, server)
    choose_credentials(page)
    for path in LATER:
        for headers, budget in (({}, budgets.LATER_PAGE_BYTES), ({"HX-Request": "true"}, budgets.FRAGMENT_BYTES)):
            if headers and path in LOADED_WHOLE:  # no link or form asks for a fragment of it
                continue
            traffic.asked.clear()
            page.evaluate(
                "async ([url, headers]) => (await fetch(url, { headers })).text()", [server.url + path, headers]
            )
            assert traffic.bytes() <= budget, (path, headers, traffic.asked)


def test_the_card_fields_files_are_here_before_the_payment_page(page: Page, server: Server, traffic: Traffic):
    create_account_and_stay(page, server)
    page.click("text=Voir et payer")
    page.wait_for_selector("text=Payer les factures cochées")
    page.wait_for_load_state("networkidle")
    fetched = [path for path in traffic.paths() if path.endswith(CARD_FILES)]
    assert len(fetched) == len(CARD_FILES)
    traffic.asked.clear()
    page.click("text=Payer les factures cochées")
    page.wait_for_selector("#pay-button:not([disabled])")
    assert not [path for path in traffic.paths() if path.endswith(CARD_FILES)]
