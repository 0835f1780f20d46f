"""One invoice: what was received on it, what was taken back of that, and what is under way."""

import pytest

from domain.billing import invoice_page
from domain.billing.invoice_page import PartCredited, PartPaid
from domain.billing.invoices import NoSuchInvoice
from domain.billing.refund_status import RefundStatus
from models import Household, Invoice, Payment
from tests.factories import (
    make_account,
    make_household,
    make_invoice,
    make_payment_under_way,
    make_person,
    pay_elsewhere,
    take_back,
)


@pytest.fixture
def home(db) -> Household:
    return make_household()


def test_an_invoice_comes_with_what_was_received_on_it_and_what_is_under_way(home):
    one, other = make_invoice(home), make_invoice(home)
    received = pay_elsewhere((one, 4_000), (other, 1_000))
    make_payment_under_way(one, state=Payment.REFUSED)
    under_way = make_payment_under_way(Invoice.get_by_id(one.id))
    found = invoice_page.find(one.number, make_account(make_person(home)))
    assert found.payments == [PartPaid(received, 4_000, 0, RefundStatus(), shows_card=False)]
    assert (len(found.lines), found.under_way) == (1, under_way.reference)


def test_what_was_given_back_is_told_by_payment_and_by_note_for_this_invoice_alone(home):
    one, other = make_invoice(home), make_invoice(home)
    both, second = pay_elsewhere((one, 4_000), (other, 1_000)), pay_elsewhere((one, 500))
    notes = [take_back(both, 5_000), take_back(second, 200)]
    found = invoice_page.find(one.number, make_account(make_person(home)))
    given = [RefundStatus(given_cents=cents, by_card=True) for cents in (5_000, 200)]
    assert found.payments == [
        PartPaid(both, 4_000, 4_000, given[0], shows_card=False),
        PartPaid(second, 500, 200, given[1], shows_card=False),
    ]
    assert found.credit_notes == [PartCredited(notes[0], 4_000), PartCredited(notes[1], 200)]


def test_another_households_invoice_does_not_exist(home):
    theirs = make_invoice(make_household())
    with pytest.raises(NoSuchInvoice):
        invoice_page.find(theirs.number, make_account(make_person(home)))
