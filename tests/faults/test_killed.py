"""kill -9 while payments stand at every step: none is lost, none is charged twice."""

import os
import signal
from time import sleep

import pytest

from domain.payments import checkout
from models import Payment
from tests.databases import held
from tests.faults.town import Town


@pytest.fixture
def town(database_url, tmp_path):
    town = Town(tmp_path, database_url, GATEWAY_TIMEOUT="6", UNCERTAIN_FOR="4")  # longer than the gateway may take
    town.server.start()
    yield town
    town.close()


def stand_at_every_step(town: Town) -> dict[str, str]:
    """Return the references of payments that stand at each step of their lives, by step."""
    resident = town.resident()

    def pay() -> str:
        return resident.pays(town.owes(resident)).reference

    town.simulator.breaks("sale", "answer_lost")
    at = {"searched for": pay()}
    town.wait(at["searched for"], "unknown")
    town.simulator.breaks("search", "slow", seconds=3)
    for step, fault in (
        ("charged, no answer yet", "hang_after"),
        ("sent, not charged yet", "slow"),
        ("sent, never charged", "hang"),
    ):
        town.simulator.breaks("sale", fault, seconds=3)
        at[step] = pay()
        town.wait(at[step], "submitted")
    town.simulator.breaks("sale", "slow", seconds=0.5, times=2)
    at["answered, not booked"] = pay()
    town.wait(at["answered, not booked"], "submitted")
    return at


def kill_worker(town: Town) -> None:
    town.server.kill_worker()


def kill_group(town: Town) -> None:
    town.server.kill()
    town.server.start()


def kill_parent(town: Town) -> None:
    town.loses_the_parent()


@pytest.mark.parametrize("kill", [kill_worker, kill_group, kill_parent])
def test_nothing_is_lost_or_charged_twice(town, kill):
    at = stand_at_every_step(town)
    with held(town.database_url):  # the answer comes, and cannot be booked
        sleep(0.8)
        assert len(town.simulator.ask("GET", f"transactions?order_id={at['answered, not booked']}").json()) == 1
        os.kill(town.server.worker(), signal.SIGSTOP)
        assert {step: state(reference) for step, reference in at.items()} == dict.fromkeys(at, "submitted") | {
            "searched for": "unknown"
        }
    at["committed, not sent"] = created_behind_its_back(town)
    kill(town)
    town.settle_down()
    audit = town.audit()
    assert audit.clean, audit
    assert {step: state(reference) for step, reference in at.items()} == dict.fromkeys(at, "settled") | {
        "sent, never charged": "refused"
    }


def state(reference: str) -> str:
    return Payment.get(Payment.reference == reference).state


def created_behind_its_back(town: Town) -> str:
    """Commit a payment while the serving process stands still, as if it were killed just after its POST."""
    resident = town.resident()
    invoice = town.owes(resident)
    return checkout.create(resident.account, [invoice.number], invoice.total_cents, "fake-valid-nonce").reference
