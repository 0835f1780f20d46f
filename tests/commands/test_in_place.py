"""`flask restore --in-place`: a copy that the database's own tools put back is completed like any other."""

import pytest

import models
from app import create_app
from models import Invoice, Payment, Session
from settings import load
from tests.databases import ON_POSTGRES
from tests.factories import make_invoice


@pytest.fixture
def environment(environment, simulator):
    return environment | {"SIMULATOR_URL": simulator.url}


def test_what_was_paid_since_the_copy_is_found_again(
    citizen, paying, environment, databases, database_url, tmp_path, simulator
):
    citizen.joins()
    invoice = make_invoice(citizen.household)
    let_go()
    copy = databases.copy(tmp_path, "copy", of=database_url)
    before = citizen.payment(citizen.pays(invoice))
    paying()
    let_go()
    restored = create_app(load(environment | {"DATABASE_URL": copy}))
    assert Invoice.get().balance_cents == 10_000
    done = restored.test_cli_runner().invoke(args=["restore", "--in-place"])
    assert done.exit_code == 0, done.output
    assert f"{before.reference} : retrouvé" in done.output
    assert (Invoice.get().balance_cents, Payment.get().state) == (0, "paid")
    assert len(simulator.transactions()) == 1
    assert not Session.select().exists()


def let_go() -> None:
    models.database.close()
    models.database.obj.close_all()


@pytest.mark.skipif(not ON_POSTGRES, reason="a SQLite file is copied by the portal itself")
@pytest.mark.parametrize("words", [["backup"], ["restore"]])
def test_a_servers_copies_are_left_to_its_own_tools(app, tmp_path, words):
    (tmp_path / "copy").write_text("")
    done = app.test_cli_runner().invoke(args=[*words, str(tmp_path / "copy")])
    assert done.exit_code == 1
    assert done.output == (
        "Error: pour PostgreSQL, prenez pg_dump et pg_restore, puis lancez « flask restore --in-place »\n"
    )
