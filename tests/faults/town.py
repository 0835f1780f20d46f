"""A town with residents who owe invoices, its real server and simulator, and the truth on both sides."""

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from types import MappingProxyType

import requests
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

import models
from app import create_app
from commands.worker.dispatcher import PaymentWorker
from commands.worker.jobs import at_the_gateway
from domain.access import sessions
from domain.common import clock
from domain.payments import asking, returned_charges, settlement
from domain.payments.context import Context
from domain.payments.gateway import GatewayDown, NoSuchCharge, Uncertain
from domain.payments.refund_booking import FOLLOWED_EVERY
from models import Account, CardTry, CartItem, Invoice, Payment, Refund, UnmatchedCharge
from settings import load
from tests.factories import make_account, make_household, make_invoice, make_person
from tests.faults.audit import Audit, compare
from tests.server import Server
from tests.simulation import free_port, start

SURELY_PAID = ("paid", "settled")


@dataclass(frozen=True)
class Answer:
    """What a POST to pay answered; `reference` is empty when it led to no payment."""

    status: int
    reference: str
    html: str


class Resident:
    """Someone signed in at her browser."""

    def __init__(self, app: Flask, url: str, account: Account) -> None:
        self.url = url
        self.account = account
        token, _row = sessions.start(account)
        with app.test_request_context():
            session.update(_user_id=token, _fresh=True)
            self._csrf = generate_csrf()
            signer = app.session_interface.get_signing_serializer(app)
            self.cookie = f"portail={signer.dumps(dict(session))}"

    def form(self, invoice: Invoice, nonce: str = "fake-valid-nonce") -> dict[str, object]:
        """Return what step 4 sends to pay one invoice."""
        return {
            "csrf_token": self._csrf,
            "facture": invoice.number,
            "amount_seen_cents": invoice.total_cents,
            "payment_method_nonce": nonce,
        }

    def pays(self, invoice: Invoice, nonce: str = "fake-valid-nonce") -> "Answer":
        """Send step 4 for one invoice."""
        # A resident here has more refused, or left unanswered, than anybody would: tests/attacks/test_card_testing.py
        if CardTry.select().exists():  # not when there is none: a test may hold the database
            CardTry.delete().execute()
        answer = self._ask("POST", "/mon-dossier/payer", data=self.form(invoice, nonce))
        led_to = answer.headers.get("Location", "")
        return Answer(answer.status_code, led_to.partition("/paiements/")[2], answer.text)

    def sees(self, reference: str) -> str:
        """Return the page of a payment."""
        return self._ask("GET", f"/mon-dossier/paiements/{reference}").text

    def gets(self, path: str) -> requests.Response:
        """Ask for a page."""
        return self._ask("GET", path)

    def posts(self, path: str, **words: object) -> requests.Response:
        """Send a form."""
        return self._ask("POST", path, data=words | {"csrf_token": self._csrf})

    def _ask(self, method: str, path: str, **words: object) -> requests.Response:
        return requests.request(
            method, f"{self.url}{path}", headers={"Cookie": self.cookie}, allow_redirects=False, timeout=30, **words
        )


