"""Who opened a file: a parent sees it of her children too, and nothing that is the other home's."""

from datetime import date

import pytest

from domain.common import audit, clock
from domain.common.audit import Act
from domain.people import household
from domain.privacy import file_looks
from domain.staff import counter, on_behalf
from models import Account, AuditEvent, Membership, Person, write
from tests.factories import (
    make_account,
    make_household,
    make_invoice,
    make_person,
    make_staff,
    make_visit,
    pay_elsewhere,
)

TODAY = clock.today()


@pytest.fixture
def homes(db):
    """A mother and a father apart, and a child of both."""
    mother, father = (make_account(make_person(make_household())) for _ in range(2))
    child = make_person(home_of(mother), birth_date=date(TODAY.year - 7, 1, 1))
    Membership.create(person=child, household=home_of(father))
    return mother, father, child


def home_of(account: Account):
    return account.person.memberships.get().household


def seen(account: Account, city) -> list[tuple[str, int]]:
    looks = file_looks.of(account, household.children_of(account, city, TODAY), limit=50)
    return [(look.action, look.person_id) for look in reversed(looks)]


def test_a_child_of_two_homes_opened_at_the_counter_is_seen_by_both(homes, city):
    mother, father, child = homes
    stranger = make_account()
    counter.open_file(make_visit(), child.card_number)
    assert seen(mother, city) == seen(father, city) == [("file opened", child.id)]
    assert seen(stranger, city) == []


@pytest.mark.parametrize("kind", ["invoice", "payment"])
def test_what_one_home_owes_or_paid_for_the_child_is_that_homes(homes, city, kind):
    mother, father, child = homes
    invoice = make_invoice(home_of(mother), person=child)
    payment = pay_elsewhere((invoice, 100))
    if kind == "invoice":
        counter.open_invoice(make_visit(), invoice.number)
    else:
        counter.open_payment(make_visit(), payment.reference)
    assert seen(mother, city) == [(f"{kind} opened", child.id)]
    assert seen(father, city) == []


def test_a_household_opened_for_registering_is_seen_by_that_home(homes, city):
    mother, father, child = homes
    on_behalf.open_household(make_visit(), home_of(mother).code)
    assert ("registering opened", child.id) in seen(mother, city)
    assert seen(father, city) == []


def test_of_an_act_about_a_child_only_what_is_named_is_seen_by_a_parent(homes, city):
    mother, father, child = homes
    staff = make_staff()
    for act in Act:
        with write():
            audit.by_staff(staff, act, child, "X")
    without_invoices = set(file_looks.OF_A_CHILD) - {Act.INVOICE_OPENED, Act.PAYMENT_OPENED, *file_looks.OF_A_HOME}
    assert {action for action, _person in seen(mother, city)} == without_invoices
    told_of_requests = {act for act in Act if act.name.startswith(("REQUEST", "HOUSEHOLD", "EMERGENCY", "MEMBER"))}
    assert not told_of_requests & set(file_looks.OF_A_CHILD), "they tell of the other home"
    assert seen(father, city) == seen(mother, city)


def test_a_grown_child_and_another_adult_have_lists_of_their_own(homes, city):
    mother, _father, child = homes
    other = make_person(home_of(mother))
    Person.update(birth_date=date(1990, 1, 1)).where(Person.id == child.id).execute()
    for one in (child, other):
        counter.open_file(make_visit(), one.card_number)
    assert seen(mother, city) == []


def test_a_parent_who_left_the_childs_home_sees_no_more(homes, city):
    mother, father, child = homes
    counter.open_file(make_visit(), child.card_number)
    Membership.delete().where(Membership.person == child, Membership.household == home_of(father)).execute()
    assert seen(father, city) == []
    assert len(seen(mother, city)) == 1


def test_ones_comings_and_goings_are_not_looks(homes, city):
    mother, _father, _child = homes
    with write():
        for act in (*audit.COMINGS_AND_GOINGS, Act.PASSWORD_CHANGED):
            audit.by_resident(mother, act)
    assert seen(mother, city) == [("password changed", mother.person_id)]
    assert AuditEvent.select().count() == 4


def test_the_latest_come_first_and_no_more_than_asked(homes, city):
    mother, _father, child = homes
    for one in (child, mother.person):
        counter.open_file(make_visit(), one.card_number)
    [latest] = file_looks.of(mother, household.children_of(mother, city, TODAY), limit=1)
    assert latest.person_id == mother.person_id
