"""A slow or dropped line: said, nothing typed is lost, one button tries again, nothing is done twice."""

import time

import pytest
from playwright.sync_api import Page, Route, expect

import models
from models import Message
from tests.server import Server


@pytest.fixture
def messages(server: Server):
    """Return what counts the messages written."""
    models.open_database(server.environment["DATABASE_URL"])
    yield lambda: Message.select().count()
    models.database.close()
    models.database.obj.close_all()


def fill(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/connexion")
    page.wait_for_load_state("networkidle")
    page.click("footer >> text=Demander un appel")
    page.fill("#phone", "819 843-0000")


def test_a_slow_answer_is_announced_then_forgotten(page: Page, server: Server):
    fill(page, server)

    def slowly(route: Route) -> None:
        time.sleep(3.5)
        route.continue_()

    page.route("**/rappelez-moi", slowly)
    page.click("main form button")
    expect(page.locator("#line [role=status]")).to_contain_text("La connexion est lente")
    expect(page.locator("main")).to_contain_text("C’est noté", timeout=15_000)
    expect(page.locator("#line [role=status]")).to_have_text("")


def test_a_dropped_answer_is_tried_again_and_counts_once(page: Page, server: Server, messages):
    fill(page, server)
    dropped = []

    def drop_first_answer(route: Route) -> None:
        if route.request.method == "POST" and not dropped:
            dropped.append(route.fetch(max_redirects=0))  # the server did it; the answer never comes
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/rappelez-moi", drop_first_answer)
    page.click("main form button")
    expect(page.locator("#line [role=status]")).to_contain_text("La connexion est coupée")
    assert page.input_value("#phone") == "819 843-0000"
    page.click("text=Essayer de nouveau")
    expect(page.locator("main")).to_contain_text("C’est noté")
    expect(page.locator("text=Essayer de nouveau")).to_be_hidden()
    assert messages() == 1


def test_a_link_is_tried_again_too(page: Page, server: Server):
    page.goto(f"{server.url}/connexion")
    page.wait_for_load_state("networkidle")
    page.route("**/confidentialite", lambda route: route.abort("internetdisconnected"))
    page.click("text=Confidentialité")
    expect(page.locator("#line [role=status]")).to_contain_text("coupée")
    page.unroute("**/confidentialite")
    page.click("text=Essayer de nouveau")
    expect(page.locator("h1")).to_have_text("Confidentialité")
