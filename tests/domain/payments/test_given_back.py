"""What went back of a charge, as the gateway tells it: what arrived, and what did not, each noted once."""

from domain.common.alerts import Kind
from domain.payments import given_back
from domain.payments.gateway import Charge
from models import Alert, DeclinedReturn, Refund, UnmatchedCharge, write
from tests.factories import make_declined_charge


def declined() -> list[int]:
    return [one.amount_cents for one in DeclinedReturn.select().order_by(DeclinedReturn.id)]


def parts(charge: Charge, gateway, *cents: int) -> list[str]:
    """Give a charge back at the gateway in parts; return their ids."""
    return [gateway.give_back(charge.gateway_id, part).gateway_id for part in cents]


def settled(under_way, gateway, simulator) -> Charge:
    charge = gateway.charge(under_way.reference, 4_200, "fake-valid-nonce")
    simulator.ask("POST", "settle-all")
    return charge


def test_what_went_back_is_neither_what_the_bank_sent_back_nor_a_refund_of_a_payment_here(
    under_way, gateway, simulator, context
):
    charge = settled(under_way, gateway, simulator)
    kept, ours, sent_back = parts(charge, gateway, 1_000, 700, 200)
    Refund.create(payment=under_way, amount_cents=700, cause="staff", state=Refund.REFUSED, gateway_id=ours)
    simulator.ask("POST", f"transactions/{sent_back}/status", status="settlement_declined")
    now = gateway.find(charge.gateway_id)
    credits = given_back.credits_of(now, context)
    assert [one.gateway_id for one in credits] == [kept, sent_back]
    assert given_back.given_cents(credits) == 1_000
    assert given_back.left_cents(now, credits) == 3_200
    for _ in range(2):
        given_back.note_sent_back(now, credits)
    assert declined() == [200]
    assert DeclinedReturn.get().charge == charge.gateway_id


def test_what_a_person_handed_back_is_left_no_more(under_way, gateway, simulator, context):
    charge = settled(under_way, gateway, simulator)
    for gateway_id, parts_of_it in ((charge.gateway_id, (1_000, 50)), ("another", (7,))):
        noted = make_declined_charge(under_way, state="returned", gateway_id=gateway_id, times=0)
        for cents in parts_of_it:
            noted.handed.model.create(
                charge=noted, amount_cents=cents, given_at=noted.found_at, method="cash", given_by="a"
            )
    now = gateway.find(charge.gateway_id)
    assert given_back.handed_cents(now) == 1_050
    assert given_back.left_cents(now, []) == 3_150


def test_of_what_never_came_nothing_is_left(under_way, gateway, simulator):
    charge = settled(under_way, gateway, simulator)
    for status in ("settlement_declined", "processor_declined", "voided"):
        simulator.ask("POST", f"transactions/{charge.gateway_id}/status", status=status)
        assert given_back.left_cents(gateway.find(charge.gateway_id), []) == 0


def test_a_refusal_is_noted_once_a_day(under_way):
    noted = make_declined_charge(under_way, times=0)
    with write():
        assert [given_back.note_refusal(noted) for _ in range(2)] == [True, False]
        DeclinedReturn.update(what="yesterday's").execute()
        assert given_back.note_refusal(noted)
    assert declined() == [4_200, 4_200]
    assert UnmatchedCharge.get().waits_for_person


def test_what_did_not_go_back_is_told_to_the_city_with_its_amount(under_way, context):
    noted = make_declined_charge(under_way, currency="USD", reason=UnmatchedCharge.OTHER_CURRENCY, state="held")
    with write():
        given_back.tell_declined(under_way, noted, 1_200, "not taken", context)
    alert = Alert.get(Alert.kind == Kind.REFUND_DECLINED)
    assert alert.subject == f"unmatched {noted.id}"
    told = {"reference": under_way.reference, "amount": "12,00\u00a0USD", "standing": "not taken"}
    assert alert.values == told
