"""The counter, whose file of payments is brought in night after night while the same invoices are paid by card."""

import random
import re
from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from models import Invoice, PaymentInvoice
from tests.commands import rows
from tests.faults.busy import Busy
from tests.faults.town import Town

AMOUNTS = (10_000, 10_000, 10_002, 4_000)  # cash: all of it, to the nickel, or a part


@dataclass
class Counter(Busy):
    """Takes cash for invoices: a few at random, some being charged for just then, and of whoever comes."""

    town: Town
    folder: Path
    invoices: Sequence[str]
    random: random.Random
    taken: dict[str, int] = field(default_factory=dict)  # cents by invoice
    kinds: Tally = field(default_factory=Tally)
    every_seconds: float = field(default=6, kw_only=True)  # a night
    _file: Lock = field(default_factory=Lock, kw_only=True)  # who disputes a charge brings it in too

    def turn(self) -> None:
        self._takes("being charged for", [one for one in _being_charged_for() if one in self.invoices], 4)
        self._takes("any", self.invoices, 3)
        self.brings_in()

    def brings_in(self) -> None:
        """Import the whole file again: what was left alone the night before comes back by itself."""
        with self._file:
            file = self.folder / "payments.csv"
            lines = [
                rows.payment(f"C{n}", invoice_number=invoice, amount=f"{cents / 100:.2f}")
                for n, (invoice, cents) in enumerate(list(self.taken.items()))
            ]
            file.write_text(rows.table(lines))
            told = self.town.server.flask("import", "payments", str(file))
        self.kinds["left alone"] += len(re.findall("en cours de paiement", told))

    def receives(self, invoice: str, kind: str) -> None:
        """Take cash for an invoice, once."""
        if invoice not in self.taken:
            self.taken[invoice] = self.random.choice(AMOUNTS)
            self.kinds[kind] += 1

    def _takes(self, kind: str, invoices: Sequence[str], most: int) -> None:
        for invoice in self.random.sample(invoices, min(most, len(invoices))):
            self.receives(invoice, kind)


def _being_charged_for() -> list[str]:
    links = PaymentInvoice.select(Invoice.number).join(Invoice).where(PaymentInvoice.is_open)
    return list(links.order_by(Invoice.id).scalars())
