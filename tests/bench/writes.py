"""Writes that survive a power cut (synchronous=FULL), sixteen at a time, beside what the disk itself can do."""

import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import models
from domain.payments import checkout
from models import Attempt, Invoice
from tests.bench import load
from tests.bench.load import Figures
from tests.databases import migrate
from tests.faults.town import Resident, Town

CONNECTIONS = 16
SECONDS = 3
ROUNDS = 3
PAYMENTS_EACH = 30
BUDGET = "(budget 1000/s, p99 25 ms)"


def measure(folder: Path) -> None:
    """Print the rate and the latencies of rows, of payments, and of POSTs that pay."""
    with closing(Town(folder, migrate(f"sqlite:///{folder}/town.db"))) as town:
        town.server.start()
        for _ in range(ROUNDS):
            print(f"POSTs that pay, {CONNECTIONS} at once    {posts(town)}")
        town.server.kill(signal.SIGTERM)
        for _ in range(ROUNDS):
            print(f"writes, the bare disk         {bare(folder / 'bare.db')}")
            print(f"writes of a row, {CONNECTIONS} threads   {threads(rows())} {BUDGET}")
            print(f"payments, {CONNECTIONS} threads          {threads(payments(town))}")


def bare(file: Path) -> Figures:
    """Commit one row after the other on one connection of SQLite's own: what this disk allows just now."""
    times: list[float] = []
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA synchronous = full")
        connection.execute("CREATE TABLE IF NOT EXISTS attempt (id INTEGER PRIMARY KEY, kind, key, at)")
        _repeat(lambda: connection.execute("INSERT INTO attempt (kind, key, at) VALUES ('bench', '', '')"), times)
    return Figures.of(times, SECONDS)


def threads(acts: list[Callable[[], object]]) -> Figures:
    """Do each act over and over on a thread of its own, its connection taken from the pool and given back."""
    times: list[list[float]] = [[] for _ in acts]
    workers = [
        threading.Thread(target=_repeat, args=(_connected(act), own)) for act, own in zip(acts, times, strict=True)
    ]
    start = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return Figures.of([ms for own in times for ms in own], time.monotonic() - start)


def rows() -> list[Callable[[], object]]:
    """Return what writes one row, for each thread."""

    def write_row() -> None:
        with models.write():
            Attempt.create(kind="bench")

    return [write_row] * CONNECTIONS


def payments(town: Town) -> list[Callable[[], object]]:
    """Return what commits the payment of one more invoice, for each thread; StopIteration ends it."""
    return [_next_payment(resident, iter(debts)) for resident, debts in indebted(town)]


def posts(town: Town) -> Figures:
    """Pay over HTTP, each resident on a connection of her own, while the server charges what was paid before."""
    batches = [[request(town, resident, invoice) for invoice in debts] for resident, debts in indebted(town)]
    return load.send(town.server.url, batches, b"303")


def indebted(town: Town) -> list[tuple[Resident, list[Invoice]]]:
    """Return new residents and what each owes."""
    residents = [town.resident() for _ in range(CONNECTIONS)]
    return [(resident, [town.owes(resident) for _ in range(PAYMENTS_EACH)]) for resident in residents]


def request(town: Town, resident: Resident, invoice: Invoice) -> bytes:
    """Return the POST that pays an invoice."""
    body = urlencode(resident.form(invoice)).encode()
    head = (
        f"POST /mon-dossier/payer HTTP/1.1\r\nHost: {urlsplit(town.server.url).netloc}\r\nCookie: {resident.cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _next_payment(resident: Resident, debts: Iterator[Invoice]) -> Callable[[], object]:
    def pay() -> None:
        invoice = next(debts)
        checkout.create(resident.account, [invoice.number], invoice.total_cents, "fake-valid-nonce")

    return pay


def _connected(act: Callable[[], object]) -> Callable[[], object]:
    def with_connection() -> None:
        with models.database.connection_context():
            act()

    return with_connection


def _repeat(act: Callable[[], object], times: list[float]) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        start = time.perf_counter()
        try:
            act()
        except StopIteration:
            return
        times.append((time.perf_counter() - start) * 1000)
