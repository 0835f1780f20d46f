"""What the demonstration refuses in a line: a port that is taken, a database that another demonstration serves."""

import fcntl
import hashlib
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SQLITE = "sqlite:///"


def refuse_taken_port(port: int) -> None:
    """End when somebody listens on this port of the machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"Le port {port} est pris : arrêtez ce qui y répond, ou prenez-en un autre (PORT=8080 make run)")


@contextmanager
def alone(database_url: str) -> Iterator[None]:
    """Be the only demonstration of a database while the block runs; end when there is one."""
    file = database_url.removeprefix(SQLITE)
    name = str(Path(file).resolve()) if file != database_url else database_url
    lock = Path("instance") / f"demo-{hashlib.sha256(name.encode()).hexdigest()[:16]}.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sys.exit("Une démonstration sert déjà cette base : arrêtez-la, ou donnez-en une autre à DATABASE_URL")
        yield
