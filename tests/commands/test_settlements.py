"""`flask export settlements`: what Braintree deposits, by batch."""

import csv
from datetime import timedelta

import pytest

from app import create_app
from domain.common import clock
from domain.payments import refunds
from models import Payment
from settings import load
from tests.factories import make_invoice
from tests.simulation import free_port


@pytest.fixture
def environment(environment, simulator):
    return environment | {"SIMULATOR_URL": simulator.url}


@pytest.fixture
def export(app, tmp_path):
    def run(day=None):
        day = (day or clock.local(clock.now())).date().isoformat()
        result = app.test_cli_runner().invoke(args=["export", "settlements", day, f"{tmp_path}/lots.csv"])
        assert result.exit_code == 0, result.output
        return list(csv.DictReader((tmp_path / "lots.csv").read_text("utf-8-sig").splitlines()))

    return run


def test_a_batch_adds_up_charges_and_refunds(citizen, paying, simulator, gateway, context, export):
    citizen.joins()
    for cents in (10_000, 2_550):
        citizen.pays(make_invoice(citizen.household, cents))
        paying()
    simulator.ask("POST", "settle-all")
    refunds.advance(refunds.ask(Payment.get_by_id(1), 3_000, 10_000, "absence").id, context)
    simulator.ask("POST", "settle-all")
    gateway.charge("biblio-55", 700, "fake-valid-nonce")
    [lot] = export()
    assert lot["settlement_batch"]
    assert (lot["charges"], lot["charged"]) == ("2", "125.50")
    assert (lot["refunds"], lot["refunded"]) == ("1", "30.00")
    assert (lot["deposit"], lot["deposit_cents"], lot["unknown_here"]) == ("95.50", "9550", "0")


def test_a_charge_with_no_document_here_is_counted(gateway, simulator, export):
    gateway.charge("biblio-55", 700, "fake-valid-nonce")
    simulator.ask("POST", "settle-all")
    assert [lot["unknown_here"] for lot in export()] == ["1"]


def test_another_day_has_nothing(citizen, paying, simulator, export):
    citizen.joins()
    citizen.pays(make_invoice(citizen.household))
    paying()
    simulator.ask("POST", "settle-all")
    assert export(clock.local(clock.now()) - timedelta(days=1)) == []


def test_a_gateway_that_does_not_answer_is_said_and_writes_nothing(app, environment, tmp_path):
    down = create_app(load(environment | {"SIMULATOR_URL": f"http://127.0.0.1:{free_port()}"}))
    for words in (["export", "settlements", "2026-11-23", f"{tmp_path}/lots.csv"], ["match", "2026-11-23"]):
        result = down.test_cli_runner().invoke(args=words)
        assert result.exit_code == 1
        assert "ne répond pas" in result.output
    assert not (tmp_path / "lots.csv").exists()
