"""Fifty charges under way at once, their payers' pages asking for news, beside the pages of others: in turn."""

import http.client
import statistics
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from models import Payment
from tests.bench import load
from tests.bench.pages import memory_mb
from tests.databases import migrate
from tests.faults.town import Resident, Town

AT_ONCE = 50
GATEWAY_SECONDS = 12  # longer than posting them all and one measure
ROUNDS = 5
ASK_EVERY_SECONDS = 1  # as templates/payment/outcome.html does


def measure(folder: Path) -> None:
    """Print the dossier with nothing under way, then with fifty charges, and how many times slower it is."""
    ratios = []
    database_url = migrate(f"sqlite:///{folder}/town.db")
    with closing(Town(folder, database_url, GATEWAY_TIMEOUT="55", UNCERTAIN_FOR="150")) as town:
        town.server.start()
        reader = town.resident()
        for _ in range(5):
            town.owes(reader)
        url = f"{town.server.url}/mon-dossier"
        load.run(url, reader.cookie, seconds=1)
        for _ in range(ROUNDS):
            alone = load.run(url, reader.cookie)
            with under_way(town):
                beside = load.run(url, reader.cookie)
            ratios.append((alone.per_second / beside.per_second, beside.p99_ms / alone.p99_ms))
            print(f"dossier, nothing under way    {alone}")
            print(f"dossier, {AT_ONCE} charges under way {beside}")
        print(f"worker memory after {ROUNDS} × {AT_ONCE}    {memory_mb(town.server.worker()):.0f} MB (budget 90)")
    slower, later = (statistics.median(column) for column in zip(*ratios, strict=True))
    print(f"slowed by {AT_ONCE} charges          {slower:.2f} × in pages, {later:.2f} × in p99 (budget 1.5)")


@contextmanager
def under_way(town: Town) -> Iterator[None]:
    """Have fifty households' payments wait for the gateway while the block runs, and settled afterwards."""
    residents = [town.resident() for _ in range(AT_ONCE)]
    invoices = [town.owes(resident) for resident in residents]
    town.simulator.breaks("sale", "slow", times=AT_ONCE, seconds=GATEWAY_SECONDS)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(Resident.pays, residents, invoices))
    references = [answer.reference for answer in answers]
    for reference in references:
        town.wait(reference, "submitted")
    with asking(town, residents, references):
        yield
    still = Payment.select().where(Payment.reference.in_(references), Payment.state == Payment.SUBMITTED).count()
    assert still == AT_ONCE, f"only {still} charges were still under way: the figure would say nothing"
    for reference in references:
        assert town.wait(reference, "paid", seconds=30) == "paid"


@contextmanager
def asking(town: Town, residents: list[Resident], references: list[str]) -> Iterator[None]:
    """Have each waiting page ask for news, as htmx does, while the block runs."""
    done = threading.Event()
    thread = threading.Thread(target=_ask, args=(town.server.url, residents, references, done))
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _ask(url: str, residents: list[Resident], references: list[str], done: threading.Event) -> None:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc)) as connection:
        for resident, reference in cycle(zip(residents, references, strict=True)):
            if done.wait(ASK_EVERY_SECONDS / AT_ONCE):
                return
            headers = {"HX-Request": "true", "Cookie": resident.cookie}
            connection.request("GET", f"/mon-dossier/paiements/{reference}?vu=submitted", headers=headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 204, answer.status
