"""The threads that charge cards, in the one process that holds the lock, and the jobs that run by themselves."""

import fcntl
import logging
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlparse

import models
from adapters.client_tokens import ClientTokens
from adapters.gateway import BraintreeGateway
from adapters.letters import Letters
from adapters.mail import Mailer
from commands import jobs
from domain import lost, matching, payments, recovery, refunds, strays, vault, webhooks
from domain.charging import GatewayDown
from domain.notices import Teller
from settings import Settings

POLL_SECONDS = 0.5
JOBS_EVERY_SECONDS = 5
SWEEP_EVERY_SECONDS = 300

log = logging.getLogger("portal.worker")


class ProcessLock:
    """An exclusive lock on a file: an orphan of a killed parent goes on running, and must be the only one to charge."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = None

    def acquire(self) -> bool:
        """Take the lock if no other process has it; return whether this process holds it."""
        if self._file:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    @property
    def held(self) -> bool:
        return self._file is not None

    def release(self) -> None:
        """Give the lock back."""
        if self._file:
            self._file.close()
            self._file = None


def lock_for(settings: Settings) -> ProcessLock:
    """Return the lock of the portal's database: beside its file, or in instance/ for a database server."""
    database = models.sqlite_file(settings.database_url)
    if database is None:
        database = Path("instance") / urlparse(settings.database_url).path.strip("/")
    return ProcessLock(database.with_name(f"{database.name}.worker-lock"))


class PaymentWorker:
    """Advances payments, at most `GATEWAY_WORKERS` at once. The database is the queue: a crash forgets nothing."""

    def __init__(
        self,
        settings: Settings,
        gateway: BraintreeGateway,
        tokens: ClientTokens,
        letters: Letters,
        mailer: Mailer,
        lock: ProcessLock,
    ) -> None:
        self.tokens = tokens
        self._gateway = gateway
        self._uncertain_for = timedelta(seconds=settings.uncertain_for_seconds)
        self._letters, self._city = letters, settings.city
        self._teller = Teller(letters, settings.city)
        self.mailer = mailer
        self._lock = lock
        self._places = threading.BoundedSemaphore(settings.gateway_workers)
        self._under_way: set[tuple[str, int]] = set()
        self._awake = threading.Event()
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start the dispatching thread and the jobs' thread. They end with the process; what is cut is found again."""
        for loop in (self._dispatch_for_ever, self._jobs_for_ever, self._sweep_for_ever):
            threading.Thread(target=loop, name=loop.__name__, daemon=True).start()

    def stop(self) -> None:
        """Have the threads end after what they are doing."""
        self._stopping.set()
        self._awake.set()

    def wake(self) -> None:
        """Say that there is a payment to charge."""
        self._awake.set()

    def recover(self) -> list[str]:
        """Find again what happened at the gateway since a restored copy; return a line on each.

        Raises: Uncertain when the gateway does not answer.
        """
        return recovery.finish(self._gateway, self._teller)

    def reconcile(self) -> list[str]:
        """Search the gateway now for every uncertain payment; return a line on each.

        Those the running server is charging are left to it: it holds the lock.
        Raises: Uncertain when it does not answer and a restored copy has still to be completed.
        """
        lines = self.recover() + lost.book_held(self._gateway, self._teller)
        alone = self._lock.acquire()
        if alone:
            payments.resume()
            refunds.resume()
        for payment in payments.uncertain():
            self._run(self._work, "payment", payment.id, "sweep")
            lines.append(f"{payment.reference} : {payments.state_of(payment.id)}")
        if alone:
            lines += self._give_back()
            self._lock.release()
        return lines

    def _give_back(self) -> list[str]:
        """Do the refunds and returns that are due; only under the lock, for the server may be doing them."""
        due = [("refund", key) for key in refunds.due_for_work()] + [("stray", key) for key in strays.due_for_work()]
        for kind, key in due:
            self._run(self._work, kind, key)
        return [f"{kind} {key}" for kind, key in due]

    def _dispatch_for_ever(self) -> None:
        while not self._stopping.is_set():
            self._awake.wait(POLL_SECONDS)
            self._awake.clear()
            try:
                if self._lock.acquire():
                    self._dispatch()
            except Exception:
                log.exception("dispatching failed; trying again")
                time.sleep(POLL_SECONDS)
        self._lock.release()

    def _dispatch(self) -> None:
        with models.database.connection_context():
            due = self._due()
        for task in due:
            if task in self._under_way:
                continue
            if not self._places.acquire(blocking=False):
                return
            self._under_way.add(task)
            try:
                threading.Thread(target=self._advance, args=task, name="-".join(map(str, task)), daemon=True).start()
            except RuntimeError:  # no thread to be had just now
                self._under_way.discard(task)
                self._places.release()
                raise

    def _due(self) -> list[tuple[str, int]]:
        """Return what is to be done at the gateway, as (kind, id); what a stopped process left comes first."""
        busy = set(self._under_way)
        left = payments.resume({key for kind, key in busy if kind == "payment"})
        refunds.resume({key for kind, key in busy if kind == "refund"})
        if left:
            log.warning("payments left unfinished, to be searched for: %d", left)
        return (
            [("payment", key) for key in payments.due_for_work()]
            + [("refund", key) for key in refunds.due_for_work()]
            + [("stray", key) for key in strays.due_for_work()]
            + [("webhook", key) for key in webhooks.due_for_work()]
            + [("card", key) for key in vault.due_for_work()]
        )

    def _advance(self, kind: str, key: int) -> None:
        try:
            self._work(kind, key)
            self._awake.set()
        except Exception:
            log.exception("%s %d could not be advanced; it will be tried again", kind, key)
            time.sleep(POLL_SECONDS)
        finally:
            if not models.database.is_closed():
                models.database.close()
            self._under_way.discard((kind, key))
            self._places.release()

    def _work(self, kind: str, key: int, cause: str = "worker") -> None:
        """Do one thing at the gateway; the network is waited for here, on a thread of its own."""
        if kind == "payment":
            payments.advance(key, self._gateway, self._uncertain_for, self._teller, cause)
        elif kind == "refund":
            refunds.advance(key, self._gateway, self._teller)
        elif kind == "stray":
            strays.give_back(key, self._gateway)
        elif kind == "card":
            vault.advance(key, self._gateway)
        else:
            webhooks.handle(key, self._gateway, self._teller)

    def _jobs_for_ever(self) -> None:
        while not self._stopping.is_set():
            self._refresh_token()
            self._run(self.run_jobs)
            self._stopping.wait(JOBS_EVERY_SECONDS)

    def _sweep_for_ever(self) -> None:
        while not self._stopping.wait(SWEEP_EVERY_SECONDS):
            if self._lock.held:
                self._run(jobs.sweep, self._gateway, self._teller)

    def _run(self, job: Callable, *words: object) -> None:
        """Run a job on a connection of its own; a failure is logged and tried again at the next turn."""
        try:
            with models.database.connection_context():
                job(*words)
        except Exception:
            log.exception("%s failed; trying again later", job.__name__)

    def run_jobs(self) -> int:
        """Do now what is due by the clock; return how many messages left."""
        return jobs.run_due(self.mailer, self._letters, self._city)

    def sweep(self) -> None:
        """Do now what the sweep does by itself."""
        jobs.sweep(self._gateway, self._teller)

    def match(self, day: date) -> list[matching.Difference]:
        """Compare a day at the gateway with the payments here."""
        return matching.match(day, self._gateway, self._teller)

    def _refresh_token(self) -> None:
        try:
            self.tokens.refresh()
        except GatewayDown as problem:
            log.warning("no client token from the gateway: %s", problem)
