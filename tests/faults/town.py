"""A town with residents who owe invoices, its real server and simulator, and the truth on both sides."""

import os
import signal
from collections import Counter as Tally
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

import requests
from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from peewee import fn

import models
from app import create_app
from commands.operations import said
from domain.access import sessions
from domain.billing import ledger
from domain.common import clock
from domain.operations import doctor
from models import Account, CardTry, Invoice, LedgerEntry, Payment, PaymentInvoice, Refund, UnmatchedCharge
from settings import load
from tests.domain.payments.world import lost_cents
from tests.factories import make_account, make_household, make_invoice, make_person
from tests.server import Server
from tests.simulation import free_port, start

LIVE = {"authorized", "submitted_for_settlement", "settling", "settlement_pending", "settled"}
SURELY_PAID = ("paid", "settled")


@dataclass
class Audit:
    """What is found when the dust has settled.

    Lost: money taken at the gateway with no payment received here nor any return of it, or the other way round.
    Double: invoices with two charges that both stay. Unresolved: still open here.
    """

    charges: int = 0
    invoices_paid: int = 0
    given_back: int = 0
    refused: int = 0
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.double or self.unresolved or self.problems)


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
        CardTry.delete().execute()
        answer = self._ask("POST", "/mon-dossier/payer", data=self.form(invoice, nonce))
        led_to = answer.headers.get("Location", "")
        return Answer(answer.status_code, led_to.rpartition("/paiements/")[2], answer.text)

    def sees(self, reference: str) -> str:
        """Return the page of a payment."""
        return self._ask("GET", f"/mon-dossier/paiements/{reference}").text

    def _ask(self, method: str, path: str, **words: object) -> requests.Response:
        return requests.request(
            method, f"{self.url}{path}", headers={"Cookie": self.cookie}, allow_redirects=False, timeout=30, **words
        )


class Town:
    """The whole of it. `close` ends its processes."""

    def __init__(self, folder: Path, database_url: str, **settings: str) -> None:
        """`database_url` is a migrated database of the town's own."""
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
            **settings,
        }
        self.database_url = database_url
        self.server = Server(self.environment, free_port())
        self._app = create_app(load(self.environment))

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

    def settle_down(self, seconds: float = 60) -> None:
        """Wait until nothing is under way, doing by hand what the server does once in a while."""
        until = monotonic() + seconds
        while monotonic() < until and _open():
            sleep(0.5)
            self.server.flask("reconcile")
        self.match()
        while monotonic() < until and _unmatched():
            UnmatchedCharge.update(due_at=clock.now()).execute()
            self.server.flask("reconcile")

    def match(self) -> None:
        """Run the daily match of today; it exits 1 when it found something, which it then settles."""
        self.server.flask("match", clock.today().isoformat(), may_fail=True)

    def audit(self) -> Audit:
        """Compare the gateway with the books."""
        rows = self.simulator.transactions()
        return compare(rows)


def _open() -> int:
    payments = Payment.select().where(Payment.state.in_(Payment.OPEN_STATES)).count()
    return payments + Refund.select().where(Refund.state.in_(Refund.OPEN_STATES)).count()


def _unmatched() -> int:
    return UnmatchedCharge.select().where(UnmatchedCharge.returned_at.is_null()).count()


def compare(rows: list[dict]) -> Audit:
    """Hold the simulator's transactions against the payments here."""
    sales = {row["id"]: row for row in rows if row["type"] == "sale" and row["status"] in LIVE}
    held = {key: cents for key, sale in sales.items() if (cents := held_cents(sale, rows))}
    kept = {payment.gateway_id: payment for payment in Payment.select().where(Payment.state.in_(Payment.BOOKED_STATES))}
    booked = {key: cents for key, payment in kept.items() if (cents := booked_cents(payment))}
    # What went back, and was lost by a dispute besides: the gateway holds less than nothing of it, as the ledger says.
    for gateway_id in UnmatchedCharge.select(UnmatchedCharge.gateway_id).scalars():
        if gateway_id not in kept and (cents := -ledger.lost_cents(gateway_id)):
            booked[gateway_id] = cents
    lost = [f"charged, not booked: {sales[key]['order_id']}" for key in set(held) - set(booked)]
    lost += [f"booked, not charged: {key}" for key in set(booked) - set(held)]
    lost += [f"another amount: {key}" for key in set(held) & set(booked) if held[key] != booked[key]]
    unresolved = [p.reference for p in Payment.select().where(Payment.state.in_(Payment.OPEN_STATES))]
    unresolved += [
        unmatched.reference for unmatched in UnmatchedCharge.select().where(UnmatchedCharge.returned_at.is_null())
    ]
    return Audit(
        charges=sum(cents == sales[key]["amount_cents"] for key, cents in held.items()),
        invoices_paid=Invoice.select().where(Invoice.paid_cents == Invoice.total_cents).count(),
        given_back=UnmatchedCharge.select().where(UnmatchedCharge.returned_at.is_null(False)).count(),
        refused=Payment.select().where(Payment.state == Payment.REFUSED).count(),
        lost=lost,
        double=_double([sales[key] for key, cents in held.items() if cents > 0]),
        unresolved=unresolved,
        problems=[said(wrong) for wrong in doctor.problems([])]
        + ([str(ledger.imbalance_cents())] if ledger.imbalance_cents() else []),
    )


def held_cents(sale: dict, rows: list[dict]) -> int:
    """Return what the gateway holds for us of a sale, in cents: neither refunded nor lost by a dispute."""
    credits = [row for row in rows if row["refunded_transaction_id"] == sale["id"]]
    given = sum(credit["amount_cents"] for credit in credits if credit["status"] in LIVE)  # one refused moved nothing
    return sale["amount_cents"] - given - lost_cents(sale)


def booked_cents(payment: Payment) -> int:
    """Return what the ledger says the gateway holds of a payment, in cents."""
    cents = fn.SUM(LedgerEntry.debit_cents - LedgerEntry.credit_cents)
    of_card = (LedgerEntry.payment == payment) & (LedgerEntry.account == ledger.CLEARING[Payment.CARD])
    return int(LedgerEntry.select(cents).where(of_card).scalar() or 0)


def _double(live: list[dict]) -> list[str]:
    links = PaymentInvoice.select(PaymentInvoice, Payment, Invoice).join(Payment).switch(PaymentInvoice).join(Invoice)
    invoices: dict[str, list[str]] = {}
    for link in links:
        invoices.setdefault(link.payment.reference, []).append(link.invoice.number)
    charged = Tally(number for row in live for number in invoices.get(row["order_id"], []))
    return [number for number, times in charged.items() if times > 1]
