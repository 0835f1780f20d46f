"""Who may charge: one process at a time, by an exclusive lock on a file."""

import fcntl
import os
from pathlib import Path
from urllib.parse import urlparse

import models
from adapters import owners
from settings import Settings


class ProcessLock:
    """An exclusive lock on a file: an orphan of a killed parent goes on running, and must be the only one to charge."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = None

    def acquire(self) -> bool:
        """Take the lock if no other process has it; return whether this process holds it."""
        if self._file:
            return True
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a")
        owners.give(self.path, self.path.parent)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    @property
    def held(self) -> bool:
        return self._file is not None

    def leave_to_whom_it_becomes(self) -> None:
        """Have the program that this process becomes hold the lock for as long as it runs."""
        if self._file:
            os.set_inheritable(self._file.fileno(), True)

    def release(self) -> None:
        """Give the lock back."""
        if self._file:
            self._file.close()
            self._file = None


def shared_folder() -> Path:
    """Return where all of a city's processes meet, two versions side by side too: systemd sets STATE_DIRECTORY."""
    return Path(os.environ.get("STATE_DIRECTORY", "instance"))


def lock_for(settings: Settings, kind: str = "worker-lock") -> ProcessLock:
    """Return a lock of the portal's database: beside its file; for a database server where all processes meet."""
    database = models.sqlite_file(settings.database_url)
    if database is None:
        database = shared_folder() / urlparse(settings.database_url).path.strip("/")
    return ProcessLock(database.with_name(f"{database.name}.{kind}"))
