"""Copies that only who has the key can read, in age's own format: `age --decrypt -i KEYFILE` opens them anywhere."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage

from adapters import owners
from adapters.sqlite_copies import BadCopy, flush

FORMAT = b"age-encryption.org/"
UNREADABLE = (pyrage.DecryptError, pyrage.IdentityError, OSError)


class _Digest:
    """A file that only sums up what is written to it."""

    def __init__(self) -> None:
        self.sum = hashlib.sha256()

    def write(self, some: bytes) -> int:
        self.sum.update(some)
        return len(some)

    def flush(self) -> None:
        """Keep nothing."""


def seal(plain: Path, target: Path, key: str) -> None:
    """Seal a copy; the target appears only once it was opened again and found to hold the same.

    Raises: BadCopy, OSError.
    """
    identity = pyrage.x25519.Identity.from_str(key)
    unfinished = target.with_name(f".{target.name}.part")
    try:
        with plain.open("rb") as source, _private(unfinished).open("wb") as sealed:
            pyrage.encrypt_io(source, sealed, [identity.to_public()])
        owners.give(unfinished, target.parent)
        if _opened_digest(unfinished, identity) != _digest(plain):
            raise BadCopy(f"{target} ne se relit pas")
        flush(unfinished)
        unfinished.replace(target)
        flush(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def opened(copy: Path, key: str, beside: Path) -> Iterator[Path]:
    """Give a copy as a database's file: itself, or what it seals, laid beside another for as long as it is wanted.

    Raises: BadCopy when the key is missing or another's, or the copy is damaged or cut short.
    """
    if not is_sealed(copy):
        yield copy
        return
    if not key:
        raise BadCopy(f"{copy} est chiffré : il faut sa clé dans BACKUP_KEY")
    plain = _private(beside.with_name(f".{beside.name}.{os.getpid()}.clair"))
    try:
        _open(copy, plain, key)
        yield plain
    finally:
        plain.unlink(missing_ok=True)


def is_sealed(copy: Path) -> bool:
    """Tell whether a file is sealed, whatever it is called."""
    try:
        with copy.open("rb") as file:
            return file.read(len(FORMAT)) == FORMAT
    except FileNotFoundError:
        return False  # whoever reads it says so
    except OSError as problem:
        raise BadCopy(f"{copy} ne se lit pas : {problem.strerror}") from problem


def _open(copy: Path, plain: Path, key: str) -> None:
    try:
        with copy.open("rb") as sealed, plain.open("wb") as target:
            pyrage.decrypt_io(sealed, target, [pyrage.x25519.Identity.from_str(key)])
    except UNREADABLE as problem:
        raise BadCopy(f"{copy} ne s’ouvre pas : autre clé, ou copie abîmée ({problem})") from problem


def _private(file: Path) -> Path:
    """Make an empty file for its owner alone."""
    file.unlink(missing_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return file


def _digest(plain: Path) -> bytes:
    with plain.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _opened_digest(copy: Path, identity: pyrage.x25519.Identity) -> bytes:
    opened = _Digest()
    try:
        with copy.open("rb") as sealed:
            pyrage.decrypt_io(sealed, opened, [identity])
    except UNREADABLE as problem:
        raise BadCopy(f"{copy} ne se relit pas : {problem}") from problem
    return opened.sum.digest()
