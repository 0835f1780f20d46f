"""What a household sees of its account: all that is its own, and nothing of another's."""

from datetime import date, timedelta

import pytest

from domain.billing import invoices, receipts
from domain.billing.invoices import Wanted
from domain.common import clock
from models import Account, Household, Invoice, Membership, Payment, write
from tests.factories import (
    make_account,
    make_household,
    make_invoice,
    make_payment_under_way,
    make_person,
    pay_elsewhere,
    take_back,
)

TODAY = clock.today()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def home(db) -> Household:
    return make_household()


def numbers(found) -> list[str]:
    return [one.invoice.number for one in found]


def of(home: Household) -> Account:
    """Return the account of one more member."""
    return make_account(make_person(home))


def receipted(*parts, **values) -> Payment:
    payment = pay_elsewhere(*parts, **values)
    with write():
        receipts.issue(payment)
    return payment


def test_what_is_due_leaves_out_what_is_being_paid_cancelled_or_anothers(home):
    pay_elsewhere((make_invoice(home, 1_000, due_on=TODAY), 300))
    make_invoice(home, 20, due_on=YESTERDAY)
    make_payment_under_way(make_invoice(home, 50_000, due_on=YESTERDAY))
    make_invoice(home, 60_000, due_on=YESTERDAY, status=Invoice.CANCELLED)
    make_invoice(make_household(), 70_000, due_on=YESTERDAY)
    assert invoices.due([home.id], TODAY) == invoices.Due(total_cents=720, overdue_cents=20)
    assert invoices.due([], TODAY) == invoices.Due(0, 0)


def test_a_payment_of_two_invoices_is_under_way_once_and_the_oldest_comes_first(home):
    first = make_payment_under_way(make_invoice(home), make_invoice(home))
    second = make_payment_under_way(make_invoice(home))
    make_payment_under_way(make_invoice(home), state=Payment.REFUSED)
    make_payment_under_way(make_invoice(make_household()))
    assert invoices.payments_under_way([home.id]) == [first, second]


def test_what_is_payable_is_whatever_owes_something_the_most_urgent_first(home):
    make_invoice(home, number="F-LATER", due_on=TODAY)
    pay_elsewhere((make_invoice(home, number="F-PART", due_on=YESTERDAY), 9_999))
    pay_elsewhere((make_invoice(home, number="F-PAID"), 10_000))
    make_invoice(home, number="F-GONE", status=Invoice.CANCELLED)
    make_invoice(make_household(), number="F-THEIRS")
    assert numbers(invoices.payable([home.id])) == ["F-PART", "F-LATER"]


def test_the_room_tells_what_is_owed_from_what_is_settled(home):
    make_invoice(home, number="F-OWED", category="rental")
    busy = make_invoice(home, number="F-BUSY")
    under_way = make_payment_under_way(busy)
    pay_elsewhere((make_invoice(home, number="F-PAID"), 10_000))
    make_invoice(home, number="F-GONE", status=Invoice.CANCELLED)
    make_invoice(make_household(), number="F-THEIRS", category="rental")
    room = invoices.accounts(of(home))
    assert set(numbers(room.payable)) == {"F-OWED", "F-BUSY"}
    assert room.under_way == {"F-BUSY": under_way.reference}
    assert numbers(room.contracts) == ["F-OWED"]
    assert set(numbers(room.settled)) == {"F-PAID", "F-GONE"}


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("due", {"F-OWED", "F-LATE"}),
        ("overdue", {"F-LATE"}),
        ("paid", {"F-PAID"}),
        ("refunded", {"F-BACK"}),
        ("cancelled", {"F-GONE"}),
        ("", {"F-OWED", "F-LATE", "F-PAID", "F-BACK", "F-GONE"}),
    ],
)
def test_an_invoice_is_in_one_state_but_overdue_is_due_too(home, state, shown):
    make_invoice(home, number="F-OWED", due_on=TODAY)
    make_invoice(home, number="F-LATE", due_on=YESTERDAY)
    pay_elsewhere((make_invoice(home, number="F-PAID", due_on=YESTERDAY), 10_000))
    take_back(pay_elsewhere((make_invoice(home, number="F-BACK", due_on=YESTERDAY), 10_000)), 1)
    make_invoice(home, number="F-GONE", due_on=YESTERDAY, status=Invoice.CANCELLED)
    make_invoice(make_household(), number="F-THEIRS", due_on=YESTERDAY)
    found, pages = invoices.invoices([home.id], 1, TODAY, Wanted(state=state))
    assert (set(numbers(found)), pages) == (shown, 1)


