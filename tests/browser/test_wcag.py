"""What axe cannot see: the keyboard alone, the size of targets, text spacing, zoom, titles, forced colours."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.city.__main__ import birth_date, card_number
from domain.common import clock
from tests.browser.test_journey import choose_credentials, identify
from tests.server import Server
from tests.walker import PASSWORD
from views.forms.birth_date import MONTHS

VISITED = (
    "/",
    "/connexion",
    "/compte/carte",
    "/oubli/code",
    "/rappelez-moi",
    "/confidentialite",
    "/favori",
    "/payer-une-facture",
    "/localisations",
    "/localisations/espace-culturel",
    "/personnel/connexion",
)
ROOMS = (
    "/mon-dossier/activites",
    "/mon-dossier/bordereau",
    "/mon-dossier/famille",
    "/mon-dossier/famille/1/urgence",
    "/mon-dossier/famille/1/changement",
    "/mon-dossier/famille/ajouter",
    "/mon-dossier/reservations",
    "/mon-dossier/recus-fiscaux",
    "/mon-dossier/coffre",
    "/mon-dossier/coffre/ajouter",
    "/mon-dossier",
    "/mon-dossier/acces",
    "/mon-dossier/acces/mot-de-passe",
    "/mon-dossier/comptes",
    "/mon-dossier/comptes/F21001",
    "/mon-dossier/comptes/factures",
    "/mon-dossier/comptes/recus",
    "/mon-dossier/comptes/releve",
    "/mon-dossier/payer?facture=F21001",
    "/mon-dossier/renseignements",
)
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""
# Links that stand within a sentence may be smaller: WCAG 2.2, 2.5.8, inline.
SMALL_TARGETS = """() => [...document.querySelectorAll("button, select, input, nav a, .rooms a, .button, label.check")]
  .filter((one) => one.getClientRects().length)
  .filter((one) => { const box = one.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
  .map((one) => one.outerHTML.slice(0, 100))"""
OVERFLOWS = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .filter((one) => !one.closest(".visually-hidden, iframe, svg"))
  .map((one) => one.outerHTML.slice(0, 100))"""
CLIPPED = """() => [...document.querySelectorAll("button, .button, nav a, h1, label")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth)
  .map((one) => one.outerHTML.slice(0, 100))"""


# As in browsers of before 2023, which do not know the media feature.
WITHOUT_SCRIPTING_QUERY = """document.addEventListener("DOMContentLoaded", () => {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const asked = rules.find((rule) => rule.conditionText === "(scripting: enabled)");
  asked.media.mediaText = "not all";
})"""


@pytest.fixture
def loose_page(chromium: Browser) -> Iterator[Page]:
    """A page on which styles may be put: the policy is tested elsewhere."""
    context = chromium.new_context(viewport={"width": 320, "height": 700}, bypass_csp=True)
    yield context.new_page()
    context.close()


def every_page(page: Page, server: Server) -> Iterator[str]:
    for path in VISITED:
        page.goto(server.url + path)
        yield path
    identify(page, server)
    yield "step 2"
    choose_credentials(page)
    for path in ROOMS:
        page.goto(server.url + path)
        yield path


def test_targets_are_at_least_24_px(loose_page: Page, server: Server):
    for path in every_page(loose_page, server):
        assert not loose_page.evaluate(SMALL_TARGETS), path


def test_wide_spacing_hides_nothing(loose_page: Page, server: Server):
    for path in every_page(loose_page, server):
        loose_page.add_style_tag(content=SPACING)
        assert not loose_page.evaluate(OVERFLOWS), path
        assert not loose_page.evaluate(CLIPPED), path


def test_twice_the_text_scrolls_no_page_sideways(loose_page: Page, server: Server):
    loose_page.set_viewport_size({"width": 640, "height": 700})
    for path in every_page(loose_page, server):
        loose_page.add_style_tag(content="html { font-size: 225% !important }")
        assert not loose_page.evaluate(OVERFLOWS), path


def test_a_focused_thing_is_seen_and_never_covered(loose_page: Page, server: Server):
    loose_page.goto(f"{server.url}/connexion")
    for _ in range(12):
        loose_page.keyboard.press("Tab")
        seen = loose_page.evaluate(
            """() => { const one = document.activeElement, box = one.getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return [getComputedStyle(one).outlineStyle !== "none", one.contains(top) || top.contains(one)]; }"""
        )
        assert seen == [True, True], loose_page.evaluate("() => document.activeElement.outerHTML")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what the selector names has the focus, or holds the frame that has it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.matches('iframe')"):
            page.wait_for_timeout(50)  # the frames hand the focus on by messages
        if page.evaluate("(s) => !!document.activeElement.closest(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by the keyboard")


def types(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(text)


def test_the_whole_journey_by_keyboard_alone(page: Page, server: Server):
    page.goto(server.url)
    tab_to(page, "main a.button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/compte/carte")
    born = birth_date(42, 0, clock.today())
    types(page, "#card_number", card_number(0, 0))
    types(page, "#birth_year", str(born.year))
    types(page, "#birth_month", MONTHS[born.month - 1])
    types(page, "#birth_day", str(born.day))
    page.keyboard.press("Enter")
    page.wait_for_url("**/compte/identifiants")
    types(page, "#username", "genevieve")
    types(page, "#password", PASSWORD)
    types(page, "#password_again", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/mon-dossier")
    tab_to(page, "main a.button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Comptes et reçus")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#pay-button:not([disabled])")
    for field, text in (
        ("#number", "4111111111111111"),
        ("#expiration", "1230"),
        ("#cvv", "123"),
        ("#postal", "J1X 2B6"),
    ):
        types(page, field, text)
    page.wait_for_timeout(300)  # no hand is quicker than the frames tell each other what was typed
    tab_to(page, "#pay-button")
    page.keyboard.press("Enter")
    expect(page.locator("main[data-state=paid]")).to_be_visible(timeout=10_000)
    assert page.title().startswith("Paiement reçu")


def test_each_swap_changes_the_title_and_leaves_one_thing_said(page: Page, server: Server):
    page.goto(server.url)
    page.wait_for_load_state("networkidle")
    seen = {page.title()}
    for link in ("Demander un appel", "Confidentialité", "Créer un favori"):
        page.click(f"footer >> text={link}")
        expect(page.locator("h1")).to_have_text(link)
        assert page.title().startswith(link)
        seen.add(page.title())
        assert page.evaluate("() => document.activeElement.tagName") == "H1"
        said = page.locator("[role=status], [aria-live]").filter(has_text=re.compile(r"\S"))
        assert said.count() == 0
        assert page.locator("#line [role=status]").count() == 1, "the region that stays, for the line"
    assert len(seen) == 4


def test_forced_colours_keep_every_edge_and_reduced_motion_stills_the_wheel(chromium: Browser, server: Server):
    context = chromium.new_context(forced_colors="active", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{server.url}/connexion")
    for thing in ("main button.main-action", "#username"):
        assert page.locator(thing).evaluate("one => getComputedStyle(one).borderTopWidth") == "2px"
    page.evaluate("() => document.querySelector('main').insertAdjacentHTML('beforeend', '<div class=spinner></div>')")
    assert page.locator(".spinner").evaluate("one => getComputedStyle(one).animationName") == "none"
    context.close()


def test_an_old_browser_gets_plain_pages_and_other_ways_to_pay(page: Page, server: Server):
    page.route("**/portal.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    identify(page, server)
    choose_credentials(page)
    assert page.evaluate("() => window.htmx === undefined")
    page.route("**/pay.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.add_init_script(WITHOUT_SCRIPTING_QUERY)
    page.goto(f"{server.url}/mon-dossier/payer?facture=F21001")
    expect(page.locator("#no-card")).to_contain_text("par chèque")
    expect(page.locator("#card")).to_be_hidden()
