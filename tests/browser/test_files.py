"""A form that a file answers: the page stays, and its buttons serve again."""

from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

import models
from domain.access.credentials import hash_password
from domain.common import clock
from models import StaffAccount, StaffRole
from tests.factories import make_staff
from tests.server import Server
from tests.staff.conftest import PASSWORD


@pytest.fixture
def treasurer(page: Page, server: Server) -> StaffAccount:
    """Someone of finances, at the page of exports."""
    models.open_database(server.environment["DATABASE_URL"])
    secret = pyotp.random_base32()
    account = make_staff(
        "marie", StaffRole.FINANCE, password_hash=hash_password(PASSWORD), totp_secret=secret,
        totp_confirmed_at=clock.now(),
    )  # fmt: skip
    page.goto(f"{server.url}/personnel/connexion")
    page.fill("#username", "marie")
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.fill("#code", pyotp.TOTP(secret).now())
    page.click("main form button")
    page.wait_for_url("**/personnel")
    page.goto(f"{server.url}/personnel/export")
    return account


def test_every_shape_of_the_export_is_taken_one_after_another(page: Page, treasurer: StaffAccount):
    last = clock.today()
    page.fill("#first", (last - timedelta(days=30)).isoformat())
    page.fill("#last", last.isoformat())
    for kind, ending in (("xlsx", ".xlsx"), ("csv", "-tableur.csv"), ("machine", ".csv")):
        StaffAccount.update(totp_last_step=0).execute()
        page.fill("#code", pyotp.TOTP(treasurer.totp_secret).now())
        with page.expect_download() as taken:
            page.click(f"button[value={kind}]", no_wait_after=True)
        assert taken.value.suggested_filename.endswith(ending)
        expect(page.locator("main button:disabled")).to_have_count(0, timeout=10_000)
        assert page.input_value("#last") == last.isoformat()
