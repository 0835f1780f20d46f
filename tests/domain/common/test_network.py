"""Who waits for the network keeps nobody else from the database: neither a connection nor a transaction is held."""

import threading
import time

import pytest
from peewee import OperationalError

import models
from adapters.braintree.gateway import BraintreeGateway
from adapters.captcha import Recaptcha
from adapters.mail import Mailer
from domain.payments import lifecycle
from models import Payment
from tests.factories import make_household, make_invoice, make_payment_under_way

ASKS = sorted(name for name in vars(BraintreeGateway) if not name.startswith("_") and name != "notice")


def held() -> int:
    """Return how many connections are out of the pool; this thread's own goes back first."""
    models.give_back()
    return len(models.database.obj._in_use)


def test_a_charge_under_way_holds_no_connection(app, context, simulator):
    simulator.breaks("sale", "slow", times=1, seconds=1.5)
    payment = make_payment_under_way(make_invoice(make_household()), state=Payment.CREATED, nonce="fake-valid-nonce")
    charging = threading.Thread(target=lifecycle.advance, args=(payment.id, context))
    charging.start()
    while Payment.get_by_id(payment.id).state == Payment.CREATED:
        time.sleep(0.01)
    seen = []
    while charging.is_alive():
        seen.append(held())
        time.sleep(0.01)
    charging.join()
    assert Payment.get_by_id(payment.id).state == Payment.PAID
    assert seen.count(0) > len(seen) / 2, seen


@pytest.mark.parametrize("name", ASKS)
def test_the_gateway_is_never_asked_in_a_transaction(app, gateway, name):
    with models.write(), pytest.raises(OperationalError):
        getattr(gateway, name)()


def test_nor_is_a_mail_server_or_google(app):
    for ask in (Mailer("smtp://127.0.0.1:1", "ville@example.org")._post, Recaptcha("key").check):
        with models.write(), pytest.raises(OperationalError):
            ask()
