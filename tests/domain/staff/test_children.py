"""What staff read of children: all of their homes' words, each look noted for the home whose words they are."""

from datetime import date, timedelta

import pytest

from domain.common import clock
from domain.people import household
from domain.privacy import file_looks
from domain.staff import children
from models import AuditEvent, Membership
from tests.factories import (
    make_accompaniment,
    make_account,
    make_activity,
    make_group,
    make_health_form,
    make_household,
    make_person,
    make_registration,
    make_staff,
    make_visit,
)

TODAY = clock.today()
ADULT = 18


@pytest.fixture
def homes(app):
    """A mother and a father apart, and a child of both."""
    mother, father = (make_account(make_person(make_household(code), first_name=code)) for code in ("Ana", "Luc"))
    child = make_person(home_of(mother), birth_date=date(TODAY.year - 7, 1, 1))
    Membership.create(person=child, household=home_of(father))
    return mother, father, child


def home_of(account):
    return account.person.memberships.get().household


def read(child, visit=None):
    return children.read_child(visit or make_visit(), child.id, ADULT, TODAY)


def seen(account, city) -> list[str]:
    looks = file_looks.of(account, household.children_of(account, city, TODAY), limit=50)
    return [look.action for look in looks]


def test_leaders_read_what_all_homes_say(homes):
    mother, father, child = homes
    make_health_form(child, home_of(mother), allergies="Noix")
    make_health_form(child, home_of(father), allergies="Œufs", swimming="no")
    found = read(child)
    assert [[one.first_name for one in home.adults] for home in found.homes] == [["Ana"], ["Luc"]]
    assert [form.allergies for form in found.forms] == ["Noix", "Œufs"]
    assert found.disagree
    assert all(len(home.authorised) == 1 for home in found.homes)


def test_a_look_is_noted_once_a_visit_for_the_home_whose_words_were_read(homes, city):
    mother, father, child = homes
    make_health_form(child, home_of(mother))
    visit = make_visit()
    read(child, visit), read(child, visit)
    assert seen(mother, city) == ["health form read"]
    assert seen(father, city) == [], "nothing of his was read, and he does not learn that there is another home"
    read(child)
    assert seen(mother, city) == ["health form read"] * 2


def test_of_what_does_not_exist_nothing_is_noted(homes, city):
    _mother, _father, child = homes
    assert read(child).forms == []
    assert not AuditEvent.select().exists()


def test_a_form_past_its_year_and_a_home_that_she_left_are_read_no_more(homes):
    mother, father, child = homes
    make_health_form(child, home_of(mother), good_until=TODAY - timedelta(days=1))
    make_health_form(child, home_of(father))
    Membership.delete().where(Membership.person == child, Membership.household == home_of(father)).execute()
    assert read(child).forms == []


def test_an_adult_and_nobody_have_none(homes):
    mother, _father, _child = homes
    assert children.read_child(make_visit(), mother.person_id, ADULT, TODAY) is None
    assert children.read_child(make_visit(), 999_999, ADULT, TODAY) is None


def test_a_group_lists_those_registered_with_allergies_first(homes):
    mother, _father, child = homes
    group = make_group()
    calm, allergic, waits, out = (
        make_person(home_of(mother), first_name=name, last_name=name, birth_date=child.birth_date)
        for name in ("Anne", "Zoé", "Bea", "Cleo")
    )
    make_registration(calm, group), make_registration(allergic, group)
    make_registration(waits, group, status="waiting"), make_registration(out, group, status="cancelled")
    make_health_form(calm, allergies="", auto_injector="")
    make_health_form(allergic)
    activity, found = children.read_group(make_visit(), group.code, ADULT, TODAY)
    assert activity == group
    assert [one.person.first_name for one in found] == ["Zoé", "Anne"]
    assert AuditEvent.select().where(AuditEvent.action == "health form read").count() == 2


def test_a_group_is_one_of_child_care(app):
    assert children.read_group(make_visit(), make_activity().code, ADULT, TODAY) is None
    assert children.read_group(make_visit(), "inconnu", ADULT, TODAY) is None


def test_a_group_costs_the_same_reads_however_many_children(homes, queries):
    mother, _father, child = homes
    group = make_group()
    make_registration(child, group), make_health_form(child, home_of(mother))

    def reads() -> int:
        with queries() as made:
            children.read_group(make_visit(), group.code, ADULT, TODAY)
        return len([one for one in made if one.lstrip().upper().startswith("SELECT")])

    few = reads()
    for _ in range(8):
        other = make_person(home_of(mother), birth_date=child.birth_date)
        make_registration(other, group), make_health_form(other)
    assert reads() == few


def test_what_was_granted_is_read_with_the_form_what_was_refused_is_not(homes):
    mother, _father, child = homes
    make_accompaniment(child, home_of(mother), season="A", decision="granted", decided_at=clock.now())
    make_accompaniment(child, home_of(mother), season="B", decision="refused", decided_at=clock.now())
    [first, _second] = read(child).homes
    assert [one.season for one in first.accompaniments] == ["A"]


def test_a_request_read_and_decided_is_noted_and_seen_by_its_home_alone(homes, city, letters):
    mother, father, child = homes
    asked = make_accompaniment(child, home_of(mother))
    assert children.read_accompaniment(make_visit(), asked.id) == asked
    children.decide(make_staff(), asked, "refused", "Désolés", letters)
    assert seen(mother, city) == ["accompaniment read"]
    assert seen(father, city) == []
    assert children.read_accompaniment(make_visit(), 99) is None


def test_groups_to_come_are_listed(app):
    over = make_group(starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1))
    later = make_group()
    make_activity()
    assert children.groups(TODAY) == [later]
    assert over not in children.groups(TODAY)


def test_a_card_is_found(homes):
    _mother, _father, child = homes
    assert children.find(child.card_number) == child
    assert children.find("QMAGB99999999") is None
