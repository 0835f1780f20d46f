"""Cardholders who dispute what they paid, while everything else breaks: some notices arrive, some never do."""

import random
import threading
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.faults.town import LIVE, Town

PERCENT = 10  # of the charges
ENDS = {  # what becomes of one, in order
    "opened": (),
    "won": ("won",),
    "lost": ("lost",),
    "expired": ("expired",),
    "lost, then won": ("lost", "won"),
    "won, then lost": ("won", "lost"),
}
KINDS = ("chargeback", "chargeback", "pre_arbitration", "retrieval")
PARTS = (1, 1, 4)  # the whole, or a fourth


@dataclass
class Disputer:
    """Disputes a share of the charges, each on a path of its own."""

    town: Town
    random: random.Random
    disputes: Tally = field(default_factory=Tally)
    _seen: set[str] = field(default_factory=set)
    _under_way: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Dispute while the block runs, and bring what was begun to its end."""
        thread = threading.Thread(target=self._go_on)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()
            while self._under_way:
                self._move_on()

    def _go_on(self) -> None:
        while not self._stop.wait(0.5):
            self._move_on()
            for sale in self.town.simulator.transactions():
                if sale["type"] == "sale" and sale["status"] in LIVE and sale["id"] not in self._seen:
                    self._seen.add(sale["id"])
                    if self.random.random() * 100 < PERCENT:
                        self._begin(sale)

    def _begin(self, sale: dict) -> None:
        end, kind = self.random.choice(list(ENDS)), self.random.choice(KINDS)
        self.disputes[f"{kind} {end}"] += 1
        amount = f"{sale['amount_cents'] // self.random.choice(PARTS) / 100:.2f}"
        self.town.simulator.ask("POST", f"transactions/{sale['id']}/status", status="settled")
        self._notify("opened", sale["id"], amount=amount, dispute_kind=kind)
        self._under_way.append((sale["id"], ENDS[end]))

    def _move_on(self) -> None:
        """Take each dispute a step further."""
        waiting, self._under_way = self._under_way, []
        for sale, (word, *later) in [(sale, steps) for sale, steps in waiting if steps]:
            self._notify(word, sale)
            self._under_way.append((sale, tuple(later)))

    def _notify(self, word: str, sale: str, **how: str) -> None:
        """Make something of a dispute true; its notice may get lost, or find the server being killed."""
        to = {"to": f"{self.town.server.url}/webhooks/braintree"} if self.random.random() < 0.7 else {}
        self.town.simulator.ask("POST", "webhook", kind=f"dispute_{word}", transaction=sale, **how, **to)
