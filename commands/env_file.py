"""The file of settings that the service reads: NAME=value a line, as systemd reads an EnvironmentFile."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

SAFE = re.compile(r"[^\s'\"\\]*")  # read alike by systemd and by us, with no quotes around


def read(text: str) -> dict[str, str]:
    """Read settings as systemd reads an EnvironmentFile: a NAME=value a line, # and ; comments, quotes taken off.

    Raises: ValueError, naming the line.
    """
    settings = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, equals, value = line.strip().partition("=")
        if not name or name[0] in "#;":
            continue
        value = value.strip()
        quote = value[:1] if value[:1] in ("'", '"') else ""
        if not equals or (quote and not value.endswith(quote, 1)):
            raise ValueError(f"ligne {number} : il faut NOM=valeur, les guillemets fermés")
        settings[name.strip()] = value[1:-1] if quote else value
    return settings


def change(file: Path, changed: Mapping[str, str]) -> None:
    """Write settings in their place in a file, new ones at its end; it is its owner's alone, and whole or as before.

    Raises: ValueError for a value that systemd would read otherwise, OSError.
    """
    left = dict(changed)
    for value in left.values():
        if not SAFE.fullmatch(value):
            raise ValueError("ni espace, ni guillemet, ni barre oblique inverse : dans une adresse, écrivez-les en %XX")
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        name = line.partition("=")[0].strip()
        lines.append(f"{name}={left.pop(name)}" if name in left else line)
    lines += [f"{name}={value}" for name, value in left.items()]
    unfinished = file.with_name(f".{file.name}.part")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as new:
        new.write("\n".join(lines) + "\n")
        new.flush()
        os.fsync(new.fileno())
    unfinished.replace(file)
