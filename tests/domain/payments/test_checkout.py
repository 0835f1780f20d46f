"""Committing a payment: the whole of what is due now, on invoices that nobody else is paying, or nothing at all."""

import threading

import pytest

from domain.billing.invoices import NoSuchInvoice
from domain.payments import checkout
from domain.payments.checkout import AlreadyUnderWay, AmountChanged, NothingDue, SeveralHouseholds, SomeUnderWay
from models import Account, Invoice, Membership, Payment, PaymentCard, PaymentInvoice, SavedCard
from tests.factories import (
    make_account,
    make_household,
    make_invoice,
    make_payment_under_way,
    make_person,
    make_saved_card,
    pay_elsewhere,
)

NONCE = "fake-valid-nonce"


@pytest.fixture
def home(db):
    return make_household()


@pytest.fixture
def account(home) -> Account:
    return make_account(make_person(home))


def pays(account: Account, *invoices: Invoice, seen_cents: int | None = None, **how) -> Payment:
    due = sum(Invoice.get_by_id(invoice.id).balance_cents for invoice in invoices)
    numbers = [invoice.number for invoice in invoices]
    return checkout.create(account, numbers, due if seen_cents is None else seen_cents, NONCE, **how)


def paid_of(payment: Payment) -> dict[str, int]:
    return {link.invoice.number: link.amount_cents for link in payment.invoice_links}


def test_what_is_left_of_each_invoice_is_committed_and_kept_for_this_payment(account, home):
    one, other = make_invoice(home, 10_000), make_invoice(home, 3_000)
    pay_elsewhere((one, 4_000))
    payment = Payment.get_by_id(pays(account, one, other).id)
    assert paid_of(payment) == {one.number: 6_000, other.number: 3_000}
    assert all(link.is_open for link in payment.invoice_links)
    assert (payment.amount_cents, payment.state, payment.nonce) == (9_000, Payment.CREATED, NONCE)
    assert (payment.account, payment.payer) == (account, account.person)
    assert [(e.name, e.from_state, e.to_state, e.cause) for e in payment.events] == [
        ("created", "", "created", "browser")
    ]
    assert Invoice.get_by_id(one.id).balance_cents == 6_000  # nothing is booked before the charge


def test_among_those_chosen_what_owes_nothing_is_left_out(account, home):
    due, settled = make_invoice(home, 3_000), make_invoice(home, 5_000)
    cancelled, free = make_invoice(home, 700, status=Invoice.CANCELLED), make_invoice(home, 0)
    pay_elsewhere((settled, 5_000))
    assert paid_of(pays(account, due, settled, cancelled, free)) == {due.number: 3_000}


def test_an_invoice_named_twice_is_paid_once(account, home):
    invoice = make_invoice(home, 3_000)
    assert paid_of(checkout.create(account, [invoice.number] * 2, 3_000, NONCE)) == {invoice.number: 3_000}


def test_nothing_is_due_of_invoices_that_are_paid_or_cancelled(account, home):
    settled, cancelled = make_invoice(home, 5_000), make_invoice(home, 700, status=Invoice.CANCELLED)
    pay_elsewhere((settled, 5_000))
    with pytest.raises(NothingDue):
        pays(account, settled, cancelled)


@pytest.mark.parametrize("seen_cents", [9_999, 10_001, 0])
def test_another_amount_than_what_is_due_commits_nothing_and_says_what_is(account, home, seen_cents):
    with pytest.raises(AmountChanged) as changed:
        pays(account, make_invoice(home, 10_000), seen_cents=seen_cents)
    assert changed.value.due_cents == 10_000
    assert not Payment.select().exists()


def test_an_invoice_of_another_household_is_none_even_beside_ones_own(account, home):
    with pytest.raises(NoSuchInvoice):
        pays(account, make_invoice(home, 100), make_invoice(make_household(), 100))
    assert not Payment.select().exists()


def test_a_parent_of_two_homes_pays_for_each_apart(account, home):
    other = make_household()
    Membership.create(household=other, person=account.person)
    here, there, settled = make_invoice(home, 100), make_invoice(other, 200), make_invoice(other, 300)
    pay_elsewhere((settled, 300))
    with pytest.raises(SeveralHouseholds):
        pays(account, here, there)
    assert paid_of(pays(account, there)) == {there.number: 200}
    assert paid_of(pays(account, here, settled)) == {here.number: 100}  # what owes nothing is of no household


def test_what_is_being_paid_leads_to_its_payment_whoever_of_the_household_asks(account, home):
    one, other, third = (make_invoice(home, cents) for cents in (100, 200, 300))
    first = pays(account, one, other)
    with pytest.raises(AlreadyUnderWay) as busy:
        pays(make_account(make_person(home)), other, one)
    assert type(busy.value) is AlreadyUnderWay
    assert (busy.value.payment, set(busy.value.invoices)) == (first, {one, other})
    with pytest.raises(SomeUnderWay) as some:
        pays(account, other, third)
    assert (some.value.payment, some.value.invoices) == (first, [other])
    pays(account, third)
    with pytest.raises(SomeUnderWay):  # two payments: none of them is that of the whole
        pays(account, one, third)


@pytest.mark.parametrize("state", [Payment.REFUSED, Payment.UNEXPECTED])
def test_what_came_to_nothing_is_under_way_no_more(account, home, state):
    invoice = make_invoice(home, 100)
    make_payment_under_way(invoice, state=state)
    assert paid_of(pays(account, invoice)) == {invoice.number: 100}


def test_of_many_at_once_one_is_committed_and_the_others_are_led_to_it(account, home):
    invoice = make_invoice(home, 100)
    ended: list[Payment] = []

    def press() -> None:
        try:
            ended.append(checkout.create(account, [invoice.number], 100, NONCE))
        except AlreadyUnderWay as busy:
            ended.append(busy.payment)

    presses = [threading.Thread(target=press) for _ in range(6)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert ended == [Payment.get()] * 6
    assert PaymentInvoice.select().count() == 1


def test_a_saved_card_pays_and_one_typed_may_be_kept(account, home):
    card = make_saved_card(account)
    by_saved = pays(account, make_invoice(home), card=card, keep=True)
    keeping = pays(account, make_invoice(home), keep=True)
    neither = pays(account, make_invoice(home))
    used = {row.payment_id: row.card for row in PaymentCard.select()}
    assert used[by_saved.id] == card
    assert (used[keeping.id].state, used[keeping.id].account) == (SavedCard.WITH_PAYMENT, account)
    assert neither.id not in used


def test_a_guest_pays_what_is_left_under_the_name_that_was_typed(home):
    invoice = make_invoice(home, 10_000)
    pay_elsewhere((invoice, 4_000))
    with pytest.raises(AmountChanged):
        checkout.create_for_guest(invoice, 10_000, NONCE, "Zoé Hébert")
    payment = checkout.create_for_guest(invoice, 6_000, NONCE, "Zoé Hébert")
    assert (payment.account, payment.payer, payment.guests.get().name) == (None, None, "Zoé Hébert")
    assert paid_of(payment) == {invoice.number: 6_000}
    with pytest.raises(AlreadyUnderWay):
        checkout.create_for_guest(invoice, 6_000, NONCE, "Zoé Hébert")


def test_references_are_easy_to_read_aloud():
    references = {checkout.new_reference() for _ in range(500)}
    assert len(references) == 500
    assert not set("01OIL") & set("".join(references).replace("P", "").replace("-", ""))
