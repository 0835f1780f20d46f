"""`make faults`: ten thousand payments, and what became of them. Exits 1 unless none is lost, double or unresolved."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.databases import scratch
from tests.faults.long_run import run
from tests.faults.town import Town


def main() -> int:
    """Run once and print the report."""
    words = argparse.ArgumentParser(prog="python -m tests.faults")
    words.add_argument("--payments", type=int, default=10_000)
    words.add_argument("--kill-every", type=float, default=15, help="seconds between two kill -9, about")
    words.add_argument("--seed", type=int, default=1)
    wanted = words.parse_args()
    with tempfile.TemporaryDirectory() as folder, scratch() as databases:
        town = Town(Path(folder), databases.copy(Path(folder), "town"))
        try:
            report = run(town, wanted.payments, wanted.kill_every, wanted.seed)
        finally:
            town.close()
    print(report)
    return 0 if report.audit.clean else 1


if __name__ == "__main__":
    sys.exit(main())
