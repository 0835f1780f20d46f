"""Many payments, a fifth struck by a failure; some disputed, given back, paid at the counter too; then the truth.

The server is killed now and then.
"""

import random
from collections import Counter as Tally
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from time import monotonic, sleep

import requests

import models
from demo.simulator.faults import KINDS
from domain.payments.lifecycle import Unsent
from models import Invoice, Overpayment, Payment, PaymentInvoice, Person, UnmatchedCharge
from tests.faults import places
from tests.faults.audit import Audit
from tests.faults.busy import Busy
from tests.faults.counter import Counter
from tests.faults.disputer import Disputer
from tests.faults.parents import PATIENCE, Parents
from tests.faults.refunder import Refunder
from tests.faults.town import Resident, Town

AT_ONCE = 40  # most wait for an answer at any time
MOST_TRIES = 6
STRUCK_PERCENT = 20
PAYMENTS_A_FAMILY = 2  # that pays what it owes, beside one that registers
LATE = 12  # seconds: the charge shows up after it was given up, and often paid at the counter
SECONDS = {"hang": 1.3, "hang_after": 1.3, "late": LATE}
NEVER = {"sale": (), "search": ("refused", "duplicate"), "void": ("duplicate",), "refund": ("duplicate",)}
DEFINITE = ("paid", "refused", "unexpected", "voided", "refunded", "settled", "disputed", "charged_back")


@dataclass
class Report:
    """What a run did, and what was true in the end; seconds from the POST to a definite state."""

    payments: int
    audit: Audit
    faults: dict[str, int]
    kills: dict[str, int]
    disputes: dict[str, int]
    refunds: dict[str, int]
    counter: dict[str, int]
    parents: dict[str, int]
    places: dict[str, int]
    seconds_to_truth: list[float]
    seconds: float

    def at(self, share: float) -> float:
        """Return the time within which this share of the payments was definite."""
        ordered = sorted(self.seconds_to_truth)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    def __str__(self) -> str:
        audit = self.audit
        return "\n".join(
            [
                f"payments            {self.payments} in {self.seconds:.0f} s",
                f"faults              {_counted(self.faults)}",
                f"kill -9             {_counted(self.kills)}",
                f"disputes            {_counted(self.disputes)}",
                f"refunds             {_counted(self.refunds)}",
                f"at the counter      {_counted(self.counter)}",
                f"parents             {_counted(self.parents)}",
                f"places              {_counted(self.places)}",
                f"charges kept whole  {audit.charges}",
                f"invoices paid       {audit.invoices_paid}",
                f"refused, told so    {audit.refused}",
                f"charges given back  {audit.given_back}",
                f"owed back, listed   {audit.owed_back}",
                f"cents at the gateway {audit.received_cents} received - {audit.refunded_cents} given back"
                f" - {audit.disputed_cents} disputed ({audit.lost_twice_cents} after a refund);"
                f" {audit.ledger_cents} in the ledger",
                f"time to truth       median {self.at(0.5):.2f} s, p99 {self.at(0.99):.1f} s",
                f"lost {len(audit.lost)}, double {len(audit.double)}, unresolved {len(audit.unresolved)}",
                *audit.lost[:10],
                *audit.double[:10],
                *audit.unresolved[:10],
                *audit.problems[:10],
            ]
        )


def _counted(times: Mapping[str, int]) -> str:
    return f"{sum(times.values())}: " + ", ".join(f"{kind} {n}" for kind, n in sorted(times.items()))


@dataclass
class Killer(Busy):
    """Kills the serving process, its parent, or both, and starts the server again."""

    town: Town
    random: random.Random
    kills: Tally = field(default_factory=Tally)

    def pause(self) -> float:
        return self.random.uniform(0.5, 1.5) * self.every_seconds

    def turn(self) -> None:
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
    parents = Parents(town, random.Random(seed))
    families = [parents.family() for _ in range(payments // PAYMENTS_A_FAMILY)]
    residents = [town.resident() for _ in range(max(payments // 50, 1))]
    debts = [(residents[n % len(residents)], town.owes(residents[n % len(residents)])) for n in range(payments)]
    town.server.start()
    _arrange_faults(town, seed)
    killer = Killer(town, random.Random(seed), every_seconds=kill_every_seconds)
    refunder = Refunder(town, random.Random(seed))
    counter = Counter(town, town.folder, [invoice.number for _, invoice in debts], random.Random(seed))
    disputer = Disputer(town, random.Random(seed), counter)
    with (
        killer.at_work(),
        disputer.at_work(),
        refunder.at_work(),
        counter.at_work(),
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        turns = [partial(_pay, *debt, counter) for debt in debts]
        turns += [partial(_register, parents, one) for one in families]
        random.Random(seed).shuffle(turns)
        list(pool.map(lambda turn: turn(), turns))
    disputer.ends()
    faults = _struck(town)
    town.simulator.ask("DELETE", "faults")
    sleep(LATE)
    town.settle_down(120)
    refunder.decline()
    counter.brings_in()
    town.days_pass()
    town.gives_back(120)
    return Report(
        payments,
        town.audit(counter.taken),
        faults,
        dict(killer.kills),
        dict(disputer.disputes),
        dict(refunder.refunds),
        dict(counter.kinds) | _overtaken(counter),
        dict(parents.did),
        places.states(),
        _times(),
        monotonic() - began,
    )


def _register(parents: Parents, family: tuple[Resident, list[Person]]) -> None:
    try:
        parents.registers(family, _pay)
    finally:
        models.database.close()


def _overtaken(counter: Counter) -> dict[str, int]:
    """Return how often money of the counter, or a charge, found its invoice settled by the other."""
    late = UnmatchedCharge.select(UnmatchedCharge.reference).where(UnmatchedCharge.reason == UnmatchedCharge.NOT_OWED)
    links = PaymentInvoice.select(Invoice.number).join(Invoice).switch(PaymentInvoice).join(Payment)
    gone = [number for number in links.where(Payment.reference.in_(late)).scalars() if number in counter.taken]
    return {"owed back": Overpayment.select().count(), "charge found too late": len(gone)}


def _arrange_faults(town: Town, seed: int) -> None:
    """Have a fifth of what is asked of the gateway struck, by every kind of failure alike."""
    kinds = [kind for kind in KINDS if kind != "wrong_amount"]
    for number, kind in enumerate(kinds):
        for call in ("sale", "search", "void", "refund"):
            seconds = SECONDS.get(kind, 0.3)
            if kind in NEVER[call]:
                continue
            percent = STRUCK_PERCENT / len(kinds)
            town.simulator.breaks(call, kind, times=0, percent=percent, seconds=seconds, seed=seed + number)


def _struck(town: Town) -> dict[str, int]:
    tally: Tally = Tally()
    for fault in town.simulator.ask("GET", "faults").json():
        tally[fault["fault"]] += fault["happened"]
    return dict(tally)


def _pay(resident: Resident, invoice: Invoice, counter: Counter | None = None) -> None:
    """Pay as people do: press again when the site is away, and again, or at the counter, after a refusal."""
    try:
        for _ in range(MOST_TRIES):
            reference = _press(resident, invoice)
            if not reference or _outcome(reference) != "refused":
                return
            if counter and Payment.get(Payment.reference == reference).refusal == Unsent.NOT_FOUND:
                counter.receives(invoice.number, "charge given up")
                return
    finally:
        models.database.close()


def _press(resident: Resident, invoice: Invoice) -> str:
    until = monotonic() + PATIENCE
    while monotonic() < until:
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
