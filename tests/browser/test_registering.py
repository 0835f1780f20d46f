"""A family of three children registers for eight weeks of camp with child care: by keyboard, and without JavaScript."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from domain.common.formats import money
from tests.browser.conftest import PHONE
from tests.browser.test_axe import WCAG
from tests.browser.test_journey import choose_credentials, identify, type_card
from tests.server import Server
from tests.simulation import Simulator

PROGRAMME = "/inscription/programme/club-ete?lieu=deux-soleils"
BOX = "input[name=choice]:not([disabled])"


@pytest.fixture
def judged(chromium: Browser) -> Iterator[Page]:
    """A phone-sized page on which axe may be put: the policy is tested elsewhere."""
    context = chromium.new_context(**PHONE, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain(chromium: Browser) -> Iterator[Page]:
    """A phone-sized page without JavaScript."""
    context = chromium.new_context(**PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def focus_by_keyboard(page: Page, wanted: str, most: int = 400) -> None:
    """Press Tab until what is wanted has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} is never reached")


def is_within_the_screen(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_by_keyboard_alone_from_the_programme_to_the_place(page: Page, server: Server, simulator: Simulator):
    identify(page, server)
    choose_credentials(page)
    page.goto(server.url + PROGRAMME)
    boxes = page.locator(BOX)
    chosen = boxes.count()
    assert chosen >= 24
    assert is_within_the_screen(page)
    for _ in range(chosen):
        focus_by_keyboard(page, BOX)
        page.keyboard.press("Space")
    focus_by_keyboard(page, "main form button.main-action")
    page.keyboard.press("Enter")
    page.wait_for_url("**/panier")
    held = page.locator("[data-item-state=held]").count()
    assert held >= 12
    assert is_within_the_screen(page)
    total = int(page.get_attribute("[data-total-cents]", "data-total-cents"))
    items = page.locator("[data-item]").evaluate_all("all => all.map(one => Number(one.dataset.amountCents))")
    assert total == sum(items)
    focus_by_keyboard(page, "form[action$=confirmer] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/mon-dossier/payer**")
    due = int(page.get_attribute("[data-balance-cents]", "data-balance-cents"))
    assert money(due) in page.inner_text("h1")
    assert 0 < due <= total, "the first of three instalments"
    assert is_within_the_screen(page)
    type_card(page)
    page.click("#pay-button")
    expect(page.locator("main[data-state=paid]")).to_be_visible(timeout=10_000)
    assert [one["amount_cents"] for one in simulator.transactions()] == [due]
    page.goto(server.url + "/mon-dossier/activites")
    new = page.locator("[data-registration^='P-']").count()
    assert new == held


def test_more_time_is_given_where_the_card_is_typed_and_what_is_typed_stays(page: Page, server: Server):
    identify(page, server)
    choose_credentials(page)
    page.goto(server.url + PROGRAMME)
    page.locator(BOX).first.check()
    page.click("text=Mettre au panier")
    page.click("text=Confirmer et payer")
    type_card(page)
    page.click("text=Prolonger")
    page.wait_for_selector("#held")
    expect(page.locator("#pay-button")).to_be_enabled()
    assert page.url.startswith(f"{server.url}/mon-dossier/payer")
    page.click("#pay-button")
    expect(page.locator("main[data-state=paid]")).to_be_visible(timeout=10_000)


def test_without_javascript_up_to_the_card_fields(plain: Page, server: Server):
    identify(plain, server)
    choose_credentials(plain)
    plain.goto(server.url + "/inscription")
    plain.click("text=Toute la famille sur une page >> nth=0")
    plain.wait_for_url(re.compile("/inscription/programme/"))
    plain.goto(server.url + PROGRAMME)
    plain.click("text=Toutes les semaines >> nth=0")
    assert plain.locator("input[name=choice]:checked").count() >= 4
    plain.click("text=Mettre au panier")
    plain.wait_for_url("**/panier")
    plain.click("[data-item] summary >> nth=0")
    plain.click("text=Retirer >> nth=0")
    plain.wait_for_url("**/panier")
    plain.click("text=Prolonger")
    plain.click("text=Confirmer et payer")
    plain.wait_for_url("**/mon-dossier/payer**")
    assert "téléphone" in plain.inner_text("main")


def test_axe_finds_nothing_in_any_state(judged: Page, server: Server):
    identify(judged, server)
    choose_credentials(judged)
    found = []

    def judge(name: str) -> None:
        for scheme in ("light", "dark"):
            judged.emulate_media(color_scheme=scheme)
            for problem in Axe().run(judged, options=WCAG).response["violations"]:
                found.append((name, scheme, problem["id"], [node["html"][:120] for node in problem["nodes"][:3]]))

    def at(path: str) -> None:
        judged.goto(server.url + path)
        judge(path)

    at("/panier")
    at("/inscription?personne=3")
    at("/inscription/programme/club-ete")
    at("/inscription/club-ete-s5-ds-papillons")
    judged.click("text=Réserver la place")
    judged.wait_for_selector("text=Il y a un problème")
    judge("nobody chosen")
    at(PROGRAMME)
    judged.click("text=Mettre au panier")
    judged.wait_for_selector("text=Il y a un problème")
    judge("nothing chosen")
    judged.locator(BOX).first.check()
    judged.click("text=Mettre au panier")
    judged.wait_for_url("**/panier")
    judge("a cart")
    judged.click("text=Confirmer et payer")
    judged.wait_for_url("**/mon-dossier/payer**")
    at("/panier")
    at("/mon-dossier/activites")
    assert not found
