"""Each room of a household with 2,000 invoices and 5,000 lines, beside the same room of a new one, in turn."""

import statistics
import time
from datetime import timedelta
from pathlib import Path

from demo.city.__main__ import card_number, household
from domain.common import clock
from tests import simulation
from tests.bench.pages import serving_city
from tests.bench.visitor import Resident
from tests.server import Server

ROOMS = (
    "",
    "/famille",
    "/activites",
    "/reservations",
    "/comptes",
    "/comptes/factures",
    "/comptes/recus",
    "/comptes/releve",
    "/recus-fiscaux",
    f"/recus-fiscaux?annee={clock.today().year - 1}",
    "/coffre",
    "/renseignements",
)
INVOICES, ROUNDS = 2_000, 40


def measure(folder: Path) -> None:
    """Print each room's median in milliseconds for both households, and how many times slower the large one is."""
    process, simulator = simulation.start()
    try:
        with serving_city(folder, simulator, CAPTCHA="none") as server:
            fill(server, folder)
            large, small = Resident(server), Resident(server, household=13, age=27, username="audrey")
            for room in ROOMS:
                compare(room, large, small)
    finally:
        process.terminate()
        process.wait()


def fill(server: Server, folder: Path) -> None:
    """Give the first household years of invoices, all paid but the last few."""
    lines = [
        "invoice_number,household,issued_on,due_on,card_number,description,quantity,unit_price,tax_code,category,"
        "ledger_account"
    ]
    paid = ["payment,invoice_number,paid_on,amount,method,payer"]
    for n in range(INVOICES):
        day = clock.today() - timedelta(days=n)
        for line in range(2 + n % 2):
            whose = f"{household(0)},{day},{day},{card_number(0, 0)}"
            lines.append(f"G{n},{whose},Yoga {line},1,10.00,exempt,activity,4201")
        if n >= 5:
            paid.append(f"P{n},G{n},{day},{10 * (2 + n % 2)}.00,cash,{card_number(0, 0)}")
    for table, rows in (("invoices", lines), ("payments", paid)):
        path = folder / f"large-{table}.csv"
        path.write_text("\n".join(rows))
        server.flask("import", table, str(path))


def compare(room: str, large: Resident, small: Resident) -> None:
    """Print one room's medians."""
    times: dict[Resident, list[float]] = {large: [], small: []}
    for _ in range(ROUNDS):
        for resident, taken in times.items():
            start = time.perf_counter()
            resident.get(f"{resident.base}/mon-dossier{room}").raise_for_status()
            taken.append((time.perf_counter() - start) * 1000)
    slow, quick = (statistics.median(taken) for taken in times.values())
    print(f"room {room or '/':20} large {slow:5.1f} ms   new {quick:5.1f} ms   {slow / quick:.2f} × (budget 1.3)")
