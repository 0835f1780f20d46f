"""Prints: requests a second beside a bare page, the POST that pays, memory, bytes of each page, imports."""

import os
import re
import resource
import statistics
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path

import requests

from demo.city.__main__ import birth_date, card_number
from tests import simulation
from tests.bench import load
from tests.server import BIN, ROOT, Server, serving

PASSWORD = "chaloupe violette 27"
PAGES = (
    "/",
    "/connexion",
    "/compte/carte",
    "/mon-dossier",
    "/mon-dossier/comptes",
    "/mon-dossier/payer?facture=F21001",
)


class Resident(requests.Session):
    """A signed-in resident who keeps one connection."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.base = server.url
        born = birth_date(42, 0, date.today())
        self.send_form(
            "/compte/carte",
            card_number=card_number(0, 0),
            birth_year=born.year,
            birth_month=born.month,
            birth_day=born.day,
        )
        self.send_form(
            "/compte/identifiants", username="genevieve", password=PASSWORD, password_again=PASSWORD, email=""
        )

    def send_form(self, path: str, page: str = "", **fields: object) -> requests.Response:
        """Post a form with its page's token."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(self.base + (page or path)).text)
        return self.post(self.base + path, data={"csrf_token": token[1], **fields}, allow_redirects=False)

    @property
    def cookie(self) -> str:
        """The cookie as a header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)


def main() -> None:
    """Measure everything once."""
    process, simulator = simulation.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), simulator)
    finally:
        process.terminate()


def measure(folder: Path, simulator: simulation.Simulator) -> None:
    """Serve the invented city and print each figure."""
    environment = {
        "DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "MAIL_URL": f"file:{folder}/outbox",
        "SIMULATOR_URL": simulator.url,
        "CAPTCHA": "none",
    }
    subprocess.run([BIN / "python", "-m", "demo.city", folder], check=True, cwd=ROOT, capture_output=True)
    with serving(environment) as server:
        for table in ("cards", "invoices", "payments"):
            server.flask("import", table, str(folder / f"{table}.csv"))
        resident = Resident(server)
        page_bytes(server, resident)
        throughput(server, resident, folder)
        paying(server, resident)
        print(f"worker memory after load      {worker_memory_mb(server.process.pid):.0f} MB (budget 90)")
    imports(folder)


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
            print(
                f"dossier {ours.per_second:6.0f}/s p50 {ours.median_ms:.1f} p99 {ours.p99_ms:.1f} ms"
                f"   bare {plain.per_second:6.0f}/s   ratio {ratios[-1]:.0%}"
            )
    print(f"dossier beside a bare page    {statistics.median(ratios):.0%} (budget 65 %)")


class bare_server:  # noqa: N801  reads as a verb
    """The bare page, served like the portal."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def __enter__(self) -> None:
        words = ["--interface", "wsgi", "--factory", "--host", "127.0.0.1", "--port", str(self.server.port)]
        words += ["--workers", "1", "--blocking-threads", "2", "--no-ws", "tests.bench.bare:create"]
        self.server.process = subprocess.Popen(
            [BIN / "granian", *words], cwd=ROOT, env=self.server.environment, stdout=subprocess.DEVNULL
        )
        time.sleep(3)

    def __exit__(self, *_: object) -> None:
        self.server.process.terminate()
        self.server.process.wait()


def paying(server: Server, resident: Resident) -> None:
    """Print how long the POST that pays takes, a new refused payment each time."""
    times = []
    for _ in range(40):
        page = resident.get(server.url + "/mon-dossier/payer?facture=F21001").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        seen = re.search(r'name="amount_seen_cents" value="(\d+)"', page)[1]
        start = time.perf_counter()
        answer = resident.post(
            server.url + "/mon-dossier/payer",
            data={
                "csrf_token": token,
                "facture": "F21001",
                "amount_seen_cents": seen,
                "payment_method_nonce": "fake-processor-declined-visa-nonce",
            },
            allow_redirects=False,
        )
        times.append((time.perf_counter() - start) * 1000)
        while "verifying" in resident.get(server.url + answer.headers["Location"]).text:
            time.sleep(0.02)
    times.sort()
    print(f"POST that pays                p50 {statistics.median(times):.1f} ms, p99 {times[-1]:.1f} ms (budget 50)")


def worker_memory_mb(parent: int) -> float:
    """Return the resident memory of granian's worker process."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            status = (entry / "status").read_text()
        except OSError:
            continue
        if f"PPid:\t{parent}\n" in status:
            return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024
    return 0.0


def imports(folder: Path) -> None:
    """Print how long 20,000 rows take, and how much memory."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/import.db"}
    subprocess.run([BIN / "flask", "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True)
    cards = ["card_number,last_name,first_name,birth_date,expires_on,household"]
    cards += [f"QMAGB{n:08},Roy,Anne,1980-01-01,2030-01-01,D{n // 3}" for n in range(20_000)]
    lines = [
        "invoice_number,household,issued_on,due_on,card_number,description,quantity,unit_price,tax_code,category,ledger_account"
    ]
    lines += [
        f"F{n // 2},D{n // 6},2026-01-01,2026-02-01,QMAGB{n // 6 * 3:08},Yoga,1,97.75,taxable,activity,4201"
        for n in range(20_000)
    ]
    for table, rows in (("cards", cards), ("invoices", lines)):
        path = folder / f"many-{table}.csv"
        path.write_text("\n".join(rows))
        start = time.perf_counter()
        subprocess.run(
            [BIN / "flask", "import", table, path], cwd=ROOT, env=environment, check=True, capture_output=True
        )
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"import 20,000 rows of {table:9} {time.perf_counter() - start:.1f} s (budget 10), peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
