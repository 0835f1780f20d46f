"""The demonstration to attack: the invented city on the real server, with a resident and an administrator signed in."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyotp
import requests
from flask import Flask

import app
import settings
from adapters.serving import Served
from demo.city.__main__ import TABLES
from models import StaffRole
from tests import simulation
from tests.bench.visitor import Resident
from tests.databases import migrate
from tests.server import BIN, ROOT, Server, serving

STAFF_PASSWORD = "mésange du lac 27"


@dataclass(frozen=True)
class Site:
    """The running portal, who is signed in, and the addresses there are."""

    url: str
    app: Flask
    resident: requests.Session
    admin: requests.Session


def serve() -> Served:
    """Build the portal with limits out of reach: forms that close at the fifth try would hide what is behind them."""
    settings.LIMITS.update({kind: settings.Limit(10**9, limit.minutes) for kind, limit in settings.LIMITS.items()})
    return app.serve()


@contextmanager
def demonstration(folder: Path) -> Iterator[Site]:
    """Serve the invented city from a fresh database while the block runs."""
    simulator_process, simulator = simulation.start()
    environment = {
        "DATABASE_URL": migrate(f"sqlite:///{folder}/scan.db"),
        "MAIL_URL": f"file:{folder}/outbox",
        "SIMULATOR_URL": simulator.url,
        "BRAINTREE_ENVIRONMENT": "simulator",
        "CAPTCHA": "none",
        "PASSWORD_HASHES": settings.CHEAP,  # several sign in at once: who waits too long is told 503, as it should be
    }
    subprocess.run([BIN / "python", "-m", "demo.city", folder], check=True, cwd=ROOT, capture_output=True)
    try:
        with serving(environment, factory="tests.scan.site:serve") as server:
            for table in TABLES:
                server.flask("import", table, str(folder / f"{table}.csv"))
            here = app.create_app(settings.load(environment | {"PUBLIC_URL": server.url}))  # for its url map alone
            yield Site(server.url, here, Resident(server), administrator(server))
    finally:
        simulator_process.terminate()
        simulator_process.wait()


def administrator(server: Server) -> requests.Session:
    """Sign in as someone with every role, through the pages: temporary password, then a phone."""
    roles = [word for role in StaffRole.ROLES for word in ("--role", role)]
    temporary = server.flask("staff", "add", "scan.admin", *roles).strip()
    browser = requests.Session()
    send_form(browser, f"{server.url}/personnel/connexion", username="scan.admin", password=temporary)
    page = browser.get(f"{server.url}/personnel/premiere-fois").text
    code = pyotp.TOTP(re.search(r"[A-Z2-7]{32}", page)[0]).now()
    words = {"password": STAFF_PASSWORD, "password_again": STAFF_PASSWORD, "code": code}
    send_form(browser, f"{server.url}/personnel/premiere-fois", **words)
    return browser


def send_form(browser: requests.Session, address: str, **fields: str) -> None:
    """Post a form with its page's token."""
    browser.post(address, data={"csrf_token": csrf_token(browser, address), **fields}).raise_for_status()


def csrf_token(browser: requests.Session, address: str) -> str:
    """Return the token of a page's form."""
    return re.search(r'name="csrf_token" value="([^"]+)"', browser.get(address).text)[1]
