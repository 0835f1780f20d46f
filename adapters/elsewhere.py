"""Where copies are sent: a folder of another disk or machine mounted here, or one reached by SSH."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from filecmp import cmp
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlparse

from adapters.sqlite_copies import flush

WITHIN_SECONDS = 3_000  # a copy leaves every hour


class NotSent(Exception):
    """Tried to send a copy elsewhere. The message says why it is not there."""


class Elsewhere(Protocol):
    """A folder of copies somewhere else. All raise NotSent."""

    def put(self, copy: Path) -> None:
        """Have a copy there, under its name, whole or not at all."""

    def fetch(self, name: str, into: Path) -> None:
        """Have here, as a file, what is there."""

    def names(self) -> list[str]:
        """Return the names of what is there."""

    def remove(self, names: Iterable[str]) -> None:
        """Take files away."""


def reached(url: str, keys: Path) -> Elsewhere:
    """Return what stands at file:///folder or sftp://user@host:port/folder; SSH's key and known hosts are in `keys`."""
    return Sftp(url, keys) if urlparse(url).scheme == "sftp" else Mounted(Path(unquote(urlparse(url).path)))


class Mounted:
    """A folder that must be there already: made here, it would lie on this machine when the disk is not mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, copy: Path) -> None:
        """Copy, read again and compare."""
        unfinished = self.folder / f".{copy.name}.part"
        try:
            shutil.copyfile(copy, unfinished)
            unfinished.chmod(0o600)
            flush(unfinished)
            if not cmp(copy, unfinished, shallow=False):
                raise NotSent(f"{self.folder} ne rend pas ce qu’on y écrit")
            unfinished.replace(self.folder / copy.name)
        except OSError as problem:
            raise NotSent(f"{self.folder} : {problem.strerror}") from problem

    def fetch(self, name: str, into: Path) -> None:
        """Copy it here."""
        try:
            shutil.copyfile(self.folder / name, into)
        except OSError as problem:
            raise NotSent(f"{self.folder} : {problem.strerror}") from problem

    def names(self) -> list[str]:
        """Return the names of the folder."""
        return [file.name for file in self.folder.iterdir()]

    def remove(self, names: Iterable[str]) -> None:
        """Take files away; one that is gone is as good."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)


class Sftp:
    """A folder of another machine, by OpenSSH's sftp: an account that can do nothing else there is enough."""

    def __init__(self, url: str, keys: Path) -> None:
        address = urlparse(url)
        self.folder = unquote(address.path)
        options = {
            "IdentityFile": keys / "id_ed25519",
            "UserKnownHostsFile": keys / "known_hosts",
            "ConnectTimeout": 30,
            "ServerAliveInterval": 30,
        }
        self.words = ["sftp", "-b", "-", "-P", str(address.port or 22)]
        self.words += [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        self.words.append(f"{address.username}@{address.hostname}" if address.username else str(address.hostname))

    def put(self, copy: Path) -> None:
        """Send under another name, written to the disk there, and name it once it is whole."""
        part = f".{copy.name}.part"
        self._do(f"lcd {_quoted(copy.parent)}", f"put -f {_quoted(copy.name)} {part}", f"rename {part} {copy.name}")

    def fetch(self, name: str, into: Path) -> None:
        """Bring it here."""
        self._do(f"get {name} {_quoted(into)}")

    def names(self) -> list[str]:
        """Return the names of the folder."""
        return self._do("ls -1").splitlines()

    def remove(self, names: Iterable[str]) -> None:
        """Take files away."""
        self._do(*(f"rm {name}" for name in names))

    def _do(self, *lines: str) -> str:
        """Run sftp's own commands in the folder; the first that fails ends it. Raises: NotSent."""
        batch = "".join(f"{line}\n" for line in (f"cd {_quoted(self.folder)}", *lines))
        try:
            done = subprocess.run(  # noqa: S603  # the address is the operator's setting
                self.words, input=batch, capture_output=True, text=True, timeout=WITHIN_SECONDS, env=os.environ
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise NotSent(f"sftp : {problem}") from problem
        if done.returncode:
            raise NotSent(f"sftp : {done.stderr.strip() or done.returncode}")
        return done.stdout


def _quoted(path: Path | str) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
