"""What the portal asks of the gateway, through the public SDK."""

import re
import sys
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from tests.simulation import Simulator, braintree, free_port, start

Search = braintree.TransactionSearch


def sell(gateway: braintree.BraintreeGateway, amount: str = "10.50", **more: object) -> object:
    given = {"payment_method_nonce": "fake-valid-nonce", "options": {"submit_for_settlement": True}}
    return gateway.transaction.sale({"amount": amount} | given | more)


def codes(result: object) -> list[str]:
    return [error.code for error in result.errors.deep_errors]


def test_sale_is_found_again_with_everything_that_matters(gateway: braintree.BraintreeGateway) -> None:
    sold = sell(gateway, order_id="F-1", merchant_account_id="ville_cad")
    assert sold.is_success
    found = gateway.transaction.find(sold.transaction.id)
    assert (found.status, found.currency_iso_code) == ("submitted_for_settlement", "CAD")
    assert found.amount == Decimal("10.50")
    assert (found.order_id, found.merchant_account_id, found.type) == ("F-1", "ville_cad", "sale")
    card = found.credit_card_details
    assert (card.card_type, card.last_4, card.expiration_date) == ("Visa", "1881", "12/2035")
    assert (found.processor_response_code, found.processor_response_text) == ("1000", "Approved")
    assert [event.status for event in found.status_history] == ["authorized", "submitted_for_settlement"]
    assert datetime.now(UTC).replace(tzinfo=None) - found.created_at < timedelta(minutes=1)
    assert found.settlement_batch_id is None


def test_search_finds_by_order_batch_status_and_date(gateway: braintree.BraintreeGateway) -> None:
    first, other = sell(gateway, order_id="F-1").transaction, sell(gateway, order_id="F-2").transaction
    batch = gateway.testing.settle_transaction(other.id).transaction.settlement_batch_id
    now = datetime.now(UTC).replace(tzinfo=None)
    for wanted, found in {
        first.id: [Search.order_id == "F-1"],
        other.id: [Search.settlement_batch_id == batch],
    }.items():
        assert [sale.id for sale in gateway.transaction.search(*found)] == [wanted]
    both = gateway.transaction.search(Search.created_at.between(now - timedelta(minutes=5), now + timedelta(minutes=5)))
    assert set(both.ids) == {first.id, other.id}
    settled = gateway.transaction.search(Search.status.in_list(["settled", "settling"]), Search.amount <= "11.00")
    assert settled.ids == [other.id]
    assert gateway.transaction.search(Search.created_at <= now - timedelta(minutes=5)).ids == []
    assert gateway.transaction.search(Search.ids.in_list([first.id])).first.order_id == "F-1"
    assert gateway.transaction.search(Search.order_id == "F-9").ids == []


def test_search_reaches_past_the_first_page(gateway: braintree.BraintreeGateway) -> None:
    sold = {sell(gateway, amount=f"{n}.00", order_id=f"N-{n}").transaction.id for n in range(1, 61)}
    assert {sale.id for sale in gateway.transaction.search(Search.order_id.starts_with("N-"))} == sold


@pytest.mark.parametrize(
    ("amount", "status", "code"),
    [
        ("2000.00", "processor_declined", "2000"),
        ("2999.99", "processor_declined", "2999"),
        ("3000.00", "failed", "3000"),
        ("5001.00", "gateway_rejected", ""),
    ],
)
def test_test_amounts_are_refused(gateway: braintree.BraintreeGateway, amount: str, status: str, code: str) -> None:
    refused = sell(gateway, amount)
    assert not refused.is_success
    assert (refused.transaction.status, refused.transaction.processor_response_code) == (status, code)
    assert gateway.transaction.find(refused.transaction.id).status == status


