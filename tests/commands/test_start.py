"""A command on a database that is not there, is empty, old or another's says so in a sentence and changes nothing."""

import os
import shutil
import socket
import socketserver
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlparse

import click
import pytest

import models
from commands import schema, start
from domain.operations import made_for
from settings import Settings, database_named, load
from tests.databases import ON_POSTGRES
from tests.real_city import describe
from tests.server import ROOT
from tests.simulation import free_port

Flask = Callable[..., subprocess.CompletedProcess[str]]
ENDS = {"run", "shell", "routes"}  # Flask's own
REAL = {
    "BRAINTREE_ENVIRONMENT": "sandbox",
    "BRAINTREE_MERCHANT_ID": "m",
    "BRAINTREE_PUBLIC_KEY": "p",
    "BRAINTREE_PRIVATE_KEY": "k",
    "BRAINTREE_MERCHANT_ACCOUNT_ID": "a",
    "SECRET_KEY": "only for this test, on this machine, today",
    "UNCERTAIN_FOR": "150",
    "CAPTCHA": "altcha",
    "PASSWORD_HASHES": "strong",
}


@pytest.fixture
def flask(environment, tmp_path: Path) -> Flask:
    """Run a command on the test's settings changed so, as somebody would at a terminal."""
    city = describe(tmp_path)

    def run(*words: str, **changed: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [Path(sys.executable).parent / "flask", *words],
            cwd=ROOT,
            env=os.environ | environment | {"CITY_FILE": city} | changed,
            capture_output=True,
            text=True,
            umask=0o022,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run


def on(url: str, environment: dict[str, str]) -> Settings:
    models.open_database(url)
    return load(environment | {"DATABASE_URL": url})


@pytest.mark.sqlite_only
@pytest.mark.parametrize("place", ["none.db", "no/such/folder/none.db"])
def test_only_an_upgrade_makes_a_database(app, environment, tmp_path, place):
    missing = tmp_path / place
    settings = on(f"sqlite:///{missing}", environment)
    for name in [*app.cli.commands, *ENDS, "--help"]:
        with pytest.raises(click.ClickException, match=str(missing if missing.parent.is_dir() else missing.parent)):
            start.refuse_wrong_database(settings, [name])
    start.refuse_wrong_database(settings, ["db", "upgrade"])
    assert not missing.exists()
    models.open_database(environment["DATABASE_URL"])


@pytest.mark.sqlite_only
@pytest.mark.parametrize("words", [["jobs"], ["check"], ["db", "status"], ["import", "cards", "x.csv"]])
def test_at_a_terminal_too(flask, tmp_path, words):
    done = flask(*words, DATABASE_URL=f"sqlite:///{tmp_path}/away/none.db")
    assert done.returncode == 1
    assert f"{tmp_path}/away n’existe pas" in done.stdout + done.stderr
    assert not (tmp_path / "away").exists()


@pytest.mark.sqlite_only
def test_an_upgrade_makes_it_for_its_owner_alone(flask, tmp_path):
    url = f"sqlite:///{tmp_path}/new/town.db"
    assert flask("db", "upgrade", DATABASE_URL=url).returncode == 0
    assert flask("attention", DATABASE_URL=url).returncode == 0
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "new").iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_an_empty_database_is_named(databases, environment, tmp_path):
    settings = on(databases.empty(tmp_path, "new"), environment)
    with pytest.raises(click.ClickException, match="est vide : lancez « flask db upgrade »"):
        start.refuse_wrong_database(settings, ["import", "cards"])
    models.open_database(environment["DATABASE_URL"])


def test_a_schema_behind_is_named_to_who_would_work_on_it(databases, environment, tmp_path):
    settings = on(databases.empty(tmp_path, "old"), environment)
    newest = schema.latest()
    earlier = shutil.ignore_patterns(f"{newest}.py", "__pycache__")
    schema.upgrade(Path(shutil.copytree(schema.STEPS, tmp_path / "steps", ignore=earlier)))
    with pytest.raises(click.ClickException, match=f"le schéma est en retard .{newest}"):
        start.refuse_wrong_database(settings, ["attention"])
    start.refuse_wrong_database(settings, ["db", "status"])
    models.open_database(environment["DATABASE_URL"])


