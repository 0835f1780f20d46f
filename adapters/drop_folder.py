"""The drop folder: what another system puts there is taken once, and kept with its result for a month.

Whoever writes does so under another name, and renames once it is whole; a rename is the only thing done to a file here.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

UNDER_WAY, TAKEN, REFUSED = "en-cours", "pris", "refuses"
ENDINGS = (".csv", ".xlsx")
RESULT = ".txt"
STAMP = "%Y%m%d-%H%M%S%f"  # two runs of one second must not take each other's files
KEPT_FOR = timedelta(days=30)  # they hold people's data


class NotOurs(Exception):
    """Tried to use a folder that another account put in the place of ours: a link there leads anywhere."""


class DropFolder:
    """A folder of files to take, and the folders in it of those under way, taken and refused."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def claim(self, stamp: str) -> None:
        """Take in hand every file that has come, the oldest first under its own name; nobody else writes to it then.

        Raises: NotOurs.
        """
        for name in (UNDER_WAY, TAKEN, REFUSED):
            _make_ours(self.folder / name)
        came = [one for one in self.folder.iterdir() if one.name.endswith(ENDINGS) and not one.name.startswith(".")]
        came = [one for one in came if one.is_file() and not one.is_symlink()]
        for place, one in enumerate(sorted(came, key=lambda one: (one.stat().st_mtime_ns, one.name))):
            one.rename(self.folder / UNDER_WAY / f"{stamp}-{place:03}-{one.name}")

    def under_way(self, order: Sequence[str]) -> list[Path]:
        """Return the files in hand in the order of their kinds, what came first before; of no kind, last."""
        there = (self.folder / UNDER_WAY).iterdir()
        files = [one for one in there if one.name.endswith(ENDINGS) and not one.is_symlink()]
        return sorted(files, key=lambda one: ([*order, kind_of(one, order)].index(kind_of(one, order)), one.name))

    def settle(self, file: Path) -> Path:
        """Put a file whose result is known where it belongs; return where the file is."""
        taken, _words = result_of(file) or (False, "")
        place = self.folder / (TAKEN if taken else REFUSED)
        if file.exists():
            file.rename(place / file.name)
        _result(file).rename(place / _result(file).name)
        return place / file.name

    def settle_cut(self) -> None:
        """Put the results where their files went, of a run that was cut between the two."""
        for result in [*(self.folder / UNDER_WAY).glob(f"*{RESULT}")]:
            file = result.with_name(result.name.removesuffix(RESULT))
            if not file.exists():
                self.settle(file)

    def forget(self, today: date) -> None:
        """Erase the files and results that were taken or refused more than a month ago."""
        limit = (today - KEPT_FOR).strftime("%Y%m%d")
        for old in self._settled():
            if old.name[:8] < limit:
                old.unlink(missing_ok=True)

    def _settled(self) -> Iterator[Path]:
        for name in (TAKEN, REFUSED):
            yield from (self.folder / name).iterdir()


def _make_ours(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise NotOurs(folder)


def kind_of(file: Path, known: Sequence[str]) -> str:
    """Return the kind that a claimed file's name begins with, such as cards of cards-2026-11-28.csv; else nothing."""
    own = name_of(file)
    return next((kind for kind in known if own[len(kind) :][:1] in "-_." and own.startswith(kind)), "")


def name_of(file: Path) -> str:
    """Return the name under which a claimed file came."""
    return file.name.split("-", 3)[3]


def note(file: Path, taken: bool, words: str) -> None:
    """Write a file's result beside it, whole or not at all."""
    new = _result(file).with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as result:
        result.write(f"{'Pris' if taken else 'Refusé'}\n{words}\n")
        result.flush()
        os.fsync(result.fileno())
    new.rename(_result(file))


def result_of(file: Path) -> tuple[bool, str] | None:
    """Return whether a file was taken, and what was said of it; None while nothing is known."""
    if not _result(file).is_file():
        return None
    verdict, _, words = _result(file).read_text(encoding="utf-8").partition("\n")
    return verdict == "Pris", words.strip()


def _result(file: Path) -> Path:
    return file.with_name(f"{file.name}{RESULT}")
