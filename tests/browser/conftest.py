"""A real Chromium on the real server and the real simulator."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.server import Server, serving
from tests.simulation import Simulator


@pytest.fixture
def server(tmp_path: Path, simulator: Simulator) -> Iterator[Server]:
    """The portal with the invented city in it."""
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/browser.db",
        "MAIL_URL": f"file:{tmp_path}/outbox",
        "SIMULATOR_URL": simulator.url,
    }
    folder = tmp_path / "city"
    subprocess.run([sys.executable, "-m", "demo.city", folder], check=True, capture_output=True)
    with serving(environment) as server:
        for table in ("cards", "invoices", "payments"):
            server.flask("import", table, str(folder / f"{table}.csv"))
        yield server


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone-sized page; it fails the test when a script breaks or the policy is violated."""
    context = chromium.new_context(viewport={"width": 320, "height": 800}, locale="fr-CA")
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
