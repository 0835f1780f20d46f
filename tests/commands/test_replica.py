"""A replica by the real Litestream: what is paid is there within seconds, and comes back by `flask restore`."""

import os
import shlex
import sqlite3
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from models import Household, Invoice, Payment
from tests.factories import make_household, make_invoice
from tests.server import ROOT

pytestmark = pytest.mark.sqlite_only  # a server has a replication of its own

PATH = {"PATH": os.environ["PATH"]}
TRIES, EVERY_SECONDS = 120, 0.5


@pytest.fixture
def environment(environment, simulator, tmp_path):
    return environment | {"SIMULATOR_URL": simulator.url, "LITESTREAM_TARGET": f"file://{tmp_path}/elsewhere"}


@pytest.fixture
def flask(printed):
    return printed


@contextmanager
def replicating(environment: dict[str, str], folder: Path) -> Iterator[None]:
    """What the unit starts, as it starts it, until the block ends."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(words_of_the_unit(), cwd=ROOT, stdout=log, stderr=log, env=environment | PATH)
        try:
            until(lambda: "replicating to" in (folder / "log").read_text() or process.poll() is not None)
            assert process.poll() is None, (folder / "log").read_text()
            yield
        finally:
            process.terminate()
            process.wait()


def words_of_the_unit() -> list[str]:
    unit = (ROOT / "deploy" / "portail-replique.service").read_text(encoding="utf-8")
    [line] = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    return line.removeprefix("ExecStart=").replace("/opt/portail/current", str(ROOT)).split()


def until(done) -> None:
    for _try in range(TRIES):
        if done():
            return
        time.sleep(EVERY_SECONDS)
    raise AssertionError("it did not come")


def in_the_replica(flask, query: str, file: Path) -> object:
    """Return what a query finds in the replica as it is now; None while nothing is there."""
    fetched = flask("replica", file, code=None)
    if "remettez-le" not in fetched.lower():
        return None
    with closing(sqlite3.connect(file)) as opened:
        return opened.execute(query).fetchone()[0]


PAID = "SELECT count(*) FROM payment WHERE state = 'paid'"


def test_a_payment_is_in_the_replica_and_comes_back(environment, flask, citizen, paying, tmp_path):
    citizen.joins()
    file = tmp_path / "replique.db"
    with replicating(environment, tmp_path):
        payment = citizen.payment(citizen.pays(make_invoice(citizen.household, 10_000)))
        paying()
        until(lambda: in_the_replica(flask, PAID, file) == 1)
        assert "systemctl stop portail-replique" in flask("restore", file, code=1)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    make_household("after")
    flask("restore", file)
    assert (Payment.get().reference, Payment.get().state, Invoice.get().balance_cents) == (payment.reference, "paid", 0)
    assert not Household.select().where(Household.code == "after").exists()


def test_a_database_put_back_is_replicated_on(environment, flask, citizen, tmp_path):
    """An older one stands there, with fewer pages and changes than the replica knows."""
    citizen.joins()
    flask("backup", tmp_path / "copie.db")
    count = "SELECT count(*) FROM household WHERE code = '%s'"
    with replicating(environment, tmp_path):
        make_household("before")
        until(lambda: in_the_replica(flask, count % "before", tmp_path / "replique.db") == 1)
    flask("restore", tmp_path / "copie.db", "--replace-newer")
    with replicating(environment, tmp_path):
        make_household("after")
        until(lambda: in_the_replica(flask, count % "after", tmp_path / "replique.db") == 1)
    assert in_the_replica(flask, count % "before", tmp_path / "replique.db") == 0


def test_two_do_not_replicate_one_database(environment, flask, app, tmp_path):
    with replicating(environment, tmp_path):
        assert "déjà en marche" in flask("replicate", code=1)


def test_a_new_database_does_not_follow_one_that_served(environment, flask, citizen, paying, databases, tmp_path):
    """A new machine, with the settings of the one that was lost."""
    citizen.joins()
    citizen.payment(citizen.pays(make_invoice(citizen.household, 10_000)))
    paying()
    file = tmp_path / "replique.db"
    with replicating(environment, tmp_path):
        until(lambda: in_the_replica(flask, PAID, file) == 1)
    machine = tmp_path / "new"
    machine.mkdir()
    new = environment | {"DATABASE_URL": databases.copy(machine, "new")}
    done = subprocess.run(words_of_the_unit(), cwd=ROOT, capture_output=True, text=True, env=new | PATH, timeout=60)
    assert done.returncode == 1
    assert "celle-ci est neuve" in done.stderr
    assert in_the_replica(flask, PAID, file) == 1


def test_the_unit_is_skipped_where_no_target_is_given():
    unit = (ROOT / "deploy" / "portail-replique.service").read_text(encoding="utf-8")
    [line] = [line for line in unit.splitlines() if line.startswith("ExecCondition=")]
    words = shlex.split(line.removeprefix("ExecCondition="))
    assert [subprocess.run(words, env={"LITESTREAM_TARGET": target}).returncode for target in ("", "file:///a")] == [
        1,
        0,
    ]


def test_a_replica_that_is_not_there_is_said(flask, tmp_path):
    assert "la réplique ne se lit pas" in flask("replica", tmp_path / "replique.db", code=1)
    assert not (tmp_path / "replique.db").exists()
