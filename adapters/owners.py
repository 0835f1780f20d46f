"""Whose the files are that root makes: a service cannot open root's."""

import os
from pathlib import Path


def give(file: Path, like: Path) -> None:
    """Give a file that root has just made to the owner of another, or of its folder; who is not root makes her own."""
    if os.geteuid() == 0:
        owner = like.stat()
        os.chown(file, owner.st_uid, owner.st_gid, follow_symlinks=False)  # not where a link leads
