"""A refund is booked once, of the moment when the money was given; its payment's life ends with its last cent."""

from datetime import datetime

import pytest

from domain.billing.listener import Listener
from domain.payments import refund_booking, refunds
from models import CreditNote, Payment, PaymentEvent, Refund
from tests.factories import make_household, make_invoice, pay_elsewhere, pay_too_much

AT = datetime(2026, 11, 23, 17)


def gives(payment: Payment, cents: int, at: datetime | None = None) -> Refund:
    now = Payment.get_by_id(payment.id)
    left = refunds.left_cents(now)
    return refunds.hand_over(now, cents, left, "absence", None, Payment.CASH, Listener(), at=at)


@pytest.fixture
def home(db):
    return make_household()


def test_the_credit_note_is_of_the_moment_the_money_was_given(home):
    refund = gives(pay_elsewhere((make_invoice(home, 10_000), 10_000)), 4_000, AT)
    assert (CreditNote.get().issued_at, Refund.get_by_id(refund.id).resolved_at) == (AT, AT)


def test_booked_again_it_changes_nothing(home):
    refund = gives(pay_elsewhere((make_invoice(home, 10_000), 10_000)), 4_000)
    refund.state = Refund.SUBMITTED  # as another process read it before
    refund_booking.book(refund, None, Listener())
    assert CreditNote.select().count() == 1


def test_what_is_owed_back_of_a_payment_is_not_its_refunds(home):
    """Of 140 $ for 100 $, 100 $ are refunded: the 40 $ have their own way back."""
    payment = pay_too_much(make_invoice(home, 10_000), 14_000)
    assert refunds.left_cents(payment) == 10_000
    with pytest.raises(refunds.TooMuch):
        refunds.hand_over(payment, 10_001, 10_000, "absence", None, Payment.CASH, Listener())
    gives(payment, 10_000)
    assert Payment.get_by_id(payment.id).state == Payment.REFUNDED


@pytest.mark.parametrize(("came", "left"), [(10_002, 10_000), (9_998, 9_998)])
def test_no_more_goes_back_than_came_in_nor_than_was_paid(home, came, left):
    assert refunds.left_cents(pay_too_much(make_invoice(home, 10_000), came)) == left


@pytest.mark.parametrize(("asked", "printed"), [("absence", "absence"), ("", "refund")])
def test_the_credit_note_says_why_or_that_it_is_a_refund(home, asked, printed):
    payment = pay_elsewhere((make_invoice(home, 10_000), 10_000))
    refunds.hand_over(payment, 4_000, 10_000, asked, None, Payment.CASH, Listener())
    assert CreditNote.get().reason == printed


def test_a_payment_taken_back_while_its_refund_was_on_its_way_stays_taken_back(home):
    payment = pay_elsewhere((make_invoice(home, 10_000), 10_000))
    refund = refunds.ask(payment, 10_000, 10_000, "absence", method=Payment.CASH)
    Refund.update(state=Refund.SUBMITTED).execute()
    Payment.update(state=Payment.VOIDED).execute()  # all of it was reserved: nothing was left to owe again
    refund_booking.book(Refund.get_by_id(refund.id), None, Listener())
    assert (Refund.get().state, Payment.get().state) == (Refund.DONE, Payment.VOIDED)


def test_only_what_was_done_of_its_own_refunds_ends_a_payment(home):
    payment = pay_elsewhere((make_invoice(home, 10_000), 10_000))
    other = pay_elsewhere((make_invoice(home, 6_000), 6_000))
    gives(other, 6_000)
    refunds.ask(Payment.get_by_id(payment.id), 5_000, 10_000, "absence", method=Payment.CASH)  # not done yet
    gives(payment, 4_000)
    gives(payment, 1_000)
    assert Payment.get_by_id(payment.id).state in Payment.RECEIVED_STATES
    told = PaymentEvent.select().where(PaymentEvent.payment == payment, PaymentEvent.name == "refunded")
    assert [event.words for event in told.order_by(PaymentEvent.id)] == ["4000 ¢ absence", "1000 ¢ absence"]
