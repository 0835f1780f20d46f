"""A real Chromium on the real server and the real simulator."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from demo.city.__main__ import TABLES
from tests.databases import Databases
from tests.server import Server, serving
from tests.simulation import Simulator

# Named as a phone: braintree-web does otherwise on phones than on desks.
PHONE = {
    "viewport": {"width": 320, "height": 800},
    "locale": "fr-CA",
    "user_agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36",
}


@pytest.fixture(scope="session")
def inhabited(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the invented city in it, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("city")
    url = databases.copy(folder, "city")
    subprocess.run([sys.executable, "-m", "demo.city", folder], check=True, capture_output=True)
    for table in TABLES:
        Server({"DATABASE_URL": url}, 0).flask("import", table, str(folder / f"{table}.csv"))
    return url


@pytest.fixture
def environment(databases: Databases, inhabited: str, tmp_path: Path, simulator: Simulator) -> Iterator[dict[str, str]]:
    """The settings of a portal with the invented city in it."""
    yield {
        "DATABASE_URL": databases.copy(tmp_path, "browser", of=inhabited),
        "MAIL_URL": f"file:{tmp_path}/outbox",
        "SIMULATOR_URL": simulator.url,
        "PASSWORD_HASHES": "cheap",
    }
    databases.forget(tmp_path)


@pytest.fixture
def server(environment: dict[str, str]) -> Iterator[Server]:
    """The portal with the invented city in it."""
    with serving(environment) as server:
        yield server


@pytest.fixture
def secure_server(environment: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    """The portal with the invented city in it, over https with a certificate of its own."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl command")
    words = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout key.pem -out cert.pem"
    words += " -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(words.split(), cwd=tmp_path, check=True, capture_output=True)
    strong = {"SECRET_KEY": "only for this test, on this machine, today", "PASSWORD_HASHES": "strong"}
    strong["TRUSTED_PROXIES"] = "1"  # as https wants; none stands there, and none of its headers come
    with serving(environment | strong, tls=tmp_path) as server:
        yield server


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone-sized page; it fails the test when a script breaks or the policy is violated."""
    context = chromium.new_context(**PHONE)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda line: broken.append(line.text) if _matters(line.text) else None)
    yield page
    context.close()
    assert not broken


def _matters(line: str) -> bool:
    """Tell whether a console line is a fault of ours: braintree-web's statistics to PayPal are blocked on purpose."""
    return "Content Security Policy" in line and "paypal.com" not in line and "inline style" not in line