def test_a_database_is_the_simulators_or_real_moneys_for_good(app, environment, flask):
    settings = load(environment)
    start.refuse_wrong_database(settings, ["jobs"])  # an older one, which does not say, is taken as it is
    assert flask("db", "upgrade").returncode == 0
    assert made_for.kept() == "simulator"
    start.refuse_wrong_database(settings, ["jobs"])
    for words in (["db", "upgrade"], ["jobs"], ["import", "cards", "x.csv"]):
        done = flask(*words, **REAL)
        assert done.returncode == 1
        assert "a été faite pour BRAINTREE_ENVIRONMENT=simulator, et non sandbox" in done.stderr
    checked = flask("check", **REAL)
    assert "a été faite pour BRAINTREE_ENVIRONMENT=simulator" in checked.stdout
    assert made_for.kept() == "simulator"


def test_a_database_is_named_without_its_password():
    assert database_named("postgresql://ville:secret@127.0.0.1/portail") == "postgresql://127.0.0.1/portail"
    assert database_named("sqlite:////var/lib/portail/guichet.db") == "/var/lib/portail/guichet.db"


class Later(socketserver.ThreadingTCPServer):
    """A door to a database server, which opens a moment after it was made."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, port: int, real: int) -> None:
        super().__init__(("127.0.0.1", port), socketserver.BaseRequestHandler, bind_and_activate=False)
        self.real = real
        self._opening = threading.Timer(2, self._open)
        self._opening.start()

    def _open(self) -> None:
        self.server_bind()
        self.server_activate()
        self.serve_forever()

    def finish_request(self, request: socket.socket, client_address: object) -> None:
        """Carry what is said, both ways, until both have ended."""
        with socket.create_connection(("127.0.0.1", self.real)) as server:
            back = threading.Thread(target=carry, args=(server, request), daemon=True)
            back.start()
            carry(request, server)
            back.join()

    def close(self) -> None:
        self.shutdown()
        self._opening.join()
        self.server_close()


def carry(one: socket.socket, other: socket.socket) -> None:
    while words := one.recv(65_536):
        other.sendall(words)
    other.shutdown(socket.SHUT_WR)


@pytest.mark.skipif(not ON_POSTGRES, reason="speaks of a database server")
def test_who_serves_waits_for_a_server_that_starts_later_than_it(environment):
    """A machine starts both; the control is that nothing listens at first."""
    real = urlparse(environment["DATABASE_URL"])
    port = free_port()
    later = on(real._replace(netloc=f"{real.username}@127.0.0.1:{port}").geturl(), environment)
    assert not start._connects()
    door = Later(port, real.port)
    try:
        start.wait_for_database(later)
        assert start._connects()
    finally:
        models.database.close_all()
        door.close()
        models.open_database(environment["DATABASE_URL"])


@pytest.fixture
def later_version(db, environment, tmp_path: Path) -> Callable[[str], Settings]:
    """Have a later version's step applied, of these words; return this version's settings."""

    def apply(name: str) -> Settings:
        steps = tmp_path / "steps"
        shutil.copytree(schema.STEPS, steps, ignore=shutil.ignore_patterns("__pycache__"))
        (steps / f"{name}.py").write_text("def up(migrator, db):\n    pass\n", encoding="utf-8")
        assert schema.upgrade(steps) == [name]
        return load(environment)

    return apply


@pytest.mark.parametrize("words", [["jobs"], ["db", "status"], []])
def test_a_schema_that_a_later_version_changed_is_refused(later_version, words):
    settings = later_version("9999_later")
    start.refuse_wrong_database(settings, ["db", "status"])  # whoever asks is told by the command itself
    if words != ["db", "status"]:
        with pytest.raises(click.ClickException, match=r"plus récente que ce programme \(9999_later\)"):
            start.refuse_wrong_database(settings, words)


def test_a_step_that_only_adds_lets_the_version_before_serve(later_version):
    """An update is then turned back by one command, and the old version serves while the new one starts."""
    start.refuse_wrong_database(later_version("9999_adds_a_column"), [])


def test_the_status_of_the_schema_says_that_it_is_too_new(later_version, app):
    later_version("9999_later")
    done = app.test_cli_runner().invoke(args=["db", "status"])
    assert done.exit_code == 1
    assert "plus récente que ce programme" in done.output


def test_pages_are_tried_without_serving(app):
    done = app.test_cli_runner().invoke(args=["try"])
    assert (done.exit_code, done.output) == (0, "6 pages viennent.\n")
    models.database.execute_sql("ALTER TABLE place RENAME TO gone")
    done = app.test_cli_runner().invoke(args=["try"])
    assert done.exit_code == 1
    assert "/localisations ne vient pas" in done.output
