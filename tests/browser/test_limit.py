"""The end of a session, told in a real browser."""

from playwright.sync_api import Page, expect

from tests.browser.test_journey import choose_credentials, identify
from tests.server import Server


def test_two_minutes_before_the_end_one_may_stay(page: Page, server: Server):
    identify(page, server)
    choose_credentials(page)
    page.clock.install()
    page.reload()
    said = page.locator("main [data-stay] [role=status]")
    expect(said).to_have_text("")
    page.clock.fast_forward("28:01")
    expect(said).to_have_text("Dans deux minutes, cette page se fermera.")
    page.click("text=Rester")
    expect(said).to_have_text("")
    page.clock.fast_forward("27:00")
    expect(said).to_have_text("")
    page.clock.fast_forward("01:01")
    expect(said).to_contain_text("deux minutes")
    page.clock.fast_forward("02:00")
    expect(said).to_contain_text("Vous êtes déconnecté")
    expect(page.locator("text=Rester")).to_be_hidden()
