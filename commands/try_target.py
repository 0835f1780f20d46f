"""`python -m commands.try_target ADDRESS`: whether copies can be sent there, by who sends them: the service."""

import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

from adapters import elsewhere
from commands import portail
from commands.worker.leases import shared_folder

NAME = "essai-du-portail"  # no copy's name: none is taken away for it


def wrong_target(address: str) -> list[str]:
    """Say whether a file written there is read there again, tried with the service's rights when root asks."""
    account = _service()
    rights = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    home = {"STATE_DIRECTORY": account.pw_dir} if account else {}
    try:
        done = subprocess.run(  # noqa: S603  # the address is the operator's
            [sys.executable, "-m", __name__, address],
            cwd=Path(__file__).parent.parent,
            env=home | dict(os.environ),
            capture_output=True,
            text=True,
            **rights,
        )
    except OSError as problem:
        return [f"l’essai ne part pas : {problem}"]
    return [f"la copie d’essai n’est pas partie : {done.stderr.strip()}"] if done.returncode else []


def _service() -> pwd.struct_passwd | None:
    """Return the service's account; None where there is none yet, or for who cannot take its rights."""
    try:
        return pwd.getpwnam(portail.service()) if os.geteuid() == 0 else None
    except KeyError:
        return None


def main() -> None:
    """Write a file there, read it there again, and take it away."""
    there = elsewhere.reached(sys.argv[1], (shared_folder() / ".ssh").absolute())
    with tempfile.TemporaryDirectory() as folder:
        copy, back = Path(folder, NAME), Path(folder, "relu")
        copy.write_text("Le portail envoie ici ses copies.\n", encoding="utf-8")
        try:
            there.put(copy)
            there.fetch(NAME, back)
            there.remove([NAME])
        except elsewhere.NotSent as problem:
            sys.exit(str(problem))
        if back.read_bytes() != copy.read_bytes():
            sys.exit("ce qui y est écrit ne se relit pas")


if __name__ == "__main__":
    main()
