"""Imports: how long 20,000 rows take, and how much memory."""

import os
import resource
import subprocess
import time
from pathlib import Path

from tests.server import BIN, ROOT


def measure(folder: Path) -> None:
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
