"""The threads that charge cards, in the one process that holds the lock, and the jobs that run by themselves."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import date
from functools import partial

import models
from adapters import machine
from adapters.braintree.client_tokens import ClientTokens
from adapters.mail_templates import Letters
from commands import schema
from commands.worker import jobs, tasks
from commands.worker.leases import ProcessLock
from domain.common.facts import Fact
from domain.operations.health import Seen
from domain.payments import findings, lifecycle, reconciliation, recovered_charges, refunds, restore
from domain.payments.context import Context
from domain.payments.gateway import GatewayDown
from settings import Settings

POLL_SECONDS = 0.5
JOBS_EVERY_SECONDS = 5
SWEEP_EVERY_SECONDS = 60
TURNS_WITHIN_SECONDS = 60
GIVEN_BACK = {"refund": findings.refund_stands, "unmatched charge": findings.unmatched_stands}  # how they stand

log = logging.getLogger("portal.worker")


class PaymentWorker:
    """Advances payments, at most `GATEWAY_WORKERS` at once. The database is the queue: a crash forgets nothing."""

    def __init__(
        self,
        settings: Settings,
        context: Context,
        tokens: ClientTokens,
        letters: Letters,
        send_mail: Callable[[], int],
        lock: ProcessLock,
    ) -> None:
        self.tokens = tokens
        self._context = context
        self._schema, self._file = schema.latest(), models.sqlite_file(settings.database_url)
        self._ordinary = jobs.ordinary(send_mail, letters, settings.city, context.listener, self.see)
        self.send_mail = send_mail
        self._lock = lock
        self._places = threading.BoundedSemaphore(settings.gateway_workers)
        self._under_way: set[tuple[str, int]] = set()
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._turned_at = 0.0

    def start(self) -> None:
        """Start the three threads. They end with the process; what is cut is found again."""
        self._turned_at = time.monotonic()
        for loop in (self._dispatch_for_ever, self._jobs_for_ever, self._sweep_for_ever):
            self._threads.append(threading.Thread(target=loop, name=loop.__name__, daemon=True))
            self._threads[-1].start()

    def turns(self) -> bool:
        """Tell whether the threads live and the queue was looked at within the minute; one never started is well."""
        late = bool(self._threads) and time.monotonic() - self._turned_at > TURNS_WITHIN_SECONDS
        return not late and all(thread.is_alive() for thread in self._threads)

    def see(self) -> Seen:
        """Return what this process sees of itself and its machine."""
        free = machine.free_percent(self._file.parent) if self._file else None
        return Seen(self._schema, partial(schema.is_applied, self._schema), free, self.turns())

    def stop(self) -> None:
        """Have the threads end after what they are doing."""
        self._stopping.set()
        self._awake.set()

    def wake(self) -> None:
        """Say that there is a payment to charge."""
        self._awake.set()

    def recover(self) -> list[Fact]:
        """Find again what happened at the gateway since a restored copy; tell of each.

        Raises: Uncertain when the gateway does not answer.
        """
        return restore.finish(self._context)

    def reconcile(self) -> list[Fact]:
        """Search the gateway now for every uncertain payment; tell of each.

        Those the running server is charging are left to it: it holds the lock.
        Raises: Uncertain when it does not answer and a restored copy has still to be completed.
        """
        found = self.recover() + recovered_charges.book_held(self._context.because("sweep"))
        alone = self._lock.acquire()
        if alone:
            lifecycle.resume()
            refunds.resume()
        for payment in lifecycle.uncertain():
            self._run(tasks.advance, "payment", payment.id, self._context.because("sweep"))
            found.append(findings.payment_stands(payment.id))
        if alone:
            found += self._give_back()
            self._lock.release()
        return found

    def _give_back(self) -> list[Fact]:
        """Do the refunds and returns that are due; only under the lock, for the server may be doing them."""
        due = tasks.due(tuple(GIVEN_BACK))
        for kind, key in due:
            self._run(tasks.advance, kind, key, self._context)
        return [GIVEN_BACK[kind](key) for kind, key in due]

    def _dispatch_for_ever(self) -> None:
        while not self._stopping.is_set():
            self._awake.wait(POLL_SECONDS)
            self._awake.clear()
            self._turned_at = time.monotonic()
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
        left = lifecycle.resume({key for kind, key in busy if kind == "payment"})
        refunds.resume({key for kind, key in busy if kind == "refund"})
        if left:
            log.warning("payments left unfinished, to be searched for: %d", left)
        return tasks.due()

    def _advance(self, kind: str, key: int) -> None:
        try:
            with models.connected():
                tasks.advance(kind, key, self._context)
            self._awake.set()
        except Exception:
            log.exception("%s %d could not be advanced; it will be tried again", kind, key)
            time.sleep(POLL_SECONDS)
        finally:
            self._under_way.discard((kind, key))
            self._places.release()

    def _jobs_for_ever(self) -> None:
        while not self._stopping.is_set():
            self._refresh_token()
            self._run(self.run_jobs)
            self._stopping.wait(JOBS_EVERY_SECONDS)

    def _sweep_for_ever(self) -> None:
        while not self._stopping.wait(SWEEP_EVERY_SECONDS):
            if self._lock.held:
                self._run(self.sweep)

    def _run(self, job: Callable, *arguments: object) -> None:
        """Run a job on a connection of its own; a failure is logged and tried again at the next turn."""
        try:
            with models.connected():
                job(*arguments)
        except Exception:
            log.exception("%s failed; trying again later", job.__name__)

    def run_jobs(self) -> int:
        """Do now what is due by the clock; return how many messages left."""
        return int(jobs.run_due(self._ordinary).get(jobs.MAIL) or 0)

    def sweep(self) -> None:
        """Ask the gateway now what is due to be asked again."""
        jobs.run_due(jobs.at_the_gateway(self._context))

    def match(self, day: date) -> list[reconciliation.Difference]:
        """Compare a day at the gateway with the payments here."""
        return reconciliation.match(day, self._context)

    def _refresh_token(self) -> None:
        try:
            with models.connected():  # not a context of Peewee's: who asks the gateway gives the connection back
                jobs.telling(self._context, lambda _context: self.tokens.refresh())
        except GatewayDown as problem:
            log.warning("no client token from the gateway: %s", problem)
        except Exception:
            log.exception("the city could not be told that the gateway refuses its account")
