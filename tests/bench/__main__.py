"""`make bench`: prints what the portal does, each figure beside its budget. Words name the measures to take."""

import argparse
import os
import tempfile
from pathlib import Path

from tests.bench import busy, charges, history, importing, pages, paying, rooms, visits, writes

MEASURES = {
    "pages": pages.measure,
    "busy": busy.measure,
    "visits": visits.measure,
    "rooms": rooms.measure,
    "writes": writes.measure,
    "paying": paying.measure,
    "charges": charges.measure,
    "history": history.measure,
    "importing": importing.measure,
}
CORES = 2


def main() -> None:
    """Take the measures asked for, all of them when none is named."""
    words = argparse.ArgumentParser(prog="python -m tests.bench")
    words.add_argument("measures", nargs="*", metavar="MEASURE", help=", ".join(MEASURES))
    wanted = words.parse_args().measures or MEASURES
    if unknown := set(wanted) - set(MEASURES):
        words.error(f"no such measure: {', '.join(unknown)}")
    keep_to(CORES)
    for name in wanted:
        with tempfile.TemporaryDirectory() as folder:
            MEASURES[name](Path(folder))


def keep_to(cores: int) -> None:
    """Run on so many cores only, with every process started from here: the city's server has no more."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-cores:])
    print(f"on cores {sorted(os.sched_getaffinity(0))}, others' load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
