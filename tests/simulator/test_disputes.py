"""Disputes and merchant accounts of the simulator, as the public SDK reads them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import braintree
import pytest

from tests.simulation import Simulator

Disputes, Sales = braintree.DisputeSearch, braintree.TransactionSearch


@pytest.fixture
def sold(gateway: braintree.BraintreeGateway) -> braintree.Transaction:
    return gateway.transaction.sale({"amount": "200.00", "payment_method_nonce": "fake-valid-nonce"}).transaction


@pytest.fixture
def notified(gateway: braintree.BraintreeGateway, simulator: Simulator, sold: braintree.Transaction):
    """Return what has something happen to a dispute of the sale, and what its notice says."""

    def notify(kind: str, **how: str) -> braintree.Dispute:
        fields = simulator.ask("POST", "webhook", kind=kind, transaction=sold.id, **how).json()
        return gateway.webhook_notification.parse(fields["bt_signature"], fields["bt_payload"]).dispute

    return notify


@pytest.mark.parametrize("kind", ["chargeback", "pre_arbitration", "retrieval"])
def test_a_dispute_has_its_kind_its_amount_and_its_days(gateway, sold, notified, kind):
    received = datetime.now(UTC).date() - timedelta(days=3)
    how = {"amount": "25.00", "dispute_kind": kind, "received_date": received.isoformat()}
    opened = notified("dispute_opened", **how)
    for told in (opened, gateway.dispute.find(opened.id), gateway.transaction.find(sold.id).disputes[0]):
        assert (told.kind, told.amount_disputed, told.amount_won) == (kind, Decimal("25.00"), Decimal("0.00"))
        assert (told.received_date, told.reply_by_date) == (received, received + timedelta(days=10))
        assert (told.status, told.currency_iso_code, told.transaction.id) == ("open", "CAD", sold.id)
        assert told.reason == ("retrieval" if kind == "retrieval" else "fraud")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("dispute_disputed", "disputed"),
        ("dispute_under_review", "under_review"),
        ("dispute_accepted", "accepted"),
        ("dispute_auto_accepted", "auto_accepted"),
        ("dispute_expired", "expired"),
        ("dispute_lost", "lost"),
        ("dispute_won", "won"),
    ],
)
def test_it_moves_to_every_status_of_the_sdk(notified, kind, status):
    opened = notified("dispute_opened")
    moved = notified(kind)
    assert (moved.id, moved.status) == (opened.id, status)
    assert [event.status for event in moved.status_history] == ["open", status]
    assert moved.amount_won == (Decimal("200.00") if status == "won" else 0)


def test_a_part_may_be_won_and_one_may_go_on_with_another(notified):
    first = notified("dispute_opened", amount="100.00")
    assert notified("dispute_won", amount_won="60.00").amount_won == Decimal("60.00")
    second = notified("dispute_opened", amount="40.00", dispute_kind="pre_arbitration", original_dispute=first.id)
    assert second.original_dispute_id == first.id
    assert notified("dispute_lost", dispute=first.id).id == first.id
    assert notified("dispute_lost").id == second.id


@pytest.mark.parametrize("how", [{"amount": "200.01"}, {"amount": "-1"}, {"dispute_kind": "quarrel"}])
def test_what_cannot_be_is_refused(simulator, sold, how):
    assert simulator.ask("POST", "webhook", kind="dispute_opened", transaction=sold.id, **how).status_code == 400


def test_searches_find_by_day_kind_and_amount(gateway, sold, notified):
    received = datetime.now(UTC).date() - timedelta(days=3)
    opened = notified("dispute_opened", amount="25.00", dispute_kind="retrieval", received_date=received.isoformat())
    day = received.isoformat()
    assert [found.id for found in gateway.transaction.search(Sales.dispute_date.between(day, day)).items] == [sold.id]
    today = datetime.now(UTC).date().isoformat()
    assert list(gateway.transaction.search(Sales.dispute_date.between(today, today)).items) == []
    for criterion in (Disputes.kind == "retrieval", Disputes.amount_disputed <= "25.00", Disputes.id == opened.id):
        assert [found.id for found in gateway.dispute.search([criterion]).disputes.items] == [opened.id]
    assert list(gateway.dispute.search([Disputes.kind == "chargeback"]).disputes.items) == []


def test_a_merchant_account_settles_in_its_own_currency(gateway, simulator):
    simulator.ask("POST", "merchant-accounts", id="loisirs_usd", currency="USD")
    wish = {"amount": "5.00", "payment_method_nonce": "fake-valid-nonce", "options": {"submit_for_settlement": True}}
    american = gateway.transaction.sale(wish | {"merchant_account_id": "loisirs_usd"}).transaction
    canadian = gateway.transaction.sale(wish | {"merchant_account_id": "loisirs"}).transaction
    assert (american.currency_iso_code, canadian.currency_iso_code) == ("USD", "CAD")
    assert [found.id for found in gateway.transaction.search(Sales.currency == "USD").items] == [american.id]
    gateway.testing.settle_transaction(american.id)
    refund = gateway.transaction.refund(american.id).transaction
    assert (refund.currency_iso_code, refund.merchant_account_id) == ("USD", "loisirs_usd")


def test_a_merchant_account_taken_away_is_unknown(gateway, simulator):
    simulator.ask("POST", "merchant-accounts", id="loisirs")
    wish = {"amount": "5.00", "payment_method_nonce": "fake-valid-nonce", "merchant_account_id": "loisirs"}
    refused = gateway.transaction.sale(wish)
    assert [error.code for error in refused.errors.deep_errors] == ["91513"]
    with pytest.raises(ValueError, match="Merchant account"):
        gateway.client_token.generate({"merchant_account_id": "loisirs"})
    simulator.ask("POST", "reset")
    assert gateway.transaction.sale(wish).is_success
