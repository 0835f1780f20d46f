"""What every test may ask for: a fresh real database, the city, the portal on it, the simulator, and a citizen."""

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache, StrictUndefined
from peewee import Database
from playwright.sync_api import Browser, sync_playwright

import models
import settings as configuration
from adapters import logs
from adapters.braintree.gateway import BraintreeGateway
from app import create_app
from city import City, load_city
from domain.billing import ledger
from domain.common import clock
from domain.operations import doctor
from domain.payments import lifecycle
from domain.payments.context import Context
from models import Alert
from tests.databases import ON_POSTGRES, Databases, scratch, statements
from tests.pages import CheckedClient
from tests.simulation import Simulator, start
from tests.walker import Citizen
from views.messages import facts

ROOT = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


LOG = "PORTAL_TEST_LOG"
LOG_FOLDER = "PORTAL_TEST_LOGS"
# Who the tests' residents are, how they enter, and where they write: none of it may stand in a log.
PLANTED = ("Trần", "Geneviève", "QMAGB0", "1984-02-29", "chaloupe violette", "@example.com", "genevieve")
# Folders whose tests share heavy processes, or measure what a neighbour would disturb: one process runs them, in turn.
TOGETHER = ("browser", "faults")


def pytest_configure(config: pytest.Config) -> None:
    """Put this machine in UTC; keep what the whole run logs, in each process of it and in the servers it starts."""
    os.environ["TZ"] = "UTC"  # where servers are, and Magog is not
    time.tzset()
    if not is_worker(config):
        os.environ[LOG_FOLDER] = tempfile.mkdtemp(prefix="portal-logs-")
    handle, path = tempfile.mkstemp(suffix=".log", dir=os.environ[LOG_FOLDER])
    os.close(handle)
    os.environ[LOG] = path
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logs.Formatter())
    logging.getLogger().addHandler(handler)
    logging.getLogger("portal").setLevel(logging.INFO)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run whose logs tell who someone is. Only the process that leads can: a worker's end is not heard."""
    if is_worker(session.config):
        return
    folder = Path(os.environ.pop(LOG_FOLDER))
    lines = [line for file in sorted(folder.iterdir()) for line in lines_of(file) if any_planted(line)]
    shutil.rmtree(folder)
    if lines:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nPersonal data in the logs:", *lines[:5], sep="\n")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell xdist which tests stay together, and leave out what is another database's."""
    for item in items:
        folder = item.path.relative_to(ROOT).parts[0]
        if folder in TOGETHER:
            item.add_marker(pytest.mark.xdist_group(folder))
        if ON_POSTGRES and item.get_closest_marker("sqlite_only"):
            item.add_marker(pytest.mark.skip(reason="speaks of SQLite's file"))


def is_worker(config: pytest.Config) -> bool:
    """Tell a process that xdist started from the one that leads."""
    return hasattr(config, "workerinput")


def lines_of(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8", errors="replace").splitlines()


def any_planted(line: str) -> bool:
    """Tell whether a log line, its escapes undone, holds something planted."""
    plain = line.encode().decode("unicode_escape", errors="replace") if "\\u" in line else line
    return any(word in text for word in PLANTED for text in (line, plain))


def alerts_read() -> None:
    """Whatever a test put before a person has words that take all of its values."""
    for alert in Alert.select():
        assert facts.heading(alert.kind)
        assert "%(" not in facts.alert(alert)


def books_agree() -> None:
    """The ledger balances, and what is left of each open invoice is what the ledger says is owed."""
    assert ledger.imbalance_cents() == 0
    assert doctor.disagreeing() == []


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """What makes scratch databases, kept for the whole run."""
    with scratch() as made:
        yield made


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test's own."""
    yield databases.copy(tmp_path, "test")
    databases.forget(tmp_path)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A new database with every table and guard, the models bound to it; the books must agree at the end."""
    opened = models.open_database(database_url)
    opened.connect(reuse_if_open=True)
    yield opened
    books_agree()
    alerts_read()
    opened.close()
    opened.close_all()


@pytest.fixture
def queries(db: Database):
    """Return what keeps the queries made within a block: a page's must not grow with its rows."""
    return statements


@pytest.fixture(scope="session")
def city() -> City:
    """The city as shipped."""
    return load_city(Path("city.toml"))


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[Simulator]:
    """A simulator process, kept for the whole run."""
    process, simulator = start()
    yield simulator
    process.terminate()
    process.wait()


@pytest.fixture
def simulator(running_simulator: Simulator) -> Simulator:
    """The simulator, empty and working."""
    running_simulator.ask("POST", "reset")
    running_simulator.ask("POST", "amount-rules", on=True)
    running_simulator.ask("POST", "cvv-rule", on=False)
    running_simulator.ask("POST", "avs-rule", on=False)
    return running_simulator


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The portal's settings in tests; a test may change them before it asks for `app`."""
    return {
        "DATABASE_URL": database_url,
        "MAIL_URL": f"file:{tmp_path}/outbox",
        "SIMULATOR_URL": "http://127.0.0.1:9",  # nobody: a demonstration may run on this machine
        "CAPTCHA": "none",
        "PASSWORD_HASHES": "cheap",
        "GATEWAY_TIMEOUT": "2",
        "UNCERTAIN_FOR": "0.5",
    }


@pytest.fixture
def strong_hashes(environment: dict[str, str]) -> None:
    """Have passwords hashed as in a city. To be asked for before the portal."""
    environment["PASSWORD_HASHES"] = "strong"


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """The templates compiled once for the whole run: each portal would do it again, for half of a test's time."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(environment: dict[str, str], compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The portal on a fresh database, its worker not started."""
    portal = create_app(configuration.load(environment))
    portal.testing = True
    portal.jinja_env.bytecode_cache = compiled_templates
    portal.jinja_env.undefined = StrictUndefined  # a name that a template has wrong is an error, not an empty place
    yield portal
    books_agree()
    alerts_read()
    models.database.close()
    models.database.obj.close_all()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript; it checks every page it gets."""
    app.test_client_class = CheckedClient
    return app.test_client()


@pytest.fixture
def citizen(client: FlaskClient) -> Citizen:
    """A resident with a valid card, who can do what residents do."""
    return Citizen(client)


@pytest.fixture
def gateway(environment: dict[str, str], simulator: Simulator) -> BraintreeGateway:
    """The gateway as the portal speaks to it, the simulator behind it."""
    return BraintreeGateway(configuration.load(environment | {"SIMULATOR_URL": simulator.url}))


@pytest.fixture
def context(app: Flask, environment: dict[str, str], gateway: BraintreeGateway) -> Context:
    """What the life of money needs, the simulator behind its gateway."""
    uncertain_for = timedelta(seconds=configuration.load(environment).uncertain_for_seconds)
    return Context(gateway, app.extensions["portal"].listeners, uncertain_for)


@pytest.fixture
def paying(context: Context):
    """Return what advances every payment that is due, as the worker would, against the simulator."""

    def advance() -> None:
        for payment_id in lifecycle.due_for_work(clock.now() + timedelta(minutes=1)):
            lifecycle.advance(payment_id, context)

    return advance


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The installed Chromium, else Playwright's own."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()
