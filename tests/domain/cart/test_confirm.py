"""From held places to what is owed."""

from datetime import timedelta

import pytest

from city_registration import InstalmentPlan
from domain.billing.issuing import LineDraft
from domain.billing.listener import Listener
from domain.cart import confirm
from domain.cart.confirm import Priced
from domain.common import clock
from models import CartItem, CartLine, Invoice, InvoiceLine, write
from tests.domain.cart.hold import held
from tests.factories import make_group, make_household, make_person

THREE = InstalmentPlan([50, 25, 25], [0, 30, 60])


def priced(household, *nets, tax_code="exempt", plan=confirm.AT_ONCE) -> Priced:
    item = held(household, make_person(household), make_group())
    lines = [LineDraft("Club été", 1000, net, tax_code, "child_care", "camps", item.person_id) for net in nets]
    return Priced(item, lines, ["", "garde"][: len(lines)], plan)


def confirms(household, *places, seen=None, listener=None):
    seen = confirm.whole(household.id, places, clock.today()).amounts.total_cents if seen is None else seen
    with write():
        return confirm.invoice(household.id, places, seen, clock.today(), listener or Listener())


def test_one_invoice_says_whose_each_line_is(db):
    household = make_household()
    first, second = priced(household, 5_800, 3_500), priced(household, 4_400)
    [invoice] = confirms(household, first, second)
    assert (invoice.total_cents, invoice.due_on) == (13_700, clock.today())
    whose = [(row.item_id, row.option, row.line.net_cents) for row in CartLine.select().join(InvoiceLine)]
    assert whose == [(first.item.id, "", 5_800), (first.item.id, "garde", 3_500), (second.item.id, "", 4_400)]
    assert set(CartItem.select(CartItem.invoice).scalars()) == {invoice.id}


def test_another_total_than_the_one_seen_makes_nothing(db):
    household = make_household()
    with pytest.raises(confirm.TotalChanged) as changed:
        confirms(household, priced(household, 5_800), seen=5_700)
    assert changed.value.total_cents == 5_800
    assert not Invoice.select().exists()
    assert CartItem.get().state == CartItem.HELD


def test_nothing_held_makes_nothing(db):
    with pytest.raises(confirm.NothingHeld):
        confirms(make_household(), seen=0)


def test_instalments_are_one_invoice_a_date_the_whole_taxed_once(db):
    household = make_household()
    made = confirms(household, priced(household, 9_999, tax_code="taxable", plan=THREE))
    days = [(invoice.due_on - clock.today()).days for invoice in made]
    assert days == [0, 30, 60]
    assert [invoice.subtotal_cents for invoice in made] == [4_999, 2_500, 2_500]
    assert sum(invoice.tps_cents for invoice in made) == 500
    assert sum(invoice.tvq_cents for invoice in made) == 997
    assert sum(invoice.total_cents for invoice in made) == 11_496
    assert CartItem.get().invoice_id == made[0].id


def test_what_has_no_plan_stands_whole_on_the_first_date(db):
    household = make_household()
    made = confirms(household, priced(household, 10_000, plan=THREE), priced(household, 3_000))
    assert [invoice.total_cents for invoice in made] == [8_000, 2_500, 2_500]


def test_who_listens_hears_of_0_dollars_once_the_lines_are_known(db):
    heard = []

    class Ear(Listener):
        def settled(self, invoice):
            heard.append(CartItem.select().where(CartItem.invoice == invoice).count())

    household = make_household()
    confirms(household, priced(household, 0), listener=Ear())
    assert heard == [1]


def test_a_place_of_later_days_is_due_then(db):
    household = make_household()
    made = confirms(household, priced(household, 10_000, plan=InstalmentPlan([60, 40], [0, 31])))
    assert made[1].due_on == clock.today() + timedelta(days=31)
