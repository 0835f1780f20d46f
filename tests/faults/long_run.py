"""Many payments, a fifth struck by a failure, a tenth disputed, the server killed now and then; then the truth."""

import random
import threading
from collections import Counter as Tally
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic, sleep

import requests

import models
from demo.simulator.faults import KINDS
from models import Invoice, Payment
from tests.faults.disputer import Disputer
from tests.faults.town import Audit, Resident, Town

AT_ONCE = 40  # most wait for an answer at any time
MOST_TRIES = 6
STRUCK_PERCENT = 20
DEFINITE = ("paid", "refused", "unexpected", "voided", "refunded", "settled", "disputed", "charged_back")


@dataclass
class Report:
    """What a run did, and what was true in the end; seconds from the POST to a definite state."""

    payments: int
    audit: Audit
    faults: dict[str, int]
    kills: dict[str, int]
    disputes: dict[str, int]
    seconds_to_truth: list[float]
    seconds: float

    def at(self, share: float) -> float:
        """Return the time within which this share of the payments was definite."""
        ordered = sorted(self.seconds_to_truth)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    def __str__(self) -> str:
        audit = self.audit
        faults = ", ".join(f"{kind} {times}" for kind, times in sorted(self.faults.items()))
        kills = ", ".join(f"{kind} {times}" for kind, times in sorted(self.kills.items()))
        disputes = ", ".join(f"{end} {times}" for end, times in sorted(self.disputes.items()))
        return "\n".join(
            [
                f"payments            {self.payments} in {self.seconds:.0f} s",
                f"faults              {sum(self.faults.values())}: {faults}",
                f"kill -9             {sum(self.kills.values())}: {kills}",
                f"disputes            {sum(self.disputes.values())}: {disputes}",
                f"charges kept whole  {audit.charges}",
                f"invoices paid       {audit.invoices_paid}",
                f"refused, told so    {audit.refused}",
                f"charges given back  {audit.given_back}",
                f"time to truth       median {self.at(0.5):.2f} s, p99 {self.at(0.99):.1f} s",
                f"lost {len(audit.lost)}, double {len(audit.double)}, unresolved {len(audit.unresolved)}",
                *audit.lost[:10],
                *audit.double[:10],
                *audit.unresolved[:10],
                *audit.problems[:10],
            ]
        )


@dataclass
class Killer:
    """Kills the serving process, its parent, or both, and starts the server again."""

    town: Town
    every_seconds: float
    random: random.Random
    kills: Tally = field(default_factory=Tally)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Kill while the block runs."""
        thread = threading.Thread(target=self._go_on)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _go_on(self) -> None:
        while not self._stop.wait(self.random.uniform(0.5, 1.5) * self.every_seconds):
            kind = self.random.choice(("worker", "parent", "group"))
            with suppress(ProcessLookupError, IndexError, FileNotFoundError):
                getattr(self, kind)()
            self.kills[kind] += 1

    def worker(self) -> None:
        self.town.server.kill_worker()

    def group(self) -> None:
        self.town.server.kill()
        self.town.server.start()

    def parent(self) -> None:
        self.town.loses_the_parent()


def run(town: Town, payments: int, kill_every_seconds: float, seed: int = 1) -> Report:
    """Have so many invoices paid while things break, wait until all is settled, and count."""
    began = monotonic()
    residents = [town.resident() for _ in range(max(payments // 50, 1))]
    debts = [(residents[n % len(residents)], town.owes(residents[n % len(residents)])) for n in range(payments)]
    town.server.start()
    _arrange_faults(town, seed)
    killer = Killer(town, kill_every_seconds, random.Random(seed))
    disputer = Disputer(town, random.Random(seed))
    with killer.at_work(), disputer.at_work(), ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda debt: _pay(*debt), debts))
    faults = _struck(town)
    town.simulator.ask("DELETE", "faults")
    town.settle_down(120)
    return Report(
        payments, town.audit(), faults, dict(killer.kills), dict(disputer.disputes), _times(), monotonic() - began
    )


def _arrange_faults(town: Town, seed: int) -> None:
    """Have a fifth of the sales and of the searches struck, by every kind of failure alike."""
    kinds = [kind for kind in KINDS if kind != "wrong_amount"]
    for number, kind in enumerate(kinds):
        for call in ("sale", "search"):
            # an odd one is later than UNCERTAIN_FOR: the charge shows up after it was given up
            seconds = 1.3 if kind.startswith("hang") else (0.3, 4.0)[number % 2] if kind == "late" else 0.3
            if call == "search" and kind in ("refused", "duplicate"):
                continue
            percent = STRUCK_PERCENT / len(kinds)
            town.simulator.breaks(call, kind, times=0, percent=percent, seconds=seconds, seed=seed + number)


def _struck(town: Town) -> dict[str, int]:
    tally: Tally = Tally()
    for fault in town.simulator.ask("GET", "faults").json():
        tally[fault["fault"]] += fault["happened"]
    return dict(tally)


def _pay(resident: Resident, invoice: Invoice) -> None:
    """Pay as people do: press again when the site is away, and again after a refusal."""
    try:
        for _ in range(MOST_TRIES):
            reference = _press(resident, invoice)
            if not reference or _outcome(reference) != "refused":
                return
    finally:
        models.database.close()


def _press(resident: Resident, invoice: Invoice) -> str:
    for _ in range(60):
        try:
            answer = resident.pays(invoice)
        except requests.RequestException:
            sleep(0.5)  # the server is being killed: nobody knows whether the POST arrived
            continue
        if answer.status in (303, 422):
            return answer.reference
        sleep(0.2)
    raise AssertionError(f"{invoice.number}: the site stayed away")


def _outcome(reference: str) -> str:
    """Return the state a resident would wait for: not longer than a page is looked at."""
    until = monotonic() + 15
    while monotonic() < until:
        state = Payment.get(Payment.reference == reference).state
        if state in DEFINITE:
            return state
        sleep(0.05)
    return state


def _times() -> list[float]:
    rows = Payment.select(Payment.created_at, Payment.resolved_at).where(Payment.resolved_at.is_null(False)).tuples()
    return [(resolved - created).total_seconds() for created, resolved in rows]
