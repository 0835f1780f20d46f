"""Cardholders who dispute what they paid, while everything else breaks: some notices arrive, some never do."""

import random
from collections import Counter as Tally
from dataclasses import dataclass, field

from models import Invoice, Payment, PaymentInvoice
from tests.faults.audit import LIVE
from tests.faults.busy import Busy
from tests.faults.counter import Counter
from tests.faults.town import Town

PERCENT = 10  # of the charges
COUNTER = "paid at the counter"
ENDS = {  # what becomes of one, in order
    "opened": (),
    "won": ("won",),
    "lost": ("lost",),
    "expired": ("expired",),
    "lost, then won": ("lost", "won"),
    "won, then lost": ("won", "lost"),
    "lost, then won in two parts": ("lost", "half won", "won"),
    "lost, paid at the counter, then won in two parts": ("lost", COUNTER, "half won", "won"),
}
KINDS = ("chargeback", "chargeback", "pre_arbitration", "retrieval")
PARTS = (1, 1, 4)  # the whole, or a fourth


@dataclass
class Disputer(Busy):
    """Disputes a share of the charges, each on a path of its own."""

    town: Town
    random: random.Random
    counter: Counter
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
            self._takes_step(word, sale, cents)
            self._under_way.append((sale, cents, tuple(later)))

    def _takes_step(self, word: str, sale: str, cents: int) -> None:
        if word == COUNTER:
            self._pays_otherwise(sale)
            return
        _, half, word = word.rpartition("half ")
        won = {"amount_won": f"{cents / 100 / (2 if half else 1):.2f}"} if word == "won" else {}
        self._notify(word, sale, **won)

    def _pays_otherwise(self, sale: str) -> None:
        """Have the invoices that a charge had paid be paid at the counter, and its file brought in at once."""
        links = PaymentInvoice.select(Invoice.number).join(Invoice).switch(PaymentInvoice).join(Payment)
        for invoice in links.where(Payment.gateway_id == sale).scalars():
            self.counter.receives(invoice, "lost to a dispute")
        self.counter.brings_in()

    def _notify(self, word: str, sale: str, **how: str) -> None:
        """Make something of a dispute true; its notice may get lost, or find the server being killed."""
        to = {"to": f"{self.town.server.url}/webhooks/braintree"} if self.random.random() < 0.7 else {}
        self.town.simulator.ask("POST", "webhook", kind=f"dispute_{word}", transaction=sale, **how, **to)
