"""Copies of files under way: theirs to read alone, safe from a power cut, gone once they have served."""

import os
import secrets
from collections.abc import Collection
from pathlib import Path

MAPPING = ".toml"  # beside a copy: how the file is read, as it was when it was accepted


def keep(file: Path, beside: Path, mapping: Path | None = None) -> str:
    """Copy a file beside another, readable by its owner alone, onto the disk, with its mapping; return where it is."""
    kept = beside.with_name(f"{beside.name}.{secrets.token_hex(8)}")
    _copy(file, kept)
    if mapping:
        _copy(mapping, Path(f"{kept}{MAPPING}"))
    return str(kept.absolute())


def mapping_of(kept: str) -> Path | None:
    """Return the mapping that was kept with a copy, if there was one."""
    mapping = Path(f"{kept}{MAPPING}")
    return mapping if mapping.exists() else None


def _copy(file: Path, to: Path) -> None:
    content = file.read_bytes()
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as copy:
        copy.write(content)
        copy.flush()
        os.fsync(copy.fileno())


def erase(beside: Path, all_but: Collection[str]) -> None:
    """Erase the copies beside a file, but for some and their mappings."""
    for copy in beside.parent.glob(f"{beside.name}.*"):
        if str(copy.absolute()).removesuffix(MAPPING) not in all_but:
            copy.unlink(missing_ok=True)
