"""Imports: their time and memory, what one row costs beside many, and how long who pays meanwhile waits."""

import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from tests.bench.load import Figures
from tests.databases import migrate
from tests.faults.town import Town
from tests.server import BIN, ROOT

CARDS = "card_number,last_name,first_name,birth_date,expires_on,household"
LINES = (
    "invoice_number,household,issued_on,due_on,card_number,description,quantity,unit_price,tax_code,category,"
    "ledger_account"
)
MANY = 20_000  # rows
HOUSEHOLDS = MANY // 3 + 1
DEBTS = 2_000  # invoices to pay while an import runs, and while none does
BETWEEN = 0.03  # seconds between two payments
COPIES = 4  # of the 40,000 invoices, to make 200,000


def measure(folder: Path) -> None:
    """Print the figures, three rounds of each that takes long."""
    for _ in range(3):
        many(folder)
    for _ in range(3):
        meanwhile(folder)
    one_row(folder)


def many(folder: Path) -> None:
    """Print how long 20,000 rows take, and how much memory."""
    url = _fresh(folder, "import")
    for kind, text in (("cards", cards()), ("invoices", lines(MANY // 2, 2))):
        start = time.perf_counter()
        peak = _brings(url, kind, _file(folder, text))[1]
        print(
            f"import 20,000 rows of {kind:9} {time.perf_counter() - start:.1f} s (budget 10), peak {peak:.0f} MB (200)"
        )


def meanwhile(folder: Path) -> None:
    """Print how long a resident who pays waits, without an import and while 40,000 invoices come in."""
    url = _fresh(folder, "town")
    _brings(url, "cards", _file(folder, cards()))
    file = _file(folder, lines(40_000, 1))
    with closing(Town(folder, url)) as town:
        town.server.start()
        resident = town.resident()
        debts = iter([town.owes(resident) for _ in range(DEBTS)])
        pays = _paying(resident, debts)
        start = time.perf_counter()
        alone = list(islice(pays, DEBTS // 10))
        took_alone = time.perf_counter() - start
        environment = os.environ | {"DATABASE_URL": url}
        start = time.perf_counter()
        with subprocess.Popen(
            [BIN / "flask", "import", "invoices", file], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        ) as importing:
            with_import = []
            while importing.poll() is None:
                with_import.append(next(pays))
        took = time.perf_counter() - start
    assert importing.returncode == 0
    print(f"POSTs that pay, no import          {Figures.of(alone, took_alone)}   most {max(alone):6.1f} ms")
    print(f"POSTs that pay, 40,000 come in     {Figures.of(with_import, took)}   most {max(with_import):6.1f} ms (250)")
    print(f"40,000 invoices while some pay     {took:.1f} s")


def one_row(folder: Path) -> None:
    """Print what one new row costs beside 200,000 invoices, beyond what a file of no row costs."""
    url = _fresh(folder, "large")
    _brings(url, "cards", _file(folder, cards()))
    _brings(url, "invoices", _file(folder, lines(40_000, 1)))
    _multiply(Path(url.removeprefix("sqlite:///")))
    for n in range(3):
        nothing, _peak = _brings(url, "invoices", _file(folder, LINES))
        seconds, peak = _brings(url, "invoices", _file(folder, lines(1, 1, first=f"N{n}-")))
        assert _invoices(url) == (1 + COPIES) * 40_000 + n + 1
        print(f"one row into 200,000 invoices: {seconds - nothing:.2f} s of CPU (budget 0.3), peak {peak:.0f} MB (100)")


def cards() -> str:
    """Return a file of 20,000 citizen cards, three a household."""
    return "\n".join([CARDS, *(f"QMAGB{n + 10**6:08},Roy,Anne,1980-01-01,2030-01-01,D{n // 3}" for n in range(MANY))])


def lines(invoices: int, each: int, first: str = "F") -> str:
    """Return a file of invoices, of so many lines each."""
    return "\n".join(
        [
            LINES,
            *(
                f"{first}{n},D{n % HOUSEHOLDS},2026-01-01,2026-02-01,,Yoga,1,97.75,taxable,activity,4201"
                for n in range(invoices)
                for _ in range(each)
            ),
        ]
    )


def _fresh(folder: Path, name: str) -> str:
    for left in folder.glob(f"{name}.db*"):
        left.unlink()
    return migrate(f"sqlite:///{folder}/{name}.db")


def _file(folder: Path, text: str) -> Path:
    file = folder / "rows.csv"
    file.write_text(text)
    return file


def _brings(url: str, kind: str, file: Path) -> tuple[float, float]:
    """Run `flask import`; return its seconds of CPU, and its peak of memory in MB."""
    with subprocess.Popen(
        [BIN / "flask", "import", kind, file],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
    ) as process:
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _paying(resident, debts) -> Iterator[float]:
    """Pay one invoice after the other; yield how many milliseconds each POST took."""
    for invoice in debts:
        start = time.perf_counter()
        answer = resident.pays(invoice)
        yield (time.perf_counter() - start) * 1000
        time.sleep(BETWEEN)
        assert answer.reference, answer.status


def _invoices(url: str) -> int:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        return database.execute("SELECT count(*) FROM invoice").fetchone()[0]


def _multiply(file: Path) -> None:
    """Copy the invoices there are, lines and ledger left out: their number is what slows a reader of all."""
    with closing(sqlite3.connect(file)) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(invoice)") if row[1] not in ("id", "number")]
        names = ", ".join(columns)
        for copy in range(COPIES):
            database.execute(
                f"INSERT INTO invoice (number, {names}) SELECT number || '-{copy}', {names} FROM invoice"  # noqa: S608
                " WHERE number NOT LIKE '%-%'"
            )
        database.commit()
