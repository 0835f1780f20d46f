"""A household with an account that has a confirmed address, and what charges its card."""

from collections.abc import Callable
from datetime import datetime

import pytest

from domain.common import clock
from domain.payments import checkout, unmatched_charges
from models import Account, Household, Invoice, Message, Payment, UnmatchedCharge, write
from tests.domain.payments.sent_back import credits
from tests.factories import make_account, make_household, make_invoice, make_payment_under_way, make_person


@pytest.fixture
def home(app) -> Household:
    return make_household()


@pytest.fixture
def account(home) -> Account:
    address = {"email": "Marie@example.org", "email_key": "marie@example.org", "email_confirmed_at": clock.now()}
    return make_account(make_person(home), **address)


@pytest.fixture
def payment(home, charged, simulator) -> Payment:
    """200 $ paid by card, and settled."""
    made = charged(make_invoice(home, 20_000))
    simulator.ask("POST", "settle-all")
    return made


@pytest.fixture
def asks(context, simulator) -> Callable[..., bool]:
    """Return what tells whether, at a moment, what follows something asks the gateway about it."""

    def asked(follow: Callable[..., object], now: datetime) -> bool:
        simulator.ask("DELETE", "faults")
        simulator.breaks("find", "slow", seconds=0, times=0)
        follow(context, now=now)
        [fault] = simulator.ask("GET", "faults").json()
        return fault["happened"] > 0

    return asked


@pytest.fixture
def charged(account, simulator, paying) -> Callable[..., Payment]:
    """Return what commits a payment of some invoices and has it charged."""

    def charge(*invoices: Invoice, **how) -> Payment:
        due = sum(invoice.balance_cents for invoice in invoices)
        made = checkout.create(account, [invoice.number for invoice in invoices], due, "fake-valid-nonce", **how)
        paying()
        return Payment.get_by_id(made.id)

    return charge


@pytest.fixture
def under_way(home, account) -> Payment:
    """100 $ of an account, its outcome not known yet."""
    made = make_payment_under_way(make_invoice(home, 10_000))
    Payment.update(account=account).where(Payment.id == made.id).execute()
    return Payment.get_by_id(made.id)


@pytest.fixture
def given(under_way, simulator, gateway, context) -> UnmatchedCharge:
    """A second charge of a payment, settled, and refunded by the worker."""
    charge = gateway.charge(under_way.reference, 4_200, "fake-valid-nonce")
    with write():
        unmatched_charges.note(under_way, charge, UnmatchedCharge.SECOND, context)
    simulator.ask("POST", "settle-all")
    unmatched_charges.advance(UnmatchedCharge.get().id, context)
    Message.delete().execute()
    return UnmatchedCharge.get()


@pytest.fixture
def bank_sends_back(simulator) -> Callable[..., None]:
    """Return what has the bank decline the refunds of so much, or all."""

    def send_back(cents: int | None = None, word: str = "settlement_declined") -> None:
        for credit in credits(simulator):
            if credit["amount_cents"] == cents or not cents:
                simulator.ask("POST", f"transactions/{credit['id']}/status", status=word)

    return send_back