def test_a_year_goes_from_its_first_day_to_its_last_and_a_person_has_her_lines(home):
    child = make_person(home)
    for day in (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)):
        make_invoice(home, number=f"F-{day}", issued_on=day, person=child if day.month == 1 else None)
    assert numbers(invoices.invoices([home.id], 1, TODAY, Wanted(year=2025))[0]) == ["F-2025-12-31", "F-2025-01-01"]
    assert numbers(invoices.invoices([home.id], 1, TODAY, Wanted(child.id))[0]) == ["F-2026-01-01", "F-2025-01-01"]
    assert numbers(invoices.invoices([home.id], 1, TODAY, Wanted(child.id, 2025))[0]) == ["F-2025-01-01"]
    assert invoices.choices([home.id]) == ([child], [2026, 2025, 2024])


def test_a_household_without_invoices_has_no_years_to_choose(home):
    make_invoice(make_household(), person=make_person())
    assert invoices.choices([home.id]) == ([], [])


def test_documents_are_the_households_receipts_each_with_its_own_credit_notes(home):
    kept, back = (receipted((make_invoice(home), 10_000)) for _ in range(2))
    notes = [take_back(back, cents) for cents in (100, 200)]
    take_back(receipted((make_invoice(make_household()), 10_000)), 300)
    shown, pages = invoices.documents(of(home), 1)
    assert [(one.receipt.payment, one.credit_notes) for one in shown] == [(back, notes), (kept, [])]
    assert pages == 1
    assert invoices.receipts_of(of(home)) == shown


def test_only_the_latest_receipts_stand_where_another_page_has_them_all(home):
    made = [receipted((make_invoice(home), 10_000)) for _ in range(invoices.LATEST + 1)]
    assert [one.receipt.payment for one in invoices.receipts_of(of(home))] == made[:0:-1]


def test_another_households_invoice_does_not_exist(home):
    mine, theirs = make_invoice(home), make_invoice(make_household())
    with pytest.raises(invoices.NoSuchInvoice):
        invoices.chosen([mine.number, theirs.number], [home.id])
    later = make_invoice(home, due_on=mine.due_on + timedelta(days=1))
    found = invoices.chosen([later.number, mine.number, mine.number], [home.id])
    assert [one.invoice for one in found] == [mine, later]


def test_the_last_payment_is_the_latest_made_here_that_was_not_refused(home):
    account = make_account(make_person(home))
    mine, theirs = make_invoice(home), make_invoice(make_household())
    both = [mine.number, theirs.number]
    assert invoices.last_payment(account, both) is None
    first, last = (pay_elsewhere((mine, 100), source="portal") for _ in range(2))
    pay_elsewhere((mine, 100))
    make_payment_under_way(Invoice.get_by_id(mine.id), state=Payment.REFUSED)
    pay_elsewhere((theirs, 100), source="portal")
    assert first.id < last.id
    assert invoices.last_payment(account, both) == last


def test_a_payment_is_shown_to_who_belongs_to_every_household_it_pays(home):
    other, mine = make_household(), of(home)
    payment = pay_elsewhere((make_invoice(home), 100), (make_invoice(other), 100))
    for reference, account in ((payment.reference, mine), (payment.reference, of(make_household())), ("P404", mine)):
        with pytest.raises(invoices.NoSuchPayment):
            invoices.payment(reference, account)
    Membership.create(household=other, person=mine.person)
    assert invoices.payment(payment.reference, mine) == payment


def test_who_paid_sees_her_payment_and_receipt_wherever_its_invoice_is(home):
    payer = make_account()
    payment = receipted((make_invoice(home), 100), payer=payer.person)
    assert invoices.payment(payment.reference, payer) == payment
    assert [one.receipt.payment for one in invoices.documents(payer, 1)[0]] == [payment]
