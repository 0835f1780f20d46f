"""When money that pays nothing is a person's to give back: held, or declined twice over; and how she gave it."""

from datetime import datetime, timedelta

import pytest

from models import DeclinedReturn, HandedBack, Payment, UnmatchedCharge
from tests.factories import make_declined_charge, make_invoice, make_payment_under_way

OWED, RETURNED, HELD = UnmatchedCharge.OWED, UnmatchedCharge.RETURNED, UnmatchedCharge.HELD
NOON = datetime(2026, 11, 23, 17)


@pytest.fixture
def payment(home) -> Payment:
    return make_payment_under_way(make_invoice(home, 100))


def waiting() -> list[int]:
    rows = UnmatchedCharge.select(UnmatchedCharge.id).where(UnmatchedCharge.a_persons())
    return list(rows.order_by(UnmatchedCharge.id).scalars())


@pytest.mark.parametrize(
    ("state", "cents", "declined", "waits"),
    [
        (OWED, 4_200, [], False),
        (OWED, 4_200, [4_200], False),
        (OWED, 4_200, [4_200, 4_199], False),
        (OWED, 4_200, [4_200, 4_200], True),
        (OWED, 4_200, [4_000, 200], False),
        (OWED, 200, [200, 200], True),
        (OWED, 200, [300], False),
        (OWED, 1, [1], False),
        (OWED, 1, [1, 1], True),
        (OWED, 0, [], False),
        (OWED, 0, [100], False),
        (RETURNED, 4_200, [4_200, 4_200], False),
        (HELD, 4_200, [], True),
        (HELD, 0, [], True),
    ],
)
def test_it_waits_once_what_is_owed_was_declined_twice_over_or_is_held(payment, state, cents, declined, waits):
    other = make_declined_charge(payment, 900, times=1, gateway_id="other")
    for what, part in enumerate((4_200, 4_200)):
        DeclinedReturn.create(charge="a third", what=f"{what}", amount_cents=part)
    charge = make_declined_charge(payment, cents, times=0, gateway_id="mine", state=OWED)
    UnmatchedCharge.update(state=state).where(UnmatchedCharge.id == charge.id).execute()
    for what, part in enumerate(declined):
        DeclinedReturn.create(charge="mine", what=f"mine {what}", amount_cents=part)
    assert waiting() == [charge.id] * waits
    assert [UnmatchedCharge.get_by_id(one.id).waits_for_person for one in (charge, other)] == [waits, False]
    UnmatchedCharge.update(state=OWED).execute()  # as the ledger says: the books must agree at the end


def test_how_it_was_handed_back_is_of_the_time_that_it_was_returned(payment):
    charge = make_declined_charge(payment)
    assert charge.handed_back is None
    kept = [
        HandedBack.create(charge=charge, amount_cents=100, given_at=NOON + hours, method="cash", given_by="a")
        for hours in (timedelta(0), timedelta(hours=1))
    ]
    for returned_at, handed in (
        (NOON, kept[0]),
        (NOON + timedelta(hours=1), kept[1]),
        (NOON + timedelta(hours=2), None),
    ):
        UnmatchedCharge.update(returned_at=returned_at).execute()
        assert UnmatchedCharge.get().handed_back == handed


@pytest.mark.parametrize("reason", UnmatchedCharge.REASONS)
def test_what_is_no_canadian_money_of_the_citys_account_is_not_of_these_books(reason):
    foreign = (UnmatchedCharge.OTHER_CURRENCY, UnmatchedCharge.OTHER_ACCOUNT)
    assert UnmatchedCharge(reason=reason).is_of_these_books is (reason not in foreign)
