"""A child's forms as staff read them."""

from datetime import date

import pytest

from models import AuditEvent, Membership
from tests.factories import make_health_form, make_household, make_person


@pytest.fixture
def child(app):
    child = make_person(first_name="Zoé", birth_date=date(2019, 5, 1))
    other = make_household()
    make_person(other, first_name="Luc")
    Membership.create(household=other, person=child)
    make_health_form(child, allergies="<b>Noix</b>")
    make_health_form(child, other, allergies="Kiwi", swimming="no")
    return child


def path(child) -> str:
    return f"/personnel/fiches-sante/{child.id}"


@pytest.mark.parametrize("role", ["counter", "programming"])
def test_both_homes_words_are_read_told_apart_and_each_look_is_noted_once(hires, child, role):
    staff = hires(role)
    html = staff.client.get_page(path(child))
    for words in ("&lt;b&gt;Noix", "Kiwi", "Mamie Ginette", "Luc Trần", "Les foyers ne disent pas la même chose"):
        assert words in html
    events = list(AuditEvent.select().where(AuditEvent.action == "health form read"))
    assert {(event.actor, event.person_id) for event in events} == {(staff.username, child.id)}
    assert len(events) == 2, "one a home, though the page was asked for twice"


@pytest.mark.parametrize("role", ["finance", "admin"])
def test_others_do_not_read_it(hires, child, role):
    assert hires(role).client.get(path(child)).status_code == 403
    assert not AuditEvent.select().where(AuditEvent.action == "health form read").exists()


def test_an_adult_has_no_page(clerk):
    assert clerk.client.get(path(make_person())).status_code == 404
