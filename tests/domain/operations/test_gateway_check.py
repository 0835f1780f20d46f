"""What a program can check of the gateway: keys, account, currency, notices; over HTTP, and nothing is charged."""

from datetime import timedelta

import pytest

from adapters.braintree.gateway import BraintreeGateway
from domain.common import clock
from domain.operations.gateway_check import Wrong, of_notices, problems
from models import WebhookEvent
from settings import load
from tests.factories import make_household, make_invoice, make_payment_under_way

CAD, USD, GONE = "sandbox_credit_card", "fake_amex_direct_usd", "none_of_ours"


@pytest.fixture
def found(db, environment, simulator):
    """Return what asks the gateway, and says which things are wrong."""

    def ask(account: str = CAD, **changed: str) -> list[str]:
        here = {"SIMULATOR_URL": simulator.url, "BRAINTREE_MERCHANT_ACCOUNT_ID": account}
        gateway = BraintreeGateway(load(environment | here | changed))
        return [fact.key for fact in problems(gateway, account)]

    return ask


def test_what_is_right_says_nothing(found, simulator):
    assert found() == []
    assert simulator.transactions() == []


@pytest.mark.parametrize(
    ("account", "changed", "wrong"),
    [
        (GONE, {}, Wrong.NO_ACCOUNT),
        (USD, {}, Wrong.CURRENCY),
        (CAD, {"BRAINTREE_PRIVATE_KEY": "une autre"}, Wrong.REFUSED),
        (CAD, {"SIMULATOR_URL": "http://127.0.0.1:9"}, Wrong.DOWN),
    ],
)
def test_what_is_wrong_is_told(found, simulator, account, changed, wrong):
    simulator.ask("POST", "merchant-accounts", id=GONE, currency=None)
    assert found(account, **changed) == [wrong]


def test_cards_charged_for_a_week_without_a_notice_are_told(db):
    week = clock.now() - timedelta(days=8)
    make_payment_under_way(make_invoice(make_household()), gateway_id="g1", submitted_at=week, state="paid")
    assert [one.key for one in of_notices()] == [Wrong.NO_NOTICE]
    WebhookEvent.create(digest="d", kind="transaction_settled")
    assert of_notices() == []
