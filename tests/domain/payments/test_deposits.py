"""What the gateway deposits: a day's batches, what came in less what went back, and what nobody knows here."""

from datetime import date, timedelta

import pytest

from domain.common import clock
from domain.payments import deposits
from domain.payments.deposits import Deposit
from domain.payments.gateway import Uncertain
from models import Refund, UnmatchedCharge
from tests.factories import make_household, make_invoice, pay_elsewhere

TODAY = clock.today()


@pytest.fixture
def of_day(db, gateway):
    """Return what the gateway deposited on a day, today unless told."""
    return lambda day=TODAY: deposits.of_day(day, gateway)


@pytest.fixture
def charges(db, gateway, simulator):
    """Return what has the gateway take so many cents and settle them; known here or not."""

    def charge(cents: int, known: bool = True) -> str:
        made = gateway.charge(f"P{len(simulator.transactions())}", cents, "fake-valid-nonce")
        if known:
            invoice = make_invoice(make_household(), cents)
            pay_elsewhere((invoice, cents), method="card", gateway_id=made.gateway_id)
        simulator.ask("POST", "settle-all")
        return made.gateway_id

    return charge


def sums(found: list[Deposit]) -> list[tuple[int, int, int, int, int]]:
    return [(one.charges, one.charged_cents, one.refunds, one.refunded_cents, one.unknown_here) for one in found]


def test_a_day_without_money_has_no_batch(of_day, gateway):
    gateway.charge("P1", 700, "fake-valid-nonce")
    assert of_day() == []


def test_a_batch_adds_up_what_came_in_and_what_went_back(of_day, charges, gateway, simulator):
    charge = charges(10_000)
    charges(2_550)
    for cents in (3_000, 50):
        gateway.give_back(charge, cents)
    simulator.ask("POST", "settle-all")
    [found] = of_day()
    assert sums([found]) == [(2, 12_550, 2, 3_050, 0)]
    assert found.batch


def test_a_charge_is_known_by_its_payment_or_as_unmatched_and_else_counted_unknown(of_day, charges):
    unmatched = charges(300, known=False)
    charges(20, known=False)
    charges(1)
    owed = {"gateway_id": unmatched, "reference": "P9", "amount_cents": 300, "reason": UnmatchedCharge.SECOND}
    UnmatchedCharge.create(**owed, state=UnmatchedCharge.RETURNED)
    assert sums(of_day()) == [(3, 321, 0, 0, 1)]


def test_a_refund_is_known_by_its_charge_or_by_its_own_document_and_else_counted_unknown(
    of_day, charges, gateway, simulator
):
    known, unknown, booked = charges(1_000), charges(2_000, known=False), charges(3_000, known=False)
    for charge in (known, unknown):
        gateway.give_back(charge, 100)
    given = gateway.give_back(booked, 200)
    payment = pay_elsewhere((make_invoice(make_household()), 100))
    Refund.create(payment=payment, amount_cents=200, cause="staff", state=Refund.DONE, gateway_id=given.gateway_id)
    simulator.ask("POST", "settle-all")
    charges_unknown, refunds_unknown = 2, 1
    assert sums(of_day()) == [(3, 6_000, 3, 400, charges_unknown + refunds_unknown)]


def test_another_day_has_nothing_of_it(of_day, charges):
    charges(700)
    assert of_day(TODAY - timedelta(days=1)) == of_day(TODAY + timedelta(days=1)) == []


def test_a_row_stands_under_its_header_with_what_the_bank_will_show():
    found = Deposit("lot1", charges=3, charged_cents=12_550, refunds=1, refunded_cents=13_000, unknown_here=2)
    assert dict(zip(deposits.HEADER, found.row(date(2026, 11, 23)), strict=True)) == {
        "settlement_batch": "lot1",
        "date": "2026-11-23",
        "charges": 3,
        "charged": "125.50",
        "refunds": 1,
        "refunded": "130.00",
        "deposit": "-4.50",
        "deposit_cents": -450,
        "unknown_here": 2,
    }


def test_a_gateway_that_does_not_answer_leaves_it_unknown(of_day, simulator):
    simulator.breaks("search", "http_500")
    with pytest.raises(Uncertain):
        of_day()
