"""Pages: their bytes, and the signed-in dossier's speed beside a bare page of the same size."""

import re
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from demo.city.__main__ import TABLES
from tests import simulation
from tests.bench import load
from tests.bench.visitor import Resident
from tests.databases import migrate
from tests.server import BIN, ROOT, Server, serving

PAGES = (
    "/",
    "/connexion",
    "/compte/carte",
    "/mon-dossier",
    "/mon-dossier/comptes",
    "/mon-dossier/payer?facture=F21001",
)


def measure(folder: Path) -> None:
    """Serve the invented city and print each figure."""
    process, simulator = simulation.start()
    try:
        _measure(folder, simulator)
    finally:
        process.terminate()
        process.wait()


def _measure(folder: Path, simulator: simulation.Simulator) -> None:
    with serving_city(folder, simulator, CAPTCHA="none") as server:
        resident = Resident(server)
        page_bytes(server, resident)
        throughput(server, resident, folder)
        print(f"worker memory after load      {memory_mb(server.worker()):.0f} MB (budget 90)")


@contextmanager
def serving_city(folder: Path, simulator: simulation.Simulator, **settings: str) -> Iterator[Server]:
    """Serve the portal with the invented city in it while the block runs."""
    environment = {
        "DATABASE_URL": migrate(f"sqlite:///{folder}/bench.db"),
        "MAIL_URL": f"file:{folder}/outbox",
        "SIMULATOR_URL": simulator.url,
        **settings,
    }
    subprocess.run([BIN / "python", "-m", "demo.city", folder], check=True, cwd=ROOT, capture_output=True)
    with serving(environment) as server:
        for table in TABLES:
            server.flask("import", table, str(folder / f"{table}.csv"))
        yield server


def page_bytes(server: Server, resident: Resident) -> None:
    """Print each page's bytes, compressed, headers included."""
    for path in PAGES:
        sizes = []
        for headers in ({}, {"HX-Request": "true"}):
            visitor = resident if path.startswith("/mon-dossier") else requests
            answer = visitor.get(server.url + path, headers={"Accept-Encoding": "br", **headers}, stream=True)
            head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
            sizes.append(head + len(answer.raw.read(decode_content=False)))
        print(f"bytes {path:36} page {sizes[0]:6}   fragment {sizes[1]:6}")


def throughput(server: Server, resident: Resident, folder: Path) -> None:
    """Print the signed-in dossier beside the bare page, in turn, three times."""
    size = len(resident.get(server.url + "/mon-dossier").content)
    bare = Server({"BARE_DATABASE": f"{folder}/bare.db", "BARE_BYTES": str(size)}, simulation.free_port())
    with bare_server(bare):
        ratios = []
        for _ in range(3):
            ours, plain = load.run(server.url + "/mon-dossier", resident.cookie), load.run(bare.url + "/")
            ratios.append(ours.per_second / plain.per_second)
            print(f"dossier                       {ours}   bare {plain.per_second:.0f}/s   ratio {ratios[-1]:.0%}")
    print(f"dossier beside a bare page    {statistics.median(ratios):.0%} (budget 65 %)")


@contextmanager
def bare_server(server: Server) -> Iterator[None]:
    """Serve the bare page like the portal."""
    words = ["--interface", "asginl", "--factory", "--host", "127.0.0.1", "--port", str(server.port)]
    words += ["--workers", "1", "--workers-kill-timeout", "5"]
    words += ["--no-ws", "tests.bench.bare:create"]
    process = subprocess.Popen([BIN / "granian", *words], cwd=ROOT, env=server.environment, stdout=subprocess.DEVNULL)
    time.sleep(3)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def memory_mb(pid: int) -> float:
    """Return a process's resident memory."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024
