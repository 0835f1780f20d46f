"""Those who do something again and again while the payments are made."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import models


@dataclass
class Busy:
    """Takes a turn every so often, on a thread of its own."""

    every_seconds: float = field(default=0.5, kw_only=True)
    _stop: threading.Event = field(default_factory=threading.Event, kw_only=True)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Take turns while the block runs; what fails in one fails the block."""
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(self._go_on)
            try:
                yield
            finally:
                self._stop.set()
            done.result()

    def turn(self) -> None:
        """Do it once."""
        raise NotImplementedError

    def pause(self) -> float:
        """Return the seconds until the next turn."""
        return self.every_seconds

    def _go_on(self) -> None:
        try:
            while not self._stop.wait(self.pause()):
                self.turn()
        finally:
            models.database.close()
