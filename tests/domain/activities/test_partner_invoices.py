"""The invoices of partners' contracts: issued on their days, once, as the contract froze them."""

from datetime import timedelta

import pytest

from domain.activities import choosing, confirming, partner_invoices
from domain.activities.choices import Choice
from domain.activities.choosing import Acting
from domain.common import clock
from models import CartLine, Invoice, InvoiceLine, Message, PlannedInvoice, Registration
from tests.domain.cart.hold import DURATIONS
from tests.factories import make_account, make_group, make_household, make_person


@pytest.fixture
def listener(app):
    return app.extensions["portal"].listeners


@pytest.fixture
def planned(db, city, listener) -> list[PlannedInvoice]:
    """What is to come of a partner's place with child care beside it."""
    address = {"email": "g@example.org", "email_key": "g@example.org", "email_confirmed_at": clock.now()}
    account = make_account(make_person(make_household()), **address)
    acting = Acting(account.household_ids()[0], city, DURATIONS, account_id=account.id)
    group = make_group(provider="partenaire", price_cents=10_001, tax_code="taxable")
    choosing.choose(acting, [Choice(make_person(acting.household_id), group)])
    confirming.confirm_cart(acting, confirming.cart(acting.household_id, city).total_cents, listener)
    Message.delete().execute()
    return list(PlannedInvoice.select().order_by(PlannedInvoice.position))


def test_nothing_is_issued_before_its_day(planned, listener):
    assert partner_invoices.issue_due(listener, planned[0].due_on - timedelta(days=1)) == 0
    assert not Invoice.select().exists()


def test_on_its_day_it_is_due_and_told_once(planned, listener):
    first = planned[0]
    assert [partner_invoices.issue_due(listener, first.due_on) for _ in range(3)] == [1, 0, 0]
    invoice = Invoice.get()
    assert (invoice.due_on, invoice.issued_on, invoice.total_cents) == (first.due_on, first.due_on, first.total_cents)
    assert PlannedInvoice.get_by_id(first.id).invoice_id == invoice.id
    [message] = Message.select()
    assert invoice.number in message.body


def test_together_they_are_the_whole_taxed_once_and_say_whose_each_line_is(planned, listener):
    partner_invoices.issue_due(listener, planned[-1].due_on)
    assert sum(Invoice.select(Invoice.total_cents).scalars()) == 10_001 + 500 + 998
    assert sum(Invoice.select(Invoice.tps_cents).scalars()) == 500
    assert CartLine.select().count() == InvoiceLine.select().count() == 2
    assert {row.item_id for row in CartLine.select()} == {Registration.get().item_id}


def test_what_a_stopped_server_missed_is_due_when_it_is_issued(planned, listener):
    late = planned[0].due_on + timedelta(days=1)
    partner_invoices.issue_due(listener, late)
    assert Invoice.get().due_on == late


def test_a_place_given_up_is_invoiced_no_more(planned, listener):
    Registration.update(status=Registration.CANCELLED).execute()
    assert partner_invoices.issue_due(listener, planned[-1].due_on) == 0
    assert set(PlannedInvoice.select(PlannedInvoice.state).scalars()) == {"cancelled"}
    assert not Invoice.select().exists()


def test_cut_in_the_middle_it_is_issued_by_the_next_run(planned, listener):
    class Cut(Exception):
        """The process ends here."""

    class Ends(type(listener)):
        def issued(self, invoice):
            raise Cut

    with pytest.raises(Cut):
        partner_invoices.issue_due(Ends(), planned[0].due_on)
    assert not Invoice.select().exists()
    assert partner_invoices.issue_due(listener, planned[0].due_on) == 1
