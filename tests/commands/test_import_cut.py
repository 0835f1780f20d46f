"""A cut import is finished by the next one; one that waits says so; one that changes nothing holds nobody up."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from peewee import fn

from commands.worker.leases import lock_for
from domain.billing import ledger
from domain.common import alerts
from domain.imports import runs
from models import ImportRun, Invoice, InvoiceLine, LedgerEntry, Person, Place
from tests.commands.rows import card, line, table
from tests.databases import held

MANY = 3_000
PLACES = "place,name,kind\nP1,Aréna,ice\n"


@pytest.fixture
def lock(app):
    """The lock of imports, as another import would hold it."""
    lock = lock_for(app.extensions["portal"].settings, "import-lock")
    yield lock
    lock.release()


@pytest.fixture
def kept(lock) -> Callable[[], list[Path]]:
    """Return what lists the copies of files under way."""
    return lambda: list(lock.path.parent.glob(f"{lock.path.name}.*"))


@pytest.fixture
def spawns(app, environment, tmp_path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Return what begins `flask import KIND` on this text in a process of its own."""
    with ExitStack() as stack:

        def spawn(kind: str, text: str) -> subprocess.Popen:
            file = tmp_path / f"{kind}.csv"
            file.write_text(text)
            command = [Path(sys.executable).parent / "flask", "import", kind, file]
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
            process = stack.enter_context(subprocess.Popen(command, env=os.environ | environment, **pipes))
            stack.callback(process.kill)
            return process

        yield spawn


def many_invoices() -> str:
    return table([line(f"F{n}", description=part) for n in range(MANY) for part in ("Camp", "Repas")])


def waits_for(is_so: Callable[[], bool], process: subprocess.Popen) -> None:
    while not is_so():
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


def holds_whole_invoices() -> bool:
    """Tell whether every invoice has its lines, and the books hold what they come to."""
    invoices = Invoice.select().count()
    assert InvoiceLine.select().count() == 2 * invoices
    owed = LedgerEntry.select(fn.SUM(LedgerEntry.debit_cents - LedgerEntry.credit_cents))
    assert ledger.imbalance_cents() == 0
    return owed.where(LedgerEntry.account == ledger.RECEIVABLE).scalar() == 20_000 * invoices


def test_killed_in_the_middle_it_leaves_whole_invoices_and_the_next_import_finishes_it(app, brings, spawns, kept):
    brings("cards", [card()])
    process = spawns("invoices", many_invoices())
    waits_for(lambda: Invoice.select().exists(), process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 0 < Invoice.select().count() < MANY
    assert holds_whole_invoices()
    [copy] = kept()
    assert copy.stat().st_mode & 0o777 == 0o600
    result = brings("places", PLACES)
    assert "invoices.csv : import interrompu, terminé d’abord" in result.output
    assert "1 créé(s)" in result.output
    assert (Invoice.select().count(), Place.select().count()) == (MANY, 1)
    assert holds_whole_invoices()
    assert (kept(), runs.cut()) == ([], [])


def test_a_file_kept_that_a_restored_copy_comes_without_is_put_before_a_person(brings, flask):
    runs.begin("invoices", "nuit.csv", "/nowhere/kept")
    assert "1 créé(s)" in brings("places", PLACES).output
    assert [(alert.kind, alert.values) for alert in alerts.open_alerts()] == [("import cut", {"file": "nuit.csv"})]
    assert "interrompu" not in brings("places", PLACES).output


def test_a_file_kept_that_is_refused_now_is_put_before_a_person(brings, tmp_path):
    copy = tmp_path / "kept"
    copy.write_text(table([line(household="D404")]))
    runs.begin("invoices", "nuit.csv", str(copy))
    assert brings("places", PLACES).exit_code == 0
    assert [alert.values for alert in alerts.open_alerts()] == [{"file": "nuit.csv"}]
    assert not Invoice.select().exists()


def test_another_import_is_waited_for_in_words(spawns, lock):
    assert lock.acquire()
    process = spawns("places", PLACES)
    assert "attend qu’il finisse" in process.stderr.readline()
    assert not Place.select().exists()
    lock.release()
    assert process.wait() == 0
    assert Place.select().count() == 1


@pytest.mark.parametrize("content", [[card()], [card(status="perdue")], b"\0"], ids=["taken", "refused", "no table"])
def test_no_copy_stays_of_a_file_once_it_is_taken_or_refused(brings, kept, content):
    brings("cards", content)
    assert kept() == []
    assert runs.cut() == []


def test_a_file_that_changes_nothing_takes_no_lock(brings, database_url):
    files = {"cards": [card()], "invoices": [line()]}
    for kind, rows in files.items():
        brings(kind, rows)
    with held(database_url):
        for kind, rows in files.items():
            assert "0 créé(s), 0 modifié(s), 1 inchangé(s)" in brings(kind, rows).output
    assert ImportRun.select().count() == 2


def test_only_the_columns_of_the_file_are_written(brings):
    brings("cards", [card(phone="819 555-0100", status="lost")])
    few = {name: value for name, value in card(last_name="Roy").items() if name not in ("phone", "status")}
    assert "1 modifié(s)" in brings("cards", [few]).output
    person = Person.get()
    assert (person.last_name, person.phone, person.status) == ("Roy", "819 555-0100", Person.LOST)


def test_what_is_left_alone_stands_in_attention_with_its_key(brings, flask, lock):
    brings("cards", [card()])
    brings("invoices", [line(), line("F2")])
    payments = "payment,invoice_number,paid_on,amount,method\nC1,F1,2026-11-23,-500.00,cash\nC2,F2,2026-11-23,1,cash\n"
    for _night in range(3):
        brings("payments", payments)
    waiting = flask("attention").output
    assert waiting.count("paiement C1 : 500,00") == 1
    assert "1 chose(s) à traiter" in waiting
    assert [alert.subject for alert in alerts.open_alerts()] == ["C1"]
