"""A cart in two processes: confirmed, taken out, paid, lapsed, prolonged at once; nothing is owed and not held."""

from datetime import datetime, timedelta

import pytest

import models
from domain.activities import confirming
from domain.cart import holds, items, keeping
from domain.common import clock
from models import (
    CartItem,
    Household,
    Invoice,
    Payment,
    Person,
)
from tests.domain.cart.hold import held
from tests.factories import (
    make_account,
    make_group,
    make_household,
    make_person,
    pay_elsewhere,
)
from tests.faults.acts import (
    acting,
    all_of,
    chooses,
    confirms,
    held_on_a_dead_invoice,
    homes,
    lets_go,
    live,
    owed_without_a_place,
    pays,
    prolongs,
    removes,
    taken,
)
from tests.faults.in_two import meets, on_postgres
from views.web.portal import Portal

ROUNDS = 8
MINUTE = timedelta(minutes=1)


def confirms_what_it_saw(portal: Portal, household: int, seen_cents: int) -> int:
    """Confirm what was read before the transaction."""
    found = confirming.priced(household, items.to_invoice(items.of_household(household)), portal.city)
    meets()
    with models.write():
        return len(confirming._confirm(acting(portal, household), found, seen_cents, portal.listeners))


@pytest.mark.parametrize(("act", "made"), [(confirms, 1), (confirms_what_it_saw, 2)])
def test_confirming_twice_at_once_makes_one_invoice(two, app, environment, act, made):
    [(home, child)] = homes(1)
    held(Household.get_by_id(home), Person.get_by_id(child), make_group())
    answers = two.at_once(environment, *[(act, home, 5_800)] * 2)
    assert answers.count(1) == made
    assert Invoice.select().count() == made


def removes_whatever_it_owes(_portal: Portal, household: int, item: int) -> None:
    """Take out of the cart what stood on no invoice when it was read."""
    with models.write():
        one = items.of(household, item)
        CartItem.update(state=CartItem.REMOVED).where(CartItem.id == one.id, CartItem.state == one.state).execute()


@on_postgres
@pytest.mark.parametrize(("act", "wrong"), [(removes, 0), (removes_whatever_it_owes, 1)])
def test_taken_out_while_it_is_confirmed(two, app, environment, act, wrong):
    [(home, child)] = homes(1)
    item = held(Household.get_by_id(home), Person.get_by_id(child), make_group())
    made, _out = two.one_then_the_other(
        environment, [(confirms, home, 5_800), (act, home, item.id)], models.InvoiceLine
    )
    assert made == 1
    assert owed_without_a_place() == wrong
    assert not held_on_a_dead_invoice()


def test_taken_out_and_confirmed_at_once(two, app, environment):
    for _round in range(ROUNDS):
        [(home, child)] = homes(1)
        item = held(Household.get_by_id(home), Person.get_by_id(child), group := make_group())
        two.at_once(environment, (confirms, home, 5_800), (removes, home, item.id))
        assert (live(group), owed_without_a_place(), held_on_a_dead_invoice()) == (0, 0, 0)


class Family:
    """Two children held on one invoice, whose last second has come."""

    def __init__(self, city) -> None:
        self.home = make_household()
        self.account = make_account(make_person(self.home))
        self.groups = [make_group(), make_group()]
        self.items = [held(self.home, make_person(self.home), group) for group in self.groups]
        self.now = max(item.held_until for item in self.items)

    def invoiced(self, app) -> "Family":
        portal = app.extensions["portal"]
        [self.invoice] = confirming.confirm_cart(acting(portal, self.home.id), 11_600, portal.listeners)
        return self

    def states(self) -> set[str]:
        mine = CartItem.household == self.home
        return set(CartItem.select(CartItem.state).where(mine).scalars())

    def whole(self) -> bool:
        """Tell whether all is held and owed, or nothing is."""
        invoices = set(Invoice.select(Invoice.status).where(Invoice.household == self.home).scalars())
        states = self.states()
        count = [taken(group) for group in self.groups]
        if states == {CartItem.HELD}:
            return invoices <= {Invoice.OPEN} and count == [1, 1]
        return states == {CartItem.LAPSED} and invoices <= {Invoice.CANCELLED} and count == [0, 0]


