"""A real simulator process on a free port, spoken to over HTTP."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import braintree
import requests

ROOT = Path(__file__).resolve().parents[1]


class Simulator:
    """The simulator as its tests see it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, method: str, path: str, **sent: object) -> requests.Response:
        """Ask something of the simulator itself."""
        return requests.request(method, f"{self.url}/simulator/{path}", json=sent or None, timeout=60)

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
