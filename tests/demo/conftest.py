"""The demonstration as a newcomer runs it: the real `make run`, on a port and a database of its own."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server import ROOT
from tests.simulation import free_port

# What the tests' own machine has installed and compressed already.
MAKE = ["make", "-o", ".venv/installed", "-o", "compressed"]
# A newcomer's shell, also where a make runs these tests: within another it says « Entering directory » first.
SHELL = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"}}


class Demonstration:
    """`make run` in a terminal of its own."""

    def __init__(self, database_url: str, **shell: str) -> None:
        self.port = int(shell.get("PORT", free_port()))
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [*MAKE, "run"],
            cwd=ROOT,
            env=SHELL | {"DATABASE_URL": database_url, "PORT": str(self.port)} | shell,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def says(self) -> str:
        """Return what it prints until it invites to stop it: the end of its words."""
        said = ""
        for line in self.process.stdout:
            said += line
            if "Ctrl+C" in line:
                return said
        raise AssertionError(said + self.process.stderr.read())

    def refuses(self) -> list[str]:
        """Return the lines it ends with, make's own left out."""
        assert not any("Ctrl+C" in line for line in self.process.stdout), "it serves"
        _out, said = self.process.communicate()
        assert self.process.returncode != 0
        return [line for line in said.splitlines() if not line.startswith("make")]

    def interrupt(self) -> None:
        """Press Ctrl-C, and wait until it is over."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        self.process.communicate()


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Demonstration]]:
    """Return what begins `make run` on a database, with more in the shell."""
    outbox = tmp_path_factory.mktemp("outbox")
    with ExitStack() as stack:

        def run(database_url: str, **shell: str) -> Demonstration:
            one = Demonstration(database_url, **{"MAIL_URL": f"file:{outbox}"} | shell)
            stack.callback(one.interrupt)
            return one

        yield run


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return where the demonstration's database is made."""
    return f"sqlite:///{tmp_path_factory.mktemp('demo')}/here.db"


@pytest.fixture(scope="session")
def served(runs, database) -> tuple[Demonstration, str]:
    """A demonstration that runs, and its words."""
    one = runs(database)
    return one, one.says()


@pytest.fixture
def town(app, environment) -> tuple[str, Path]:
    """A migrated database that somebody's portal made, and its file."""
    url = environment["DATABASE_URL"]
    return url, Path(url.removeprefix("sqlite:///"))
