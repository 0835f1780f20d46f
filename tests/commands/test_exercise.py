"""`flask exercice`: what would be lost is said, and nothing is changed here or at the gateway."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pyrage
import pytest

import models
from domain.common import jobs
from domain.operations import health, made_for
from models import Alert, Counter, Invoice, Job, Payment
from settings import PRODUCTION
from tests import earlier
from tests.factories import make_invoice, make_person, pay_elsewhere
from tests.server import ROOT

pytestmark = pytest.mark.sqlite_only  # a server's copies are left to its own tools


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "copies"


@pytest.fixture
def environment(environment, simulator, folder):
    key = str(pyrage.x25519.Identity.generate())
    return environment | {"SIMULATOR_URL": simulator.url, "BACKUP_FOLDER": str(folder), "BACKUP_KEY": key}


@pytest.fixture
def flask(printed):
    return printed


def pay(citizen, paying, invoice) -> Payment:
    payment = citizen.payment(citizen.pays(invoice))
    paying()
    return payment


def everything(database: Path) -> dict[str, str]:
    """Return a digest of each table of the real database but the one where jobs are noted."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        tables = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: hashlib.sha256(repr(opened.execute(f"SELECT * FROM {name}").fetchall()).encode()).hexdigest()  # noqa: S608
            for name in tables
            if name != "job"
        }


def last_problem() -> str:
    return Job.get(Job.name == health.EXERCISED).last_problem


def test_what_would_be_found_again_and_what_would_be_lost_is_said_and_nothing_changes(
    flask, citizen, paying, simulator, tmp_path
):
    citizen.joins()
    paid, counter = make_invoice(citizen.household, 10_000), make_invoice(citizen.household, 7_000)
    other = make_person(citizen.household)
    flask("backup")
    payment = pay(citizen, paying, paid)
    flask("household", "split", other.card_number)
    pay_elsewhere((counter, 4_000))
    here, there = everything(tmp_path / "test.db"), simulator.transactions()

    told = flask("exercice")

    assert f"{payment.reference} : retrouvé, 100,00\u00a0$ pour {paid.number}" in told
    assert "Retrouvés à la passerelle : 1 paiement(s), 100,00\u00a0$" in told
    assert "Foyer séparé" in told
    assert other.card_number in told
    assert "importez son fichier de nouveau" in told
    assert "Perdues, à refaire à la main : 2 chose(s)" in told
    assert "Durée : " in told
    assert everything(tmp_path / "test.db") == here
    assert simulator.transactions() == there
    assert not Alert.select().where(Alert.closed_at.is_null()).exists()
    assert jobs.last_run(health.EXERCISED)
    assert last_problem() == ""


def test_in_brief_for_a_journal_nobody_is_named(flask, citizen):
    citizen.joins()
    other = make_person(citizen.household)
    flask("backup")
    flask("household", "split", other.card_number)
    told = flask("exercice", "--brief")
    assert other.card_number not in told
    assert "Perdues, à refaire à la main : 1 chose(s)" in told


def test_the_timers_exercise_is_the_brief_one():
    assert "exercice --brief\n" in (ROOT / "deploy" / "portail-exercice.service").read_text(encoding="utf-8")


def test_nothing_of_it_is_left_on_the_disk(flask, citizen, tmp_path):
    citizen.joins()
    flask("backup")
    killed = tmp_path / ".test.db.exercice"
    killed.mkdir()
    (killed / "base.db").write_text("what an exercise that was killed left")
    flask("exercice")
    assert not list(tmp_path.rglob("*exercice*/*")) + list(tmp_path.rglob("*clair*"))
    assert not killed.exists()


def test_the_newest_copy_is_taken_and_its_age_said(flask, citizen, folder):
    citizen.joins()
    flask("backup")
    [copy] = folder.iterdir()
    (folder / "copie-20200101T00Z.db").write_bytes(b"older, and damaged")
    assert f"Exercice sur {copy}, d’il y a" in flask("exercice")
    copy.rename(folder / "copie-20200101T01Z.db.age")
    assert " j\n" in flask("exercice")


def test_a_payment_under_way_is_neither_charged_nor_forgotten(flask, citizen, paying, simulator):
    citizen.joins()
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household)))
    flask("backup")
    flask("exercice")
    assert simulator.transactions() == []
    paying()
    assert Payment.get().reference == payment.reference
    assert Invoice.get().balance_cents == 0


def test_a_portal_without_a_copy_is_told_and_noted(flask, citizen, folder):
    citizen.joins()
    assert "il n’y a pas de copie" in flask("exercice", code=1)
    assert str(folder) in last_problem()


def test_a_damaged_copy_is_told_and_noted_and_the_next_one_that_works_clears_it(flask, app, citizen, folder):
    citizen.joins()
    flask("backup")
    [copy] = folder.iterdir()
    whole = copy.read_bytes()
    copy.write_bytes(whole[:-70_000])
    assert "abîmée" in flask("exercice", code=1)
    assert "abîmée" in last_problem()
    copy.write_bytes(whole)
    flask("exercice")
    assert last_problem() == ""


def test_a_gateway_that_does_not_answer_is_told_and_noted(flask, citizen, simulator, tmp_path):
    citizen.joins()
    flask("backup")
    simulator.breaks("search", "http_500")
    assert "la passerelle ne répond pas" in flask("exercice", code=1)
    assert "la passerelle" in last_problem()
    assert not (tmp_path / ".test.db.exercice").exists()


def test_a_copy_of_another_gateways_is_not_asked_there(flask, app, citizen):
    citizen.joins()
    made_for.keep(PRODUCTION)
    flask("backup")
    Counter.delete().where(Counter.name == made_for.MADE_FOR).execute()
    portal = app.extensions["portal"]
    assert portal.settings.simulated
    assert "une base de production" in flask("exercice", code=1)


def test_a_copy_of_an_earlier_schema_is_brought_up_aside(flask, citizen, tmp_path, database_url):
    citizen.joins()
    models.open_database(f"sqlite:///{tmp_path}/earlier.db")
    earlier.apply(earlier.STEP_NAMES[20])
    models.database.close()
    models.database.obj.close_all()
    models.open_database(database_url)
    before = (tmp_path / "earlier.db").read_bytes()
    assert "Durée" in flask("exercice", tmp_path / "earlier.db")
    assert (tmp_path / "earlier.db").read_bytes() == before


def test_it_runs_beside_the_portal(flask, app, citizen):
    citizen.joins()
    flask("backup")
    lock = app.extensions["portal"].worker._lock
    assert lock.acquire()
    flask("exercice")
    lock.release()
