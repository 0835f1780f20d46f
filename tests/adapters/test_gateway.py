"""Definite or uncertain: every outcome the SDK can give of a sale, each provoked for real over HTTP."""

from datetime import timedelta

import pytest

from adapters.braintree.gateway import BraintreeGateway
from domain.common import clock
from domain.payments.gateway import BadNotice, Item, NoSuchCharge, NotCharged, Uncertain
from settings import load
from tests.simulation import Simulator, free_port

# what the simulator does to the sale → what is sure of it
CERTAIN_NOT_CHARGED = ["http_401", "http_403", "http_426", "http_429", "refused"]
UNCERTAIN = [
    "http_500",
    "http_502",
    "http_503",
    "http_504",
    "http_408",
    "answer_lost",
    "reset",
    "garbage",
    "empty",
    "late",
]


@pytest.fixture
def gateway(environment: dict[str, str], simulator: Simulator) -> BraintreeGateway:
    return BraintreeGateway(load(environment | {"SIMULATOR_URL": simulator.url, "GATEWAY_TIMEOUT": "1"}))


def test_a_sale_that_passes_is_a_charge(gateway):
    charge = gateway.charge("PAAA-0001", 11_498, "fake-valid-visa-nonce")
    assert charge.amount_cents == 11_498
    assert charge.reference == "PAAA-0001"
    assert charge.card_brand == "Visa"
    assert len(charge.card_last_four) == 4


@pytest.mark.parametrize("fault", CERTAIN_NOT_CHARGED)
def test_surely_not_charged(gateway, simulator, fault):
    simulator.breaks("sale", fault)
    with pytest.raises(NotCharged):
        gateway.charge("PAAA-0002", 100, "fake-valid-nonce")
    assert gateway.search("PAAA-0002") == []


@pytest.mark.parametrize("fault", UNCERTAIN)
def test_uncertain(gateway, simulator, fault):
    simulator.breaks("sale", fault, seconds=0.3)
    with pytest.raises(Uncertain):
        gateway.charge("PAAA-0003", 100, "fake-valid-nonce")


@pytest.mark.parametrize("fault", ["hang", "hang_after"])
def test_no_answer_in_time_is_uncertain(gateway, simulator, fault):
    simulator.breaks("sale", fault, seconds=2)
    with pytest.raises(Uncertain):
        gateway.charge("PAAA-0004", 100, "fake-valid-nonce")


@pytest.mark.parametrize(
    ("cents", "nonce", "reason"),
    [
        (200_000, "fake-valid-nonce", "declined"),
        (200_100, "fake-valid-nonce", "funds"),
        (200_400, "fake-valid-nonce", "expired"),
        (300_000, "fake-valid-nonce", "network"),
        (500_100, "fake-valid-nonce", "city"),
        (100, "fake-processor-declined-visa-nonce", "declined"),
        (100, "fake-gateway-rejected-fraud-nonce", "rules"),
        (100, "fake-consumed-nonce", "invalid"),
        (100, "invented", "invalid"),
    ],
)
def test_a_refusal_says_why(gateway, cents, nonce, reason):
    with pytest.raises(NotCharged) as refusal:
        gateway.charge("PAAA-0005", cents, nonce)
    assert refusal.value.reason == reason
    assert refusal.value.words


def test_a_duplicate_of_this_reference_is_uncertain_because_an_earlier_charge_exists(gateway):
    gateway.charge("PAAA-0006", 100, "fake-valid-visa-nonce")
    with pytest.raises(Uncertain):
        gateway.charge("PAAA-0006", 100, "fake-valid-visa-nonce")
    assert len(gateway.search("PAAA-0006")) == 1


def test_a_gateway_that_cannot_be_reached_charges_nothing(environment):
    nowhere = BraintreeGateway(load(environment | {"SIMULATOR_URL": f"http://127.0.0.1:{free_port()}"}))
    with pytest.raises(NotCharged) as refusal:
        nowhere.charge("PAAA-0007", 100, "fake-valid-nonce")
    assert refusal.value.reason == "unreachable"
    with pytest.raises(Uncertain):
        nowhere.search("PAAA-0007")


def test_keys_that_are_wrong_charge_nothing(environment, simulator):
    settings = load(environment | {"SIMULATOR_URL": simulator.url, "BRAINTREE_PRIVATE_KEY": "wrong"})
    with pytest.raises(NotCharged):
        BraintreeGateway(settings).charge("PAAA-0008", 100, "fake-valid-nonce")


def test_a_refund_is_not_found_as_a_charge(gateway, simulator):
    charge = gateway.charge("PAAA-0009", 1_000, "fake-valid-nonce")
    simulator.ask("POST", "settle-all")
    gateway.give_back(charge.gateway_id, 400)
    assert [found.amount_cents for found in gateway.search("PAAA-0009")] == [1_000]


def test_a_charge_nobody_knows_is_said(gateway):
    with pytest.raises(NoSuchCharge):
        gateway.find("nothing")


@pytest.mark.parametrize("signature", ["", "x", "a|b", "integration_public_key|0000"])
def test_a_forged_notice_is_refused(gateway, signature):
    with pytest.raises(BadNotice):
        gateway.notice(signature, "bm90aGluZw==")


def test_what_a_charge_pays_is_kept_beside_it(gateway):
    items = [Item("F00012", 700, "41"), Item("F00013", 300, "41")]
    charge = gateway.charge("PAAA-0010", 1_000, "fake-valid-nonce", items)
    assert gateway.items(charge.gateway_id) == items


def test_a_charge_made_without_items_has_none(gateway):
    charge = gateway.charge("PAAA-0011", 1_000, "fake-valid-nonce")
    assert gateway.items(charge.gateway_id) == []
    assert gateway.items("nothing") == []


def test_refunds_and_settlements_are_listed_by_day(gateway, simulator):
    first = gateway.charge("PAAA-0012", 1_000, "fake-valid-nonce")
    simulator.ask("POST", "settle-all")
    back = gateway.give_back(first.gateway_id, 400)
    gateway.charge("PAAA-0013", 500, "fake-valid-nonce")
    today = clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1)
    assert [(c.gateway_id, c.charge_id, c.amount_cents) for c in gateway.given_back_between(*today)] == [
        (back.gateway_id, first.gateway_id, 400)
    ]
    charges, credits = gateway.settled_between(*today)
    assert [charge.gateway_id for charge in charges] == [first.gateway_id]
    assert charges[0].settlement_batch
    assert credits == []
    assert gateway.given_back_between(today[0], today[0]) == []


def test_disputes_are_listed_by_day(gateway, simulator):
    charge = gateway.charge("PAAA-0014", 1_000, "fake-valid-nonce")
    gateway.charge("PAAA-0015", 1_000, "fake-valid-nonce")
    simulator.ask("POST", "settle-all")
    simulator.ask("POST", "webhook", kind="dispute_opened", transaction=charge.gateway_id)
    today = clock.today()
    assert [found.disputes[0].state for found in gateway.disputed_between(today, today)] == ["open"]


def test_a_charge_whose_dispute_was_lost_took_no_money(gateway, simulator):
    charge = gateway.charge("PAAA-0010", 1_000, "fake-valid-nonce")
    simulator.ask("POST", "settle-all")
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=charge.gateway_id)
    assert gateway.search("PAAA-0010") == []
