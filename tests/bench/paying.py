"""The POST that pays, whatever the gateway does: it commits the payment and answers, the charge comes after."""

import time
from contextlib import closing
from pathlib import Path

from tests.bench.load import Figures
from tests.databases import migrate
from tests.faults.town import Town

PAYMENTS = 100  # twice GATEWAY_WORKERS: half of them wait for a place
GATEWAY_SECONDS = 20
BUDGET_MS = 50


def measure(folder: Path) -> None:
    """Print how long the POST takes at a gateway that works, resets, hangs, and is not there."""
    database_url = migrate(f"sqlite:///{folder}/town.db")
    with closing(Town(folder, database_url, GATEWAY_TIMEOUT="55", UNCERTAIN_FOR="150")) as town:
        town.server.start()
        posts(town, "working")
        town.simulator.breaks("sale", "reset", times=PAYMENTS)
        posts(town, "resetting")
        town.simulator.breaks("sale", "slow", times=0, seconds=GATEWAY_SECONDS)
        posts(town, f"taking {GATEWAY_SECONDS} s")
        town.loses_the_gateway()
        posts(town, "down")


def posts(town: Town, gateway: str) -> None:
    """Print the latencies of the POST, each of a household of its own."""
    residents = [town.resident() for _ in range(PAYMENTS)]
    invoices = [town.owes(resident) for resident in residents]
    start = time.perf_counter()
    times = [post_ms(resident, invoice) for resident, invoice in zip(residents, invoices, strict=True)]
    figures = Figures.of(times, time.perf_counter() - start)
    print(
        f"POST that pays, gateway {gateway:11} p50 {figures.median_ms:.1f}, p99 {figures.p99_ms:.1f}, "
        f"most {max(times):.1f} ms (budget {BUDGET_MS})"
    )


def post_ms(resident, invoice) -> float:
    """Pay an invoice on a new connection; return the milliseconds until the answer."""
    start = time.perf_counter()
    answer = resident.pays(invoice)
    elapsed = (time.perf_counter() - start) * 1000
    assert answer.reference, answer.html
    return elapsed
