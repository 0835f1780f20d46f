"""A real simulator process on a free port, spoken to over HTTP."""

import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

with warnings.catch_warnings():  # the SDK warns of its own constants when imported
    warnings.simplefilter("ignore", DeprecationWarning)
    import braintree

ROOT = Path(__file__).resolve().parents[2]


class Simulator:
    """The simulator as its tests see it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, method: str, path: str, **sent: object) -> requests.Response:
        """Ask something of the simulator itself."""
        return requests.request(method, f"{self.url}/simulator/{path}", json=sent or None, timeout=10)

    def breaks(self, call: str, fault: str, **how: object) -> None:
        """Arrange a failure."""
        assert self.ask("POST", "faults", call=call, fault=fault, **how).status_code == 201

    def transactions(self) -> list[dict]:
        """List what was charged, newest first."""
        return self.ask("GET", "transactions").json()

    def gateway(self, **settings: object) -> braintree.BraintreeGateway:
        """Return the public SDK, set up to speak to this simulator."""
        address = urlsplit(self.url)
        host, port = address.hostname, str(address.port)
        environment = braintree.Environment("simulator", host, port, "", False, None, host, port)
        keys = {
            "merchant_id": "integration_merchant_id",
            "public_key": "integration_public_key",
            "private_key": "integration_private_key",
        }
        return braintree.BraintreeGateway(braintree.Configuration(environment, **(keys | settings)))


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(database: str = ":memory:", port: int = 0) -> tuple[subprocess.Popen, Simulator]:
    """Start a simulator and wait until it answers."""
    simulator = Simulator(f"http://127.0.0.1:{port or free_port()}")
    settings = {"SIMULATOR_URL": simulator.url, "SIMULATOR_DATABASE": database}
    command = [sys.executable, "-m", "demo.simulator"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL)
    for _ in range(100):
        try:
            simulator.ask("GET", "faults")
            return process, simulator
        except requests.ConnectionError:
            time.sleep(0.1)
    process.kill()
    raise RuntimeError("the simulator does not answer")


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[Simulator]:
    process, simulator = start()
    yield simulator
    process.terminate()
    process.wait()


@pytest.fixture
def simulator(running_simulator: Simulator) -> Simulator:
    running_simulator.ask("POST", "reset")
    running_simulator.ask("POST", "amount-rules", on=True)
    running_simulator.ask("POST", "cvv-rule", on=False)
    return running_simulator


@pytest.fixture
def gateway(simulator: Simulator) -> Iterator[braintree.BraintreeGateway]:
    gateway = simulator.gateway()
    yield gateway
    gateway.config.close()