class Town:
    """The whole of it. `close` ends its processes."""

    def __init__(self, folder: Path, database_url: str, **settings: str) -> None:
        """`database_url` is a migrated database of the town's own."""
        self.folder = folder
        self._simulator_process, self.simulator = start()
        self.simulator.ask("POST", "amount-rules", on=False)
        self.environment = {
            "DATABASE_URL": database_url,
            "MAIL_URL": f"file:{folder}/outbox",
            "CAPTCHA": "none",
            "PASSWORD_HASHES": "cheap",
            "SIMULATOR_URL": self.simulator.url,
            "GATEWAY_TIMEOUT": "1",
            "UNCERTAIN_FOR": "1.5",
            "HOLD_FOR": "8",
            "HOLD_AT_MOST": "60",
            **settings,
        }
        self.database_url = database_url
        self.server = Server(self.environment, free_port())
        # What the server asks in its nights, asked by hand at the end of a day, with the patience of nights.
        self._app = create_app(load(self.environment | {"GATEWAY_TIMEOUT": "55"}))

    @property
    def _worker(self) -> PaymentWorker:
        return self._app.extensions["portal"].worker

    def resident(self) -> Resident:
        """Return a new resident of a household of her own."""
        return Resident(self._app, self.server.url, make_account(make_person(make_household())))

    def owes(self, resident: Resident, cents: int = 10_000) -> Invoice:
        """Bill a resident's household."""
        return make_invoice(resident.account.person.memberships[0].household, cents)

    def close(self) -> None:
        """End the processes and let go of the database."""
        with suppress(ProcessLookupError):
            self.server.kill()
        self._simulator_process.terminate()
        self._simulator_process.wait()
        models.database.close()
        models.database.obj.close_all()

    def wait(self, reference: str, *states: str, seconds: float = 15) -> str:
        """Wait until a payment is in one of these states, and return the one it is in."""
        until = monotonic() + seconds
        while monotonic() < until:
            state = Payment.get(Payment.reference == reference).state
            if state in states:
                return state
            sleep(0.02)
        return state

    def loses_the_parent(self) -> None:
        """Kill granian alone: its orphan goes on charging and holding the lock beside a new server, then dies too."""
        orphan = self.server.kill_parent()
        try:
            os.kill(orphan, signal.SIGCONT)
            self.server.start()
            sleep(1)
        finally:
            with suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)

    def loses_the_gateway(self) -> None:
        """End the simulator: from now on nobody answers at its address."""
        self._simulator_process.kill()
        self._simulator_process.wait()

    def settles(self, gateway_id: str) -> bool:
        """Have a charge settled if it still can be, in one step; tell whether it is.

        Who looks first and settles then revives what was voided between the two: no gateway does that.
        """
        gateway = self.simulator.gateway()
        gateway.testing.settle_transaction(gateway_id)
        return gateway.transaction.find(gateway_id).status == "settled"

    def charges_again(self, reference: str, cents: int) -> str:
        """Have a second charge made under a reference, as a gateway does that hears twice; return its id."""
        return self._worker._context.gateway.charge(reference, cents, "fake-valid-nonce").gateway_id

    def settle_down(self, seconds: float = 60) -> None:
        """Wait until nothing is under way, doing by hand what the server does once in a while.

        Each of the three waits is given up after so many seconds: what is left is then unresolved.
        """
        _until_none(_open, self._hour_passes, seconds)
        self.days_pass()
        self.match()
        _until_none(_held, lambda: self.server.flask("jobs"), seconds)
        self.gives_back(seconds)

    def days_pass(self) -> None:
        """Have the nights settle what is at the gateway, and the server ask what became of all that is on its way.

        A question left without an answer is asked again the next day, as the server does.
        Raises: as `asking.each`, after a week of it.
        """
        self.simulator.ask("POST", "settle-all")
        _insists(self._day_passes, times=7)

    def match(self) -> None:
        """Run the daily match of today until all of it was answered; it settles what it finds.

        Raises: Uncertain when some of it never was.
        """
        _insists(lambda: self._worker.match(clock.today()), times=7)

    def _day_passes(self) -> None:
        """Ask what is asked from one day to the next. Raises: as `asking.each`, once all were asked."""
        tomorrow = clock.now() + FOLLOWED_EVERY
        for table in (Payment, Refund):
            asked = table.due_at.is_null(False) & table.state.not_in(table.OPEN_STATES)
            table.update(due_at=tomorrow).where(asked).execute()
        UnmatchedCharge.update(due_at=tomorrow).where(UnmatchedCharge.state == UnmatchedCharge.RETURNED).execute()
        context = self._worker._context.because("sweep")
        parts = (
            lambda: _follows_all(context, tomorrow),
            lambda: settlement.follow_refunds_due(context, tomorrow),
            lambda: returned_charges.follow_due(context, tomorrow),
            *(job.do for job in at_the_gateway(context)),
        )
        asking.each(parts, lambda ask: ask())

    def _hour_passes(self) -> None:
        """Have refunds wait no more: for the night that settles, or until one without a trace surely did not happen."""
        sleep(0.5)
        self.simulator.ask("POST", "settle-all")
        now = clock.now()
        Refund.update(due_at=now).where(Refund.state == Refund.CREATED).execute()
        long_ago = {"due_at": now, "submitted_at": now - timedelta(hours=1)}
        Refund.update(**long_ago).where(Refund.state == Refund.UNKNOWN).execute()
        self.server.flask("reconcile")

    def gives_back(self, seconds: float = 60) -> None:
        """Wait until what pays nothing has gone back, tried again at once; given up after so many seconds."""
        _until_none(_unmatched, self._tries_to_give_back, seconds)

    def _tries_to_give_back(self) -> None:
        UnmatchedCharge.update(due_at=clock.now()).where(UnmatchedCharge.returned_at.is_null()).execute()
        self.server.flask("reconcile")

    def audit(self, counter: Mapping[str, int] = MappingProxyType({})) -> Audit:
        """Compare the gateway, and what the counter took of each invoice in cents, with the books."""
        return compare(self.simulator.transactions(), counter, self.server.flask("attention"))


def _open() -> int:
    payments = Payment.select().where(Payment.state.in_(Payment.OPEN_STATES)).count()
    return payments + Refund.select().where(Refund.state.in_(Refund.OPEN_STATES)).count()


def _follows_all(context: Context, now: datetime) -> None:
    while settlement.follow_due(context, now):  # so many at once
        pass


def _until_none(left: Callable[[], int], act: Callable[[], object], seconds: float) -> None:
    until = monotonic() + seconds
    while monotonic() < until and left():
        act()


def _insists(ask: Callable[[], object], times: int) -> None:
    """Ask until the gateway has answered. Raises: what the last of so many times raised."""
    for left in reversed(range(times)):
        try:
            ask()
        except (Uncertain, NoSuchCharge, GatewayDown):
            if not left:
                raise
        else:
            return


def _held() -> bool:
    """Tell whether a place is held whose time will end, or has."""
    in_part = Invoice.select(Invoice.id).where(Invoice.paid_cents + Invoice.credited_cents > 0)
    lapses = CartItem.invoice.is_null() | CartItem.invoice.not_in(in_part)
    return CartItem.select().where(CartItem.state == CartItem.HELD, lapses).exists()


def _unmatched() -> int:
    return UnmatchedCharge.select().where(UnmatchedCharge.returned_at.is_null()).count()
