"""Cardholders who dispute what they paid, while everything else breaks: some notices arrive, some never do."""

import random
from collections import Counter as Tally
from dataclasses import dataclass, field

from tests.faults.audit import LIVE
from tests.faults.busy import Busy
from tests.faults.town import Town

PERCENT = 10  # of the charges
ENDS = {  # what becomes of one, in order
    "opened": (),
    "won": ("won",),
    "lost": ("lost",),
    "expired": ("expired",),
    "lost, then won": ("lost", "won"),
    "won, then lost": ("won", "lost"),
    "lost, then won in two parts": ("lost", "half won", "won"),
}
KINDS = ("chargeback", "chargeback", "pre_arbitration", "retrieval")
PARTS = (1, 1, 4)  # the whole, or a fourth


@dataclass
class Disputer(Busy):
    """Disputes a share of the charges, each on a path of its own."""

    town: Town
    random: random.Random
    disputes: Tally = field(default_factory=Tally)
    _seen: set[str] = field(default_factory=set)
    _under_way: list[tuple[str, int, tuple[str, ...]]] = field(default_factory=list)  # charge, cents, steps

    def turn(self) -> None:
        self._move_on()
        for sale in self.town.simulator.transactions():
            if sale["type"] == "sale" and sale["status"] in LIVE and sale["id"] not in self._seen:
                self._seen.add(sale["id"])
                if self.random.random() * 100 < PERCENT:
                    self.begins(sale)

    def ends(self) -> None:
        """Bring to its end what was begun."""
        while self._under_way:
            self._move_on()

    def begins(self, sale: dict) -> None:
        """Open a dispute of a charge, seen a moment ago: one that was voided meanwhile took nothing to contest."""
        end, kind = self.random.choice(list(ENDS)), self.random.choice(KINDS)
        cents = sale["amount_cents"] // self.random.choice(PARTS)
        if not self.town.settles(sale["id"]):
            return
        self.disputes[f"{kind} {end}"] += 1
        self._notify("opened", sale["id"], amount=f"{cents / 100:.2f}", dispute_kind=kind)
        self._under_way.append((sale["id"], cents, ENDS[end]))

    def _move_on(self) -> None:
        """Take each dispute a step further."""
        waiting, self._under_way = self._under_way, []
        for sale, cents, (word, *later) in [one for one in waiting if one[2]]:
            _, half, word = word.rpartition("half ")
            won = {"amount_won": f"{cents / 100 / (2 if half else 1):.2f}"} if word == "won" else {}
            self._notify(word, sale, **won)
            self._under_way.append((sale, cents, tuple(later)))

    def _notify(self, word: str, sale: str, **how: str) -> None:
        """Make something of a dispute true; its notice may get lost, or find the server being killed."""
        to = {"to": f"{self.town.server.url}/webhooks/braintree"} if self.random.random() < 0.7 else {}
        self.town.simulator.ask("POST", "webhook", kind=f"dispute_{word}", transaction=sale, **how, **to)
