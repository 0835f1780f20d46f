"""A day without the portal: which groups, who is in, who waits in which order, and whom to call."""

from datetime import timedelta

import pytest

from domain.common import clock
from domain.staff import paper_day
from models import AuditEvent, EmergencyContact, Membership, Registration
from tests.domain.cart.hold import held
from tests.factories import make_activity, make_group, make_household, make_person, make_registration


@pytest.fixture
def home(db):
    return make_household()


@pytest.fixture
def child(home):
    return make_person(home, first_name="Léa", birth_date=clock.today() - timedelta(days=8 * 366))


def sheets(city) -> list[paper_day.Sheet]:
    return list(paper_day.document(city, clock.now()).sheets)


def test_who_is_in_whose_place_is_held_and_what_is_left(home, child, city):
    group = make_group(capacity=5)
    make_registration(child, group)
    held(home, make_person(home, first_name="Tom"), group)
    [sheet] = sheets(city)
    assert [one.person.first_name for one in sheet.enrolled] == ["Léa"]
    assert [one.person.first_name for one in sheet.held] == ["Tom"]
    assert (sheet.enrolled[0].age, sheet.free) == (8, 3)


def test_who_waits_stands_in_order_and_who_cancelled_nowhere(home, city):
    group, today = make_group(capacity=0), clock.today()
    for name, rank, ago in (("C", None, 1), ("B", 2, 0), ("A", 1, 0), ("D", None, 0)):
        values = {"rank": rank, "registered_on": today - timedelta(days=ago), "status": Registration.WAITING}
        make_registration(make_person(home, first_name=name), group, **values)
    make_registration(make_person(home), group, status=Registration.CANCELLED)
    [sheet] = sheets(city)
    assert [one.person.first_name for one in sheet.waiting] == ["A", "B", "C", "D"]
    assert not sheet.enrolled


def test_every_home_of_a_child_is_called_and_nobody_who_died(home, child, city):
    make_registration(child, make_group())
    make_person(home, phone="819 555-0101")
    make_person(home, phone="819 555-0102", status="deceased")
    other = make_household()
    Membership.create(person=child, household=other)
    make_person(other, phone="819 555-0103")
    for each, number in ((home, "819 555-0104"), (other, "819 555-0105")):
        EmergencyContact.create(person=child, household=each, name="Mamie", phone=number)
    [one] = sheets(city)[0].enrolled
    assert {number for _name, number in one.emergency} == {"819 555-0104", "819 555-0105"}
    assert {number for _name, number in one.adults} == {"819 555-0101", "819 555-0103"}


def test_what_is_over_elsewhere_or_nobodys_is_not_printed(child, city):
    today = clock.today()
    over = make_group(starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1))
    make_registration(child, over)
    make_group(register_at="https://example.org")
    make_activity()
    ends_today = make_group(starts_on=today, ends_on=today)
    assert [one.activity for one in sheets(city)] == [ends_today]


def test_that_it_was_printed_is_noted(db, city):
    sheets(city)
    assert AuditEvent.select().where(AuditEvent.action == "day printed").count() == 1


def test_queries_do_not_grow_with_groups(home, city, queries):
    def count() -> int:
        with queries() as made:
            sheets(city)
        return len(made)

    make_registration(make_person(home), make_group())
    few = count()
    for _ in range(12):
        make_registration(make_person(home), make_group())
    assert count() == few