def test_test_amounts_can_be_turned_off(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    simulator.ask("POST", "amount-rules", on=False)
    assert sell(gateway, "2000.00").is_success


def test_the_card_refused_when_amounts_are_off_is_the_one_a_bank_refuses(
    gateway: braintree.BraintreeGateway, simulator: Simulator
) -> None:
    gateway.customer.create({"id": "foyer-9"})
    wish = {"customer_id": "foyer-9", "payment_method_nonce": "fake-processor-declined-visa-nonce"}
    saved = gateway.payment_method.create(wish).payment_method.token
    by_it = {"payment_method_nonce": None, "payment_method_token": saved}
    assert sell(gateway, **by_it).is_success
    simulator.ask("POST", "amount-rules", on=False)
    refused = sell(gateway, "10.51", **by_it).transaction
    assert (refused.status, refused.processor_response_code) == ("processor_declined", "2000")


def test_settlement_may_be_declined_days_later(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    sold = sell(gateway, "4001.00").transaction
    assert sold.status == "submitted_for_settlement"
    simulator.ask("POST", "settle-all")
    found = gateway.transaction.find(sold.id)
    assert (found.status, found.processor_settlement_response_code) == ("settlement_declined", "4001")


def test_nonces_are_refused_as_in_the_sandbox(gateway: braintree.BraintreeGateway) -> None:
    assert codes(sell(gateway, payment_method_nonce="fake-consumed-nonce")) == ["91564"]
    assert codes(sell(gateway, payment_method_nonce="never-issued")) == ["91565"]
    assert codes(sell(gateway, payment_method_nonce="fake-luhn-invalid-nonce")) == ["81715"]
    declined = sell(gateway, payment_method_nonce="fake-processor-declined-visa-nonce")
    assert declined.transaction.status == "processor_declined"
    fraud = sell(gateway, payment_method_nonce="fake-gateway-rejected-fraud-nonce")
    assert fraud.transaction.gateway_rejection_reason == "fraud"
    assert sell(gateway, payment_method_nonce="fake-valid-mastercard-nonce").transaction.credit_card["last_4"] == "4444"


def test_same_charge_twice_in_a_row_is_a_duplicate(gateway: braintree.BraintreeGateway) -> None:
    assert sell(gateway, order_id="F-1").is_success
    again = sell(gateway, order_id="F-1")
    assert (again.transaction.status, again.transaction.gateway_rejection_reason) == ("gateway_rejected", "duplicate")
    assert sell(gateway, "10.51", order_id="F-1").is_success
    assert sell(gateway, order_id="F-2").is_success


def test_request_key_returns_the_first_charge(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    first = sell(gateway, order_id="F-1", api_request_key="key-1").transaction
    assert sell(gateway, order_id="F-1", api_request_key="key-1").transaction.id == first.id
    assert codes(sell(gateway, "11.00", order_id="F-1", api_request_key="key-1")) == ["915232"]
    assert len(simulator.transactions()) == 1


def test_void_until_it_settles_then_refund_up_to_what_is_left(gateway: braintree.BraintreeGateway) -> None:
    sold = sell(gateway).transaction
    assert codes(gateway.transaction.refund(sold.id)) == ["91506"]
    gateway.testing.settle_transaction(sold.id)
    assert codes(gateway.transaction.void(sold.id)) == ["91504"]
    part = gateway.transaction.refund(sold.id, "4.00").transaction
    assert (part.type, part.status, part.refunded_transaction_id) == ("credit", "submitted_for_settlement", sold.id)
    assert codes(gateway.transaction.refund(sold.id, "6.51")) == ["91521"]
    assert gateway.transaction.refund(sold.id, {"amount": "6.50", "order_id": "R-2"}).transaction.order_id == "R-2"
    assert codes(gateway.transaction.refund(sold.id)) == ["91512"]
    assert codes(gateway.transaction.refund(part.id)) == ["91505"]
    assert gateway.transaction.void(part.id).transaction.status == "voided"
    assert gateway.transaction.refund(sold.id).transaction.amount == Decimal("4.00")
    voided = gateway.transaction.void(sell(gateway).transaction.id)
    assert voided.transaction.status == "voided"


def test_authorized_amount_is_submitted_later(gateway: braintree.BraintreeGateway) -> None:
    held = sell(gateway, options={"submit_for_settlement": False}).transaction
    assert held.status == "authorized"
    assert codes(gateway.transaction.submit_for_settlement(held.id, "99.00")) == ["91522"]
    assert gateway.transaction.submit_for_settlement(held.id, "9.00").transaction.amount == Decimal("9.00")
    assert codes(gateway.transaction.submit_for_settlement(held.id)) == ["91507"]


@pytest.mark.parametrize(
    ("amount", "code"), [("", "81502"), ("ten", "81503"), ("1.005", "81503"), ("-1", "81501"), ("0", "81531")]
)
def test_amounts_that_are_none_are_refused(gateway: braintree.BraintreeGateway, amount: str, code: str) -> None:
    assert codes(sell(gateway, amount)) == [code]


def test_saved_cards_pay_and_are_forgotten(gateway: braintree.BraintreeGateway) -> None:
    customer = gateway.customer.create({"id": "foyer-7", "last_name": "Roy"}).customer
    assert codes(gateway.customer.create({"id": "foyer-7"})) == ["91609"]
    saved = gateway.payment_method.create(
        {"customer_id": customer.id, "payment_method_nonce": "fake-valid-mastercard-nonce"}
    ).payment_method
    assert (saved.last_4, saved.card_type, saved.default) == ("4444", "MasterCard", True)
    paid = sell(gateway, payment_method_nonce=None, payment_method_token=saved.token)
    assert paid.transaction.credit_card_details.token == saved.token
    storing = {"customer_id": customer.id, "options": {"store_in_vault_on_success": True}}
    kept = sell(gateway, order_id="F-3", **storing).transaction
    assert gateway.payment_method.find(kept.credit_card_details.token).last_4 == "1881"
    assert {card.last_4 for card in gateway.customer.find("foyer-7").payment_methods} == {"4444", "1881"}
    gateway.payment_method.update(kept.credit_card_details.token, {"options": {"make_default": True}})
    assert gateway.payment_method.find(saved.token).default is False
    nonce = gateway.payment_method_nonce.create(saved.token).payment_method_nonce
    assert gateway.payment_method_nonce.find(nonce.nonce).details["last_four"] == "4444"
    assert sell(gateway, payment_method_nonce=nonce.nonce).transaction.credit_card_details.last_4 == "4444"
    gateway.payment_method.delete(saved.token)
    with pytest.raises(braintree.exceptions.NotFoundError):
        gateway.payment_method.find(saved.token)
    assert codes(sell(gateway, payment_method_nonce=None, payment_method_token=saved.token)) == ["91518"]
    gateway.customer.delete("foyer-7")
    with pytest.raises(braintree.exceptions.NotFoundError):
        gateway.customer.find("foyer-7")


def test_card_its_bank_refuses_is_not_saved(gateway: braintree.BraintreeGateway) -> None:
    gateway.customer.create({"id": "foyer-8"})
    wish = {"customer_id": "foyer-8", "payment_method_nonce": "fake-processor-declined-visa-nonce"}
    refused = gateway.payment_method.create(wish | {"options": {"verify_card": True}})
    assert not refused.is_success
    assert refused.credit_card_verification.processor_response_code == "2000"
    assert gateway.customer.find("foyer-8").payment_methods == []


def test_wrong_keys_are_turned_away(simulator: Simulator) -> None:
    stranger = simulator.gateway(private_key="guessed")
    with pytest.raises(braintree.exceptions.AuthenticationError):
        stranger.client_token.generate()
    stranger.config.close()


def test_hundred_at_once_charge_one_nonce_once(gateway: braintree.BraintreeGateway, simulator: Simulator) -> None:
    gateway.customer.create({"id": "foule"})
    saved = gateway.payment_method.create({"customer_id": "foule", "payment_method_nonce": "fake-valid-nonce"})
    nonce = gateway.payment_method_nonce.create(saved.payment_method.token).payment_method_nonce.nonce
    outcomes = []

    def pay(number: int) -> None:
        outcomes.append(sell(gateway, order_id=f"C-{number}", payment_method_nonce=nonce).is_success)
        gateway.config.close()

    threads = [threading.Thread(target=pay, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(outcomes), sum(outcomes)) == (100, 1)
    assert len(simulator.transactions()) == 1


def test_file_keeps_everything_over_a_restart(tmp_path: Path) -> None:
    port = free_port()
    for life in (1, 2):
        process, simulator = start(str(tmp_path / "simulator.db"), port)
        try:
            gateway = simulator.gateway()
            if life == 1:
                assert sell(gateway, order_id="F-1").is_success
            assert [sale["order_id"] for sale in simulator.transactions()] == ["F-1"]
            gateway.config.close()
        finally:
            process.kill()
            process.wait()


def test_nothing_of_the_portal_is_used_here() -> None:
    allowed = {"flask", "werkzeug", "demo"}
    for file in (Path(__file__).resolve().parents[2] / "demo" / "simulator").glob("*.py"):
        names = set(re.findall(r"^(?:from|import) (\w+)", file.read_text(), re.MULTILINE))
        assert names - allowed <= sys.stdlib_module_names, file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_not_read_in_any_encoding(simulator: Simulator, encoding: str) -> None:
    kind = '<!DOCTYPE transaction [<!ENTITY b "c">]>'
    document = f'<?xml version="1.0" encoding="{encoding}"?>{kind}<transaction>&b;</transaction>'
    answer = requests.post(
        f"{simulator.url}/merchants/integration_merchant_id/transactions",
        document.encode(encoding),
        auth=("integration_public_key", "integration_private_key"),
        timeout=10,
    )
    assert answer.status_code == 400
