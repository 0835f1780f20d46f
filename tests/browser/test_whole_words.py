"""On a narrow phone no word is cut in two: only addresses are, which are longer than the screen."""

from playwright.sync_api import Page

import models
from domain.common import clock
from models import Account
from tests.browser.test_journey import choose_credentials, identify
from tests.factories import make_invoice, pay_elsewhere
from tests.server import Server

CUT = """() => {
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT), cut = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.data;
    for (const found of text.matchAll(/[^\\s\\u00a0-]+/g)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, found.index);
      range.setEnd(walker.currentNode, found.index + found[0].length);
      const lines = new Set([...range.getClientRects()].map((one) => Math.round(one.top)));
      if (lines.size > 1 && !/[@/]/.test(found[0])) cut.push(found[0]);
    }
  }
  return cut;
}"""
PATHS = ("", "/famille", "/activites", "/reservations", "/recus-fiscaux", "/comptes", "/comptes/releve")
PATHS += ("/comptes/factures", "/comptes/recus", "/coffre", "/acces", "/renseignements", "/bordereau", "/pret")


def test_no_word_is_cut_on_a_narrow_phone(page: Page, server: Server):
    page.set_viewport_size({"width": 320, "height": 800})
    identify(page, server)
    choose_credentials(page)
    models.open_database(server.environment["DATABASE_URL"])
    household = Account.get().person.memberships.get().household
    pay_elsewhere((make_invoice(household, 123_456, issued_on=clock.today()), 123_456))
    found = {}
    for path in PATHS:
        page.goto(f"{server.url}/mon-dossier{path}")
        found[path] = page.evaluate(CUT)
    assert {path: words for path, words in found.items() if words} == {}
    page.evaluate("document.querySelector('main').style.maxWidth = '3rem'")
    assert page.evaluate(CUT) != [], "the measure sees a word that is cut"
