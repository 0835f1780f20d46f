"""The real server process: granian, its worker, its threads, on a free port."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from resource import RLIMIT_FSIZE, setrlimit

import requests

from tests.simulation import free_port

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
AT_ONCE = 8192  # connections, as `make serve` has it


class Server:
    """A running portal."""

    def __init__(
        self, environment: dict[str, str], port: int, tls: Path | None = None, factory: str = "app:serve"
    ) -> None:
        """`tls` is a folder with cert.pem and key.pem; `factory` builds the portal."""
        self.tls = tls
        self.factory = factory
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        self.environment = os.environ | environment | {"PUBLIC_URL": self.url, "MALLOC_MMAP_THRESHOLD_": "1048576"}
        self.port = port
        self.process: subprocess.Popen | None = None

    def flask(self, *words: str, may_fail: bool = False) -> str:
        """Run a `flask …` command on the same settings."""
        done = subprocess.run(
            [BIN / "flask", *words], cwd=ROOT, env=self.environment, check=not may_fail, capture_output=True, text=True
        )
        return done.stdout

    def start(self, largest_file: int = 0) -> None:
        """Start the server in a process group of its own and wait until it answers.

        `largest_file` bytes is then all that a file of its may hold: a full disk.
        """
        words = ["--interface", "asginl", "--factory", "--host", "127.0.0.1", "--port", str(self.port)]
        words += ["--backlog", "1024", "--backpressure", str(AT_ONCE)]
        words += ["--workers-kill-timeout", "5"]  # now and then a worker sleeps through SIGTERM, for ever
        words += ["--workers", "1", "--respawn-failed-workers", "--no-ws"]
        if self.tls:
            words += ["--ssl-certificate", f"{self.tls}/cert.pem", "--ssl-keyfile", f"{self.tls}/key.pem"]
        with Path(os.environ.get("PORTAL_TEST_LOG", os.devnull)).open("a") as log:  # with the rest of the run's
            self.process = subprocess.Popen(
                [BIN / "granian", *words, self.factory],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                preexec_fn=(lambda: setrlimit(RLIMIT_FSIZE, (largest_file, largest_file))) if largest_file else None,
            )
        until = time.monotonic() + 60  # a busy machine answers late: that is no failure
        while time.monotonic() < until:
            try:
                requests.get(f"{self.url}/sante", timeout=1, verify=f"{self.tls}/cert.pem" if self.tls else True)
                return
            except (requests.ConnectionError, requests.Timeout):
                time.sleep(0.05)
        raise RuntimeError("the portal does not answer")

    def worker(self) -> int:
        """Return the pid of the process that serves: granian's child."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return int(children.split()[0])

    def kill_worker(self) -> None:
        """Kill the serving process; granian starts another."""
        os.kill(self.worker(), signal.SIGKILL)

    def kill_parent(self) -> int:
        """Kill granian alone; return the pid of the orphan that goes on serving, and holding the lock."""
        orphan = self.worker()
        self.process.kill()
        self.process.wait()
        return orphan

    def kill(self, how: int = signal.SIGKILL) -> None:
        """End the whole process group."""
        os.killpg(self.process.pid, how)
        self.process.wait()


@contextmanager
def serving(environment: dict[str, str], tls: Path | None = None, factory: str = "app:serve"):
    """Serve the portal on a migrated database while the block runs."""
    server = Server(environment, free_port(), tls, factory)
    server.start()
    try:
        yield server
    finally:
        server.kill(signal.SIGTERM)
