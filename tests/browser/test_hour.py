"""The hour of an opening, in a real browser that waits for it."""

from datetime import time, timedelta

import pytest
from playwright.sync_api import Page, expect

import models
from domain.common import clock
from models import Account, CartItem
from tests.browser.test_journey import choose_credentials, identify
from tests.factories import make_group
from tests.server import Server

SOON = timedelta(seconds=8)


@pytest.fixture
def here(environment: dict[str, str]):
    """The server's database, from this process."""
    models.open_database(environment["DATABASE_URL"])
    yield
    models.database.close()
    models.database.obj.close_all()


@pytest.mark.usefixtures("here")
def test_the_button_comes_at_the_hour_and_the_page_asks_for_nothing_then(page: Page, server: Server):
    identify(page, server)
    choose_credentials(page)
    person = Account.get().person
    at_night = {"starts_at": time(3), "ends_at": time(4)}  # she is elsewhere in the day
    group = make_group(opens_residents=clock.now() + SOON, **at_night)
    CartItem.create(household=person.memberships.get().household, person=person, activity=group, state=CartItem.WISH)
    page.goto(f"{server.url}/panier", wait_until="networkidle")
    button = page.get_by_role("button", name="Prendre mes places")
    expect(button).to_be_hidden()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(button).to_be_visible(timeout=20_000)
    expect(page.locator("#hour [role=status]")).to_have_text("C’est l’heure : prenez vos places.")
    assert asked == []
    button.click()
    expect(page.get_by_text("Confirmer et payer")).to_be_visible()


@pytest.mark.usefixtures("here")
def test_long_before_the_page_asks_for_its_panel_alone(page: Page, server: Server):
    identify(page, server)
    choose_credentials(page)
    person = Account.get().person
    group = make_group(opens_residents=clock.now() + timedelta(minutes=50))
    CartItem.create(household=person.memberships.get().household, person=person, activity=group, state=CartItem.WISH)
    page.clock.install()
    page.goto(f"{server.url}/panier", wait_until="networkidle")
    with page.expect_response("**/panier/attente") as answered:
        page.clock.run_for("02:01")
    assert answered.value.text().startswith('<div id="hour"')
    expect(page.locator("#hour")).to_have_count(1)
    expect(page.locator("[data-opens-in]")).to_have_count(0)  # the new one is taken care of too
    expect(page.get_by_role("heading", name="Panier")).to_be_visible()
