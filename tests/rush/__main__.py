"""`make rush`: a whole town at one opening. Exits 1 unless nothing is oversold, lost, or charged without a place."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.__main__ import CORES, keep_to
from tests.databases import scratch
from tests.rush.rehearsal import Wanted, rehearse
from tests.rush.table import write


def main() -> int:
    """Rehearse once and print the table."""
    words = argparse.ArgumentParser(prog="python -m tests.rush")
    words.add_argument("--households", type=int, default=Wanted.households)
    words.add_argument("--places", type=int, default=Wanted.places, help="in all; of our own catalogue")
    words.add_argument(
        "--before", type=float, default=Wanted.before, help="seconds that stand for the last ten minutes"
    )
    words.add_argument("--seed", type=int, default=Wanted.seed)
    words.add_argument("--city", default="", metavar="FILE", help="another city.toml")
    words.add_argument("--catalogue", default="", metavar="FOLDER", help="with places.csv, activities.csv, prices.csv")
    words.add_argument("--hashes", choices=("strong", "cheap"), default=Wanted.hashes)
    wanted = Wanted(**vars(words.parse_args()))
    keep_to(CORES)
    with tempfile.TemporaryDirectory() as folder, scratch() as databases:
        report = rehearse(Path(folder), databases.copy(Path(folder), "rush"), wanted)
    print(write(report))
    return 0 if report.audit.clean else 1


if __name__ == "__main__":
    sys.exit(main())
