"""Copies of files under way: theirs to read alone, safe from a power cut, gone once they have served."""

import os
import secrets
from collections.abc import Collection
from pathlib import Path


def keep(file: Path, beside: Path) -> str:
    """Copy a file beside another, readable by its owner alone, onto the disk; return where it is."""
    content = file.read_bytes()
    kept = beside.with_name(f"{beside.name}.{secrets.token_hex(8)}")
    descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as copy:
        copy.write(content)
        copy.flush()
        os.fsync(copy.fileno())
    return str(kept.absolute())


def erase(beside: Path, all_but: Collection[str]) -> None:
    """Erase the copies beside a file, but for some."""
    for copy in beside.parent.glob(f"{beside.name}.*"):
        if str(copy.absolute()) not in all_but:
            copy.unlink(missing_ok=True)
