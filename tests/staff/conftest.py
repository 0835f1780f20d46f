"""Someone who works for the city, with verbs."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from domain.staff import accounts
from models import StaffAccount
from tests.pages import CheckedClient

PASSWORD = "mésange du lac 27"


class Clerk:
    """A staff member at her browser, with her phone."""

    def __init__(self, app: Flask, username: str, *roles: str) -> None:
        app.test_client_class = CheckedClient
        self.client = app.test_client()
        self.username = username
        self.temporary = accounts.add(username, *roles)

    @property
    def account(self) -> StaffAccount:
        return StaffAccount.get(StaffAccount.username == self.username)

    def code(self) -> str:
        """Return what the phone shows once half a minute has passed: a code counts once."""
        StaffAccount.update(totp_last_step=0).where(StaffAccount.username == self.username).execute()
        return pyotp.TOTP(self.account.totp_secret).now()

    def post(self, path: str, page: str = "", **fields: object) -> TestResponse:
        """Post a form with the token of the page it stands on."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get(page or path).text)
        return self.client.post(path, data={"csrf_token": token[1] if token else "", **fields})

    def gives_password(self, password: str = PASSWORD) -> TestResponse:
        """Send the first factor."""
        return self.post("/personnel/connexion", username=self.username, password=password)

    def sets_up(self, **fields: str) -> TestResponse:
        """Go through the first visit."""
        self.gives_password(self.temporary)
        self.client.get("/personnel/premiere-fois")
        values = {"password": PASSWORD, "password_again": PASSWORD, "code": self.code()}
        return self.post("/personnel/premiere-fois", **{**values, **fields})

    def signs_in(self) -> TestResponse:
        """Give both factors."""
        assert self.gives_password().status_code == 303
        return self.post("/personnel/code", code=self.code())

    def signs_out(self) -> TestResponse:
        return self.post("/personnel/deconnexion", "/personnel")


@pytest.fixture
def hires(app: Flask) -> Callable[..., Clerk]:
    """Return what makes a staff member who has set her phone up and is signed in."""

    def hire(*roles: str, username: str = "") -> Clerk:
        clerk = Clerk(app, username or f"{roles[0]}.magog", *roles)
        assert clerk.sets_up().status_code == 200
        return clerk

    return hire


@pytest.fixture
def clerk(hires) -> Clerk:
    """Someone of the counter, signed in."""
    return hires("agent")


@pytest.fixture
def treasurer(hires) -> Clerk:
    """Someone of finances, signed in."""
    return hires("finance")


@pytest.fixture
def admin(hires) -> Clerk:
    """Someone of the administration, signed in."""
    return hires("admin")


A_DAY = timedelta(days=1)
