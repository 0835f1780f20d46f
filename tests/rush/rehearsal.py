"""One opening on real processes: the server as `make serve` runs it, the simulator, and the crowd."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import models
from app import create_app
from domain.access import credentials
from models import CartItem, Payment, write
from settings import load
from tests import simulation
from tests.bench.visitor import PASSWORD
from tests.rush import catalogue, town
from tests.rush.audit import Audit, audit
from tests.server import ROOT, Server

FILES = ("places", "activities", "prices")
FAULTS = ("answer_lost", "late", "hang_after", "reset", "slow", "http_503", "refused")
FAULTS_PERCENT = 5.0
AHEAD = 3.0  # seconds between the crowd's start and its first arrival
SETTLING = 60  # seconds at most until the gateway's last word
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Wanted:
    """What to rehearse. `before` is in seconds: what stands for the last ten minutes."""

    households: int = 2_000
    places: int = 500
    before: float = 90
    seed: int = 1
    city: str = ""  # a city.toml; empty: the one of the place
    catalogue: str = ""  # a folder with places.csv, activities.csv and, if there are any, prices.csv; empty: ours
    hashes: str = "cheap"
    hurry: float = 1  # so many times quicker than people read and type: the tests'


@dataclass
class Report:
    """What a rehearsal showed."""

    wanted: Wanted
    places: int
    crowd: dict
    audit: Audit
    left: int  # places that nobody took
    last_place: float | None  # seconds from the hour, when none is left
    server_cpu: float
    seconds: float
    peak_mb: float
    sign_ins: int
    charged: list[dict]  # the gateway's transactions
    load: tuple[float, float]  # of the machine before and after
    faults: dict[str, int] = field(default_factory=dict)


def rehearse(folder: Path, database_url: str, wanted: Wanted, break_it: Callable[[], None] = lambda: None) -> Report:
    """Rehearse one opening in a migrated database. `break_it` runs once the town is there: the tests' control."""
    gateway, simulator = simulation.start()
    simulator.ask("POST", "amount-rules", on=False)
    environment = _environment(database_url, folder, simulator.url, wanted)
    server = Server(environment, simulation.free_port())
    try:
        app = create_app(load(environment))
        _import(server, folder, wanted)
        # What is written of so many households takes a while, and the hour is counted from its end.
        places = town.open_at(_in(3600))
        hash_of_all = credentials.hash_password(PASSWORD)
        with write():
            families = town.settle(wanted.households, wanted.before, wanted.seed, hash_of_all)
        town.give_sessions(app, families, wanted.seed)
        break_it()
        for number, kind in enumerate(FAULTS):
            share = {"percent": FAULTS_PERCENT / len(FAULTS), "seconds": 3 / wanted.hurry, "seed": wanted.seed + number}
            simulator.breaks("sale", kind, times=0, **share)
        server.start()
        return _open(folder, server, simulator, wanted, families, places)
    finally:
        if server.process:
            server.kill()
        gateway.terminate()
        gateway.wait()
        models.database.close()
        models.database.obj.close_all()


def _environment(database_url: str, folder: Path, simulator_url: str, wanted: Wanted) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "MAIL_URL": f"file:{folder}/outbox",
        "CAPTCHA": "none",
        "PASSWORD_HASHES": wanted.hashes,
        "SIMULATOR_URL": simulator_url,
        "GATEWAY_TIMEOUT": str(10 / wanted.hurry),
        "UNCERTAIN_FOR": str(20 / wanted.hurry),  # seconds instead of 150: the rehearsal ends sooner
        "TRUSTED_PROXIES": "1",  # each household comes from an address of its own
        **({"CITY_FILE": wanted.city} if wanted.city else {}),
    }


def _import(server: Server, folder: Path, wanted: Wanted) -> None:
    files = Path(wanted.catalogue) if wanted.catalogue else folder
    if not wanted.catalogue:
        catalogue.write_files(folder, wanted.places)
    for table in FILES:
        if (file := files / f"{table}.csv").exists():
            server.flask("import", table, str(file))


def _in(seconds: float) -> datetime:
    return datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=seconds)


def _open(
    folder: Path, server: Server, simulator: simulation.Simulator, wanted: Wanted, families: list, places: int
) -> Report:
    hour = _in(wanted.before + AHEAD)
    town.open_at(hour)
    load_before, cpu_before, began = os.getloadavg()[0], _cpu(server.worker()), time.monotonic()
    crowd = _send_crowd(folder, server, wanted, families, hour)
    cpu, lasted = _cpu(server.worker()) - cpu_before, time.monotonic() - began
    peak = _peak_mb(server.worker())
    faults = {one["fault"]: one["happened"] for one in simulator.ask("GET", "faults").json()}
    simulator.ask("DELETE", "faults")
    _settle_down()
    left = sum(capacity - taken for capacity, taken in town.taken())
    charged = simulator.transactions()
    return Report(
        wanted, places, crowd, audit(charged, crowd["paid"]), left,
        None if left else _last_place(hour), cpu, lasted, peak,
        sum(not one.cookie for one in families), charged, (load_before, os.getloadavg()[0]), faults,
    )  # fmt: skip


def _send_crowd(folder: Path, server: Server, wanted: Wanted, families: list, hour: datetime) -> dict:
    plan = {
        "host": "127.0.0.1",
        "port": server.port,
        "hour": hour.replace(tzinfo=UTC).timestamp(),
        "seed": wanted.seed,
        "hurry": wanted.hurry,
        "families": [asdict(one) for one in families],
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    words = [sys.executable, "-m", "tests.rush.crowd", folder / "plan.json", folder / "result.json"]
    subprocess.run(words, cwd=ROOT, check=True)
    return json.loads((folder / "result.json").read_text())


def _settle_down() -> None:
    """Wait until the server knows of every payment what became of it."""
    until = time.monotonic() + SETTLING
    while time.monotonic() < until and Payment.select().where(Payment.state.in_(Payment.OPEN_STATES)).exists():
        time.sleep(0.5)


def _last_place(hour: datetime) -> float:
    taken = CartItem.select(CartItem.held_at).where(CartItem.state.in_((*CartItem.TAKING, CartItem.CONFIRMED)))
    return (max(taken.scalars()) - hour).total_seconds()


def _cpu(pid: int) -> float:
    """Return a process's processor seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _peak_mb(pid: int) -> float:
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def counted(found: Mapping[str, int]) -> str:
    """Write what was counted, the most first."""
    return ", ".join(f"{name} {times}" for name, times in sorted(found.items(), key=lambda one: -one[1]) if times)
