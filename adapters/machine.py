"""The machine the portal runs on: room on its disk, and whose its files are."""

import os
import shutil
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from domain.common.facts import Fact
from domain.operations.health import LEAST_FREE_PERCENT

OTHERS = 0o077  # what the group and everybody may do


class Wrong(StrEnum):
    """What may be wrong; commands/check has the words."""

    NEARLY_FULL = "disk nearly full"
    NOT_WRITABLE = "not writable"
    READABLE_BY_OTHERS = "readable by others"


def free_percent(folder: Path) -> int:
    """Return how much of the disk under a folder is free, for whom root's reserve is not."""
    found = shutil.disk_usage(folder)
    return 100 * found.free // (found.used + found.free)


def problems(writable: Iterable[Path], private: Iterable[Path]) -> list[Fact]:
    """Return what is wrong with the disks under files and folders that the portal writes, and with who may read others.

    What is not there is left out: SQLite's two files beside its own come and go.
    """
    here = [file for file in writable if file.exists()]
    return [*_full(here), *_locked(here), *_open(file for file in private if file.exists())]


def _full(files: list[Path]) -> Iterator[Fact]:
    """Name each disk once, by the first file on it."""
    disks = {file.stat().st_dev: file for file in reversed(files)}
    for file in disks.values():
        if (free := free_percent(file)) < LEAST_FREE_PERCENT:
            yield Fact(Wrong.NEARLY_FULL, {"file": str(file), "free": free})


def _locked(files: list[Path]) -> Iterator[Fact]:
    for file in files:
        if not os.access(file, os.W_OK):
            yield Fact(Wrong.NOT_WRITABLE, {"file": str(file)})


def _open(files: Iterable[Path]) -> Iterator[Fact]:
    for file in files:
        if file.stat().st_mode & OTHERS:
            yield Fact(Wrong.READABLE_BY_OTHERS, {"file": str(file)})


def files_of(database: Path) -> list[Path]:
    """Return the files of a SQLite database."""
    return [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]
