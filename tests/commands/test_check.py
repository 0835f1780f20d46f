"""`flask check`, as its own process: it must work whatever the settings are."""

import os
import pwd
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

import models
from adapters import machine
from commands.check import wrong_gateway
from domain.common import clock
from domain.operations import health
from models import LedgerEntry
from settings import load
from tests.databases import ON_POSTGRES
from tests.factories import make_activity, make_household, make_invoice
from tests.simulation import free_port

MOUNT = ["/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs"]


@pytest.fixture
def check(app, environment):
    """Run `flask check` on the test's settings changed so; return its exit status and what it printed."""

    def run(*options: str, **changed: str) -> tuple[int, str]:
        done = subprocess.run(
            [Path(sys.executable).parent / "flask", "check", *options],
            env=os.environ | environment | changed,
            capture_output=True,
            text=True,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout

    return run


def test_all_well(check):
    assert check() == (0, "Tout va bien.\n")


def test_each_wrong_setting_is_named_and_the_books_are_read_all_the_same(check):
    make_invoice(make_household())
    database_still_read = check(SECRET_KEY="short", MAIL_URL="nowhere")
    assert database_still_read[0] == 1
    assert "SECRET_KEY" in database_still_read[1]
    assert "MAIL_URL" in database_still_read[1]
    assert "2 problème(s)" in database_still_read[1]


@pytest.mark.sqlite_only
def test_a_database_that_is_none_is_named(check, tmp_path):
    (tmp_path / "odd.db").write_bytes(b"not a database, whatever its name" * 100)
    status, words = check(DATABASE_URL=f"sqlite:///{tmp_path}/odd.db")
    assert status == 1
    assert "la base ne se lit pas" in words


def test_a_wrong_database_address_is_named(check):
    status, words = check(DATABASE_URL="mysql://here")
    assert status == 1
    assert "DATABASE_URL" in words


def test_a_server_that_does_not_answer_is_named(check):
    status, words = check(DATABASE_URL=f"postgresql://portail@127.0.0.1:{free_port()}/portail")
    assert status == 1
    assert "la base ne se lit pas" in words


def test_a_schema_behind_is_named(check, databases, tmp_path):
    status, words = check(DATABASE_URL=databases.empty(tmp_path, "new"))
    assert status == 1
    assert "schéma est en retard" in words


@pytest.mark.parametrize(("age", "stale"), [(None, True), (timedelta(days=3), True), (timedelta(hours=20), False)])
def test_a_stale_backup_is_named_once_there_is_something_to_lose(check, age, stale):
    make_invoice(make_household())
    old_books()
    if age:
        with time_machine.travel(datetime.now(UTC) - age):
            health.copied()
    named = stale and not ON_POSTGRES  # a server's copies are its own tools'
    status, words = check()
    assert ("flask backup" in words) is named
    assert status == (1 if named else 0)


def old_books() -> None:
    """Have the ledger begin a month ago; its guards are laid down and put up again, as only an owner could."""
    models.database.execute_sql(f"DROP TRIGGER ledger_entry_no_update{' ON ledger_entry' if ON_POSTGRES else ''}")
    LedgerEntry.update(at=clock.now() - timedelta(days=30)).execute()
    models.ensure_guards()


def test_a_mail_server_that_is_down_is_named(check):
    status, words = check(MAIL_URL=f"smtp://127.0.0.1:{free_port()}")
    assert status == 1
    assert "le serveur de courriel n’ouvre pas sa porte" in words
    assert "MAIL_URL" in words


def test_the_gateway_is_asked_when_one_wants_it(check, simulator):
    right = {"SIMULATOR_URL": simulator.url, "BRAINTREE_MERCHANT_ACCOUNT_ID": "sandbox_credit_card"}
    assert check("--gateway", **right) == (0, "Tout va bien.\n")
    status, words = check("--gateway", **right, BRAINTREE_PRIVATE_KEY="une autre")
    assert status == 1
    assert "vérifiez les quatre réglages BRAINTREE_" in words
    assert check(**right, BRAINTREE_PRIVATE_KEY="une autre")[0] == 0  # the control: it is not asked


def test_a_clock_that_is_off_is_named(app, environment, simulator):
    """In this process, whose clock can be set; the simulator's is right."""
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=4)):
        found = wrong_gateway(load(environment | {"SIMULATOR_URL": simulator.url}))
    assert len(found) == 1
    assert re.search(r"l’horloge de cette machine diffère de 2[34]\d s", found[0])


@pytest.mark.sqlite_only
@pytest.mark.parametrize("end", ["", "-wal", ".eml folder"])
def test_files_that_others_may_read_are_named(check, environment, tmp_path, end):
    file = models.sqlite_file(environment["DATABASE_URL"])
    wanted = tmp_path / "outbox" if end == ".eml folder" else file.with_name(file.name + end)
    (tmp_path / "outbox").mkdir(mode=0o700, exist_ok=True)
    models.database.execute_sql("SELECT 1")  # -wal is there while somebody has it open
    wanted.chmod(0o755 if wanted.is_dir() else 0o644)
    status, words = check()
    assert status == 1
    assert f"chmod go= {wanted}" in words


def test_files_that_the_service_may_not_write_are_named(tmp_path):
    """A copy put back by root: nobody but root could open it. Root itself writes everything, so another asks."""
    if os.geteuid() != 0:
        pytest.skip("only root gives files away")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "town.db"
        file.touch(mode=0o600)
        assert machine.problems([file], []) == []
        assert as_nobody(lambda: [one.key for one in machine.problems([file], [])]) == [machine.Wrong.NOT_WRITABLE]


def as_nobody(ask: Callable[[], list[str]]) -> list[str]:
    """Ask in a process that has nobody's rights."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            os.setuid(pwd.getpwnam("nobody").pw_uid)
            os.write(writing, "\n".join(ask()).encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read().splitlines()


def test_a_disk_nearly_full_is_named(tmp_path):
    """A disk of a megabyte, filled."""
    if os.geteuid() != 0 or subprocess.run([*MOUNT, tmp_path], check=False).returncode:
        pytest.skip("no disk may be made here")
    try:
        assert machine.problems([tmp_path], []) == []
        (tmp_path / "large").write_bytes(bytes(950_000))
        [found] = machine.problems([tmp_path], [])
        assert (found.key, found.values["file"]) == (machine.Wrong.NEARLY_FULL, str(tmp_path))
        assert found.values["free"] < machine.LEAST_FREE_PERCENT
    finally:
        subprocess.run(["/bin/umount", tmp_path], check=True)


@pytest.mark.sqlite_only
def test_a_database_that_is_none_stops_no_look_at_the_gateway(check, simulator, tmp_path):
    (tmp_path / "odd.db").write_bytes(b"not a database, whatever its name" * 100)
    status, words = check("--gateway", SIMULATOR_URL=simulator.url, DATABASE_URL=f"sqlite:///{tmp_path}/odd.db")
    assert status == 1
    assert "la base ne se lit pas" in words


def test_a_programme_that_the_catalogue_has_not_is_named(check, tmp_path):
    make_activity(code="semaine-1", program="club-ete")
    words = Path("city.toml").read_text(encoding="utf-8")
    file = tmp_path / "city.toml"
    file.write_text(
        words.replace("least_weeks = {}", 'least_weeks = { club-ete = 2, "club été" = 3 }'), encoding="utf-8"
    )
    status, said = check(CITY_FILE=str(file))
    assert status == 1
    assert said.startswith("city.toml, registration.least_weeks : « club été » n’est le nom d’aucun programme")
    assert "1 problème(s)" in said
