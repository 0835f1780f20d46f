"""The public SDK, set up to speak to the simulator."""

from collections.abc import Iterator

import braintree
import pytest

from tests.simulation import Simulator


@pytest.fixture
def gateway(simulator: Simulator) -> Iterator[braintree.BraintreeGateway]:
    gateway = simulator.gateway()
    yield gateway
    gateway.config.close()
