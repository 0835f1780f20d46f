"""Pages: their bytes, and the signed-in dossier's speed beside a bare page of the same size."""

import os
import re
import statistics
import subprocess
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

GOALS = {"/mon-dossier": 30, "/mon-dossier/comptes": 18, "/connexion": 25, "/compte/carte": 25}  # % of the bare page
TIMES, BARE = 3, "tests.bench.bare:"
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
    """Print pages beside the bare one and the one written by hand, in turn, three times: rates, and CPU a request."""
    page = resident.get(server.url + "/mon-dossier").content
    Path(folder, "page.html").write_bytes(page)
    where = {"BARE_DATABASE": f"{folder}/bare.db", "BARE_BYTES": str(len(page)), "BARE_PAGE": f"{folder}/page.html"}
    bare_page, function = serving(where, factory=BARE + "create"), serving(where, factory=BARE + "by_hand")
    with bare_page as bare, function as by_hand:
        for path, goal in GOALS.items():
            who = resident.cookie if path.startswith("/mon-dossier") else ""
            for header in ("", "HX-Request: true\r\n"):
                beside(path, goal, header, [(server, path, who, header), (bare, "/", "", ""), (by_hand, "/", "", "")])


def beside(path: str, goal: int, header: str, asked: list[tuple[Server, str, str, str]]) -> None:
    """Ask ours, the bare page and the one by hand in turn, and print their medians and how far each run was off."""
    runs = [[timed(*one) for one in asked] for _ in range(TIMES)]
    ratios = sorted(ours.per_second / plain.per_second for (ours, _), (plain, _), _ in runs)
    micros = [statistics.median(cpu for _, cpu in those) for those in zip(*runs, strict=True)]
    rates = [statistics.median(one.per_second for one, _ in those) for those in zip(*runs, strict=True)]
    print(
        f"{path:24} {'fragment' if header else 'page    '} {rates[0]:5.0f}/s {micros[0]:5.0f} µs"
        f"   bare {rates[1]:5.0f}/s {micros[1]:4.0f} µs   by hand {rates[2]:5.0f}/s {micros[2]:4.0f} µs"
        f"   {ratios[TIMES // 2]:.0%} of the bare page ({ratios[0]:.0%} to {ratios[-1]:.0%}; goal {goal} %)"
    )


def timed(server: Server, path: str, cookie: str, header: str) -> tuple[load.Figures, float]:
    """Ask for a page over and over; return how fast it came, and the CPU of its worker, in µs a request."""
    before = cpu_seconds(server.worker())
    figures = load.run(server.url + path, cookie, header=header)
    return figures, (cpu_seconds(server.worker()) - before) / figures.asked * 1e6


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process took, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Return a process's resident memory."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024
