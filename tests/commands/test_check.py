"""`flask check`, as its own process: it must work whatever the settings are."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

import models
from domain.common import clock
from domain.operations import health
from models import LedgerEntry
from tests.databases import ON_POSTGRES
from tests.factories import make_household, make_invoice
from tests.simulation import free_port


@pytest.fixture
def check(app, environment):
    """Run `flask check` on the test's settings changed so; return its exit status and what it printed."""

    def run(**changed: str) -> tuple[int, str]:
        done = subprocess.run(
            [Path(sys.executable).parent / "flask", "check"],
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
