"""The demonstration's own settings: of a shell that has a town's, nothing that reaches money, mail or its address."""

import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

REAL = ("BRAINTREE_", "MAIL_", "PUBLIC_URL", "TRUSTED_PROXIES")
OURS = "http://127.0.0.1:3111"
LOOPBACK = ("127.0.0.1", "localhost")


def of_the_demonstration(shell: Mapping[str, str], port: int) -> dict[str, str]:
    """Return the environment that the demonstration's programs get."""
    database = shell.get("DATABASE_URL") or "sqlite:///instance/demo.db"
    kept = {name: value for name, value in shell.items() if not name.startswith(REAL)}
    return kept | {
        "BRAINTREE_ENVIRONMENT": "simulator",
        "DATABASE_URL": database,
        "PUBLIC_URL": _here(shell.get("PUBLIC_URL", "")) or f"http://127.0.0.1:{port}",
        "MAIL_URL": shell["MAIL_URL"] if shell.get("MAIL_URL", "").startswith("file:") else "file:instance/outbox",
        "SIMULATOR_URL": shell.get("SIMULATOR_URL") or _free_simulator(),
        "SIMULATOR_DATABASE": f"instance/{Path(urlsplit(database).path).stem}-simulator.db",
        "SIMULATOR_AMOUNT_RULES": "off",
    }


def answers(address: str) -> bool:
    """Tell whether somebody listens there already: another gateway that the shell names."""
    parts = urlsplit(address)
    with socket.socket() as probe:
        return probe.connect_ex((parts.hostname or "127.0.0.1", parts.port or 80)) == 0


def _here(address: str) -> str:
    return address if urlsplit(address).hostname in LOOPBACK else ""


def _free_simulator() -> str:
    """Return the simulator's usual address, or one beside a demonstration that runs already."""
    if not answers(OURS):
        return OURS
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
