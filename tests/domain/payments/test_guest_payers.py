"""Paying without an account: number, amount and postal code must go together, and none can be guessed."""

from datetime import timedelta

import pytest
import time_machine

from domain.billing import payment_slips
from domain.common import clock, rate_limits
from domain.common.rate_limits import TooManyHere
from domain.payments import guest_payers
from models import Attempt, GuestPayer, Household, Invoice, Membership, Payment
from settings import LIMITS
from tests.factories import make_household, make_invoice, make_payment_under_way, make_person, pay_elsewhere

HERE = "192.0.2.7"
GUESSES = LIMITS[rate_limits.INVOICE]


@pytest.fixture
def home(db) -> Household:
    household = make_household()
    make_person(household, postal_code="J1X 2B6")
    make_person(household, postal_code="")
    return household


@pytest.fixture
def invoice(home) -> Invoice:
    return make_invoice(home, 10_000, number="F-21A")


def finds(number: str = "F-21A", cents: int = 10_000, postal_code: str = "J1X 2B6", address: str = HERE) -> Invoice:
    return guest_payers.find(number, cents, postal_code, address)


def misses(**typed) -> None:
    with pytest.raises(guest_payers.NotFound):
        finds(**typed)


@pytest.mark.parametrize(
    "typed", [{}, {"number": " f-21a "}, {"postal_code": "j1x2b6"}, {"postal_code": " J1X-2B6"}, {"cents": 6_000}]
)
def test_an_invoice_is_found_however_it_is_typed_by_its_total_or_by_what_is_left(invoice, typed):
    pay_elsewhere((invoice, 4_000))
    assert finds(**typed) == invoice


@pytest.mark.parametrize(
    "typed",
    [
        {"number": "F-21"},
        {"number": ""},
        {"cents": 9_999},
        {"cents": 4_000},
        {"cents": 0},
        {"postal_code": "J1X 1A1"},
        {"postal_code": "J1X"},
        {"postal_code": ""},
        {"postal_code": "---"},
    ],
)
def test_what_does_not_go_together_finds_nothing(invoice, typed):
    pay_elsewhere((invoice, 4_000))
    misses(**typed)


def test_the_postal_code_is_of_the_invoices_own_household(invoice):
    make_person(make_household(), postal_code="J1X 1A1")
    misses(postal_code="J1X 1A1")
    make_person(invoice.household, postal_code="J1X 1A1")
    assert finds(postal_code="J1X 1A1") == invoice


def test_the_amount_is_the_invoices_own(invoice):
    make_invoice(invoice.household, 500)
    misses(cents=500)


def test_a_cancelled_invoice_is_not_found_nor_known_any_more(invoice):
    assert guest_payers.known("F-21A") == invoice
    Invoice.update(status=Invoice.CANCELLED).execute()
    assert guest_payers.known("F-21A") is None
    misses()


def test_what_is_known_is_known_by_its_very_number(invoice):
    assert guest_payers.known("F-21") is None


def test_too_many_guesses_close_an_invoice_however_typed_and_no_other(invoice):
    other = make_invoice(invoice.household, 10_000, number="F-22B")
    for guess in range(GUESSES.most):
        misses(number=("F-21A", " f-21a")[guess % 2], cents=guess, address=f"198.51.100.{guess}")
    misses()
    assert finds("F-22B") == other
    with time_machine.travel(clock.now() + timedelta(minutes=GUESSES.minutes + 1)):
        assert finds() == invoice


def test_one_guess_less_leaves_it_open_and_finding_is_no_guess(invoice):
    for guess in range(GUESSES.most - 1):
        misses(cents=guess)
        assert finds() == invoice


def test_failures_count_against_the_address_until_nobody_there_may_try(invoice):
    for guess in range(LIMITS[rate_limits.ADDRESS].most):
        misses(number=f"X{guess}")
    with pytest.raises(TooManyHere):
        finds()
    assert finds(address="203.0.113.9") == invoice


def test_a_payment_is_the_one_its_browser_names(invoice):
    make_payment_under_way(make_invoice(invoice.household))
    payment = make_payment_under_way(invoice)
    assert guest_payers.payment(payment.reference) == payment
    with pytest.raises(Payment.DoesNotExist):
        guest_payers.payment("P404")


def test_what_can_be_no_guess_counts_nothing(invoice):
    mistyped = payment_slips.reference("F-21A")[:-2] + "00"
    with pytest.raises(guest_payers.Mistyped):
        finds(mistyped)
    misses(postal_code=" - ")
    assert not Attempt.select().exists()


def test_a_key_opens_its_own_payment_alone(invoice):
    payments = [make_payment_under_way(make_invoice(invoice.household)) for _ in range(2)]
    for n, payment in enumerate(payments):
        GuestPayer.create(payment=payment, name="Club", key=f"key{n}")
    first, second = (payment.reference for payment in payments)
    assert guest_payers.opens("key0", first)
    for key, reference in (("key0", second), ("key1", first), ("", first), ("key", first), ("key0", "P404")):
        assert not guest_payers.opens(key, reference)


def test_where_the_other_home_of_a_child_lives_is_not_found_by_trying(invoice):
    child = make_person(invoice.household, postal_code="J9Z 7R7")
    Membership.create(household=make_household(), person=child)
    misses(postal_code="J9Z 7R7")
    assert finds() == invoice
