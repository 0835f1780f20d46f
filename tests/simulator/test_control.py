"""Failures on demand, notifications, and the page for people."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
import requests

from tests.simulation import Simulator, braintree

from .test_payments import sell

Search = braintree.TransactionSearch


@pytest.fixture
def hurried(simulator: Simulator) -> Iterator[braintree.BraintreeGateway]:
    gateway = simulator.gateway(timeout=0.5)
    yield gateway
    gateway.config.close()


def orders(simulator: Simulator) -> list[str]:
    return [sale["order_id"] for sale in simulator.transactions()]


def test_lost_answer_charged_all_the_same(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    simulator.breaks("sale", "answer_lost")
    with pytest.raises(requests.ConnectionError):
        sell(gateway, order_id="F-1")
    assert orders(simulator) == ["F-1"]
    assert gateway.transaction.search(Search.order_id == "F-1").first.status == "submitted_for_settlement"


def test_lost_answer_may_have_been_a_refusal(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    simulator.breaks("sale", "answer_lost")
    with pytest.raises(requests.ConnectionError):
        sell(gateway, payment_method_nonce="never-issued")
    assert orders(simulator) == []


def test_reset_connection_charged_nothing(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    simulator.breaks("sale", "reset")
    with pytest.raises(requests.ConnectionError):
        sell(gateway, order_id="F-1")
    assert orders(simulator) == []
    assert sell(gateway, order_id="F-1").is_success


def test_late_charge_appears_after_an_empty_search(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    simulator.breaks("sale", "late", seconds=0.7)
    with pytest.raises(requests.ConnectionError):
        sell(gateway, order_id="F-1")
    assert gateway.transaction.search(Search.order_id == "F-1").ids == []
    time.sleep(1.2)
    assert len(gateway.transaction.search(Search.order_id == "F-1").ids) == 1


@pytest.mark.parametrize(("fault", "charged"), [("hang", []), ("hang_after", ["F-1"]), ("slow", ["F-1"])])
def test_held_connections_time_out(
    hurried: braintree.BraintreeGateway, simulator: Simulator, fault: str, charged: list[str]
) -> None:
    simulator.breaks("sale", fault, seconds=1)
    with pytest.raises(requests.Timeout):
        sell(hurried, order_id="F-1")
    time.sleep(0.8)
    assert orders(simulator) == charged


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("http_401", "AuthenticationError"),
        ("http_403", "AuthorizationError"),
        ("http_408", "RequestTimeoutError"),
        ("http_426", "UpgradeRequiredError"),
        ("http_429", "TooManyRequestsError"),
        ("http_500", "ServerError"),
        ("http_502", "UnexpectedError"),
        ("http_503", "ServiceUnavailableError"),
        ("http_504", "GatewayTimeoutError"),
    ],
)
def test_statuses_become_the_exceptions_of_the_sdk(
    gateway: braintree.BraintreeGateway, simulator: Simulator, fault: str, error: str
) -> None:
    simulator.breaks("any", fault)
    exceptions = vars(braintree.exceptions) | {"UnexpectedError": braintree.exceptions.unexpected_error.UnexpectedError}
    with pytest.raises(exceptions[error]):
        sell(gateway)
    assert simulator.transactions() == []


@pytest.mark.parametrize("fault", ["garbage", "empty"])
def test_meaningless_answers_give_none(gateway: braintree.BraintreeGateway, simulator: Simulator, fault: str) -> None:
    simulator.breaks("sale", fault)
    assert sell(gateway) is None


def test_spoiled_charges(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    simulator.breaks("sale", "refused")
    assert sell(gateway).transaction.processor_response_code == "2000"
    simulator.breaks("sale", "wrong_amount")
    assert str(sell(gateway).transaction.amount) == "11.50"
    simulator.breaks("sale", "duplicate")
    sold = sell(gateway, order_id="F-2").transaction
    twins = gateway.transaction.search(Search.order_id == "F-2").ids
    assert len(twins) == 2
    assert sold.id in twins


def test_faults_count_and_can_be_cleared(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    simulator.breaks("find", "http_500", times=0)
    simulator.breaks("sale", "http_500", times=2)
    for _ in range(2):
        with pytest.raises(braintree.exceptions.ServerError):
            sell(gateway)
    sold = sell(gateway)
    assert sold.is_success
    assert [(fault["call"], fault["happened"]) for fault in simulator.ask("GET", "faults").json()] == [("find", 0)]
    simulator.ask("DELETE", "faults")
    assert gateway.transaction.find(sold.transaction.id)
    assert simulator.ask("POST", "faults", call="sale", fault="rain").status_code == 400


def test_share_of_faults_repeats_with_its_seed(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    def outcomes() -> list[bool]:
        simulator.ask("POST", "reset")
        simulator.breaks("sale", "empty", times=0, percent=50, seed=7)
        return [sell(gateway, order_id=f"F-{n}") is None for n in range(12)]

    first = outcomes()
    assert set(first) == {True, False}
    assert outcomes() == first


def test_code_200_is_refused_where_the_merchant_has_the_rule(
    gateway: braintree.BraintreeGateway, simulator: Simulator
) -> None:
    card = {"number": "4111111111111111", "expiration_date": "05/2035", "cvv": "200"}
    wish = {"amount": "5.00", "credit_card": card}
    assert gateway.transaction.sale(wish).is_success
    simulator.ask("POST", "cvv-rule", on=True)
    assert gateway.transaction.sale(wish).transaction.gateway_rejection_reason == "cvv"


def test_notifications_are_true_and_signed(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    sold = sell(gateway, order_id="F-1").transaction

    def notified(kind: str) -> object:
        fields = simulator.ask("POST", "webhook", kind=kind, transaction=sold.id).json()
        return gateway.webhook_notification.parse(fields["bt_signature"], fields["bt_payload"])

    settled = notified("transaction_settled")
    assert settled.kind == "transaction_settled"
    assert (settled.transaction.id, settled.transaction.status) == (sold.id, "settled")
    paid_out = notified("disbursement").disbursement
    assert (paid_out.transaction_ids, str(paid_out.amount)) == ([sold.id], "10.50")
    assert gateway.transaction.find(sold.id).is_disbursed
    opened = notified("dispute_opened").dispute
    assert (opened.status, opened.transaction.id, str(opened.amount_disputed)) == ("open", sold.id, "10.50")
    lost = notified("dispute_lost").dispute
    assert (lost.id, gateway.dispute.find(lost.id).status) == (opened.id, "lost")
    assert not gateway.dispute.accept(lost.id).is_success
    assert [dispute.status for dispute in gateway.transaction.find(sold.id).disputes] == ["lost"]
    declined = notified("transaction_settlement_declined")
    assert gateway.transaction.find(sold.id).status == declined.transaction.status == "settlement_declined"


def test_forged_notification_is_refused_by_the_sdk(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    sold = sell(gateway).transaction
    fields = simulator.ask("POST", "webhook", kind="transaction_settled", transaction=sold.id).json()
    with pytest.raises(braintree.exceptions.InvalidSignatureError):
        gateway.webhook_notification.parse(fields["bt_signature"][:-1] + "x", fields["bt_payload"])


def test_notification_is_sent_where_it_is_wanted(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    received = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802
            received.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Write nothing."""

    sold = sell(gateway).transaction
    with HTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        thread = threading.Thread(target=receiver.handle_request)
        thread.start()
        to = f"http://127.0.0.1:{receiver.server_port}/webhooks/braintree"
        sent = simulator.ask("POST", "webhook", kind="dispute_opened", transaction=sold.id, to=to).json()
        thread.join()
    assert sent["answered"] == 202
    read = gateway.webhook_notification.parse(received[0]["bt_signature"][0], received[0]["bt_payload"][0])
    assert read.kind == "dispute_opened"


def test_transactions_can_be_moved(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    sold = sell(gateway).transaction
    moved = simulator.ask("POST", f"transactions/{sold.id}/status", status="settled").json()
    assert moved["status"] == "settled"
    assert gateway.transaction.find(sold.id).settlement_batch_id == moved["settlement_batch_id"]
    assert simulator.ask("POST", f"transactions/{sold.id}/status", status="lost").status_code == 400


def test_page_says_plainly_that_no_money_moves(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    sell(gateway, order_id="<F&1>")
    page = requests.get(simulator.url, timeout=5).text
    assert "aucun argent ne circule" in page
    assert "&lt;F&amp;1&gt;" in page
    assert "10,50 $" in page
    assert "4111111111111111" in page