def test_a_hold_at_its_last_second_lapses_or_is_paid(two, app, environment, city):
    for _round in range(ROUNDS):
        family = Family(city).invoiced(app)
        gone, paid = two.at_once(environment, (lets_go, family.now), (pays, family.account.id, family.invoice.number))
        assert family.whole()
        assert (gone, paid) in ((2, "NothingDue"), (0, "created"))
        assert Payment.select().join(models.PaymentInvoice).where(
            models.PaymentInvoice.invoice == family.invoice
        ).exists() == (gone == 0)


def lets_go_unheld(_portal: Portal, now: datetime) -> None:
    """Let go of what is over, reading before it writes."""
    over = list(holds.due(now))
    meets()
    with models.write():
        CartItem.update(state=CartItem.LAPSED).where(CartItem.id.in_([one.id for one in over])).execute()


def meets_then_pays(portal: Portal, account: int, number: str) -> str:
    meets()
    return pays(portal, account, number)


def test_without_the_condition_a_hold_lapses_while_it_is_paid(two, app, environment, city):
    family = Family(city).invoiced(app)
    two.at_once(environment, (lets_go_unheld, family.now), (meets_then_pays, family.account.id, family.invoice.number))
    assert family.states() == {CartItem.LAPSED}
    assert models.PaymentInvoice.select().where(models.PaymentInvoice.is_open).exists()


@pytest.mark.parametrize("is_invoiced", [True, False])
def test_a_hold_at_its_last_second_lapses_or_is_prolonged(two, app, environment, city, is_invoiced):
    for _round in range(ROUNDS):
        family = Family(city)
        if is_invoiced:
            family.invoiced(app)
        two.at_once(environment, (lets_go, family.now), (prolongs, family.home.id, family.now))
        states = family.states()
        assert family.whole() or (not is_invoiced and states <= {CartItem.HELD, CartItem.LAPSED})
        assert not held_on_a_dead_invoice()


@on_postgres
def test_places_of_one_invoice_lapse_together_or_are_all_prolonged(two, app, environment, city):
    """The first lapses and waits for its counter: meanwhile the second is given more time."""
    family = Family(city).invoiced(app)
    keeping.put_in_order(family.home.id, [item.id for item in reversed(family.items)])
    acts = [(lets_go, family.now), (prolongs, family.home.id, family.now)]
    two.one_then_the_other(environment, acts, models.PlacesTaken)
    assert family.whole()


def test_a_hold_at_its_last_second_lapses_or_is_confirmed(two, app, environment, city):
    for _round in range(ROUNDS):
        family = Family(city)
        two.at_once(environment, (lets_go, family.now), (confirms, family.home.id, 11_600))
        assert not owed_without_a_place()
        assert not held_on_a_dead_invoice()
        assert sum(map(taken, family.groups)) == sum(map(live, family.groups))


def settles(portal: Portal, number: str) -> None:
    invoice = Invoice.get(Invoice.number == number)
    pay_elsewhere((invoice, invoice.total_cents), listener=portal.listeners, reference=f"EXT-{number}")


@on_postgres
def test_who_pays_for_several_groups_and_who_takes_them_wait_for_each_other_in_one_order(two, app, environment):
    portal = app.extensions["portal"]
    for _round in range(ROUNDS):
        home, first = make_household(), make_group()
        second = make_group(starts_on=clock.today() + timedelta(days=60))
        child = make_person(home)
        for group in (second, first):
            held(home, child, group)
        [invoice] = confirming.confirm_cart(acting(portal, home.id), 11_600, portal.listeners)
        [other] = homes(1)
        answers = two.at_once(environment, (settles, invoice.number), (chooses, *other, first.id, second.id))
        assert answers == [None, 2]
        assert (live(first), live(second)) == (2, 2)


@on_postgres
def test_one_who_takes_a_place_and_the_worker_who_lets_it_go_do_not_wait_for_each_other(two, app, environment, city):
    for _round in range(ROUNDS):
        family = Family(city).invoiced(app)
        CartItem.update(held_until=clock.now()).execute()
        groups = [group.id for group in family.groups][::-1]
        [other] = homes(1)
        answers = two.at_once(environment, (lets_go, clock.now()), (all_of, [(chooses, *other, one) for one in groups]))
        assert "OperationalError" not in str(answers)
        assert sum(map(live, family.groups)) == sum(map(taken, family.groups))
