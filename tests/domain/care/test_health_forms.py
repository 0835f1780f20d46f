"""A child's health form: each home its own, good for a season's year, then erased."""

from datetime import date, timedelta

import pytest

from domain.care import health_forms
from domain.care.health_forms import Answers, Authorised, NoForm
from domain.common import clock
from models import AuditEvent, AuthorisedPerson, HealthForm, Membership
from tests.databases import dump
from tests.factories import make_account, make_health_form, make_household, make_person

TODAY = clock.today()
GOOD = TODAY + timedelta(days=200)
ANSWERS = Answers(
    allergies="Arachides",
    swimming=HealthForm.VEST,
    leaves_alone=False,
    authorised=[Authorised("Mamie", "819 843-1111", "grand-mère"), Authorised("Oncle Paul", "819 843-2222")],
)


@pytest.fixture
def mother(db):
    return make_account(make_person(make_household()))


@pytest.fixture
def home(mother):
    return mother.person.memberships.get().household


@pytest.fixture
def child(home):
    return make_person(home, birth_date=date(TODAY.year - 7, 1, 1))


@pytest.mark.parametrize(
    ("day", "end"), [("2027-05-31", "2027-05-31"), ("2027-06-01", "2028-05-31"), ("2027-01-01", "2027-05-31")]
)
def test_a_seasons_year_ends_on_the_citys_day(city, day, end):
    assert health_forms.year_end(date.fromisoformat(day), city) == date.fromisoformat(end)


def test_what_is_said_takes_the_place_of_what_was(mother, home, child):
    health_forms.fill(mother, child, home.id, ANSWERS, GOOD)
    health_forms.fill(mother, child, home.id, Answers(swimming=HealthForm.ALONE, leaves_alone=True), GOOD)
    form = HealthForm.get()
    assert (form.allergies, form.swimming, form.leaves_alone) == ("", "alone", True)
    assert not AuthorisedPerson.select().exists()


def test_who_may_fetch_stays_in_the_order_written(mother, home, child):
    health_forms.fill(mother, child, home.id, ANSWERS, GOOD)
    assert [one.name for one in health_forms.authorised_of(HealthForm.get())] == ["Mamie", "Oncle Paul"]


def test_each_home_has_its_own(mother, home, child):
    father = make_account(make_person(make_household()))
    theirs = father.person.memberships.get().household
    Membership.create(household=theirs, person=child)
    health_forms.fill(mother, child, home.id, ANSWERS, GOOD)
    assert health_forms.of_home(child, theirs.id) is None
    health_forms.fill(father, child, theirs.id, Answers(swimming=HealthForm.NO, leaves_alone=False), GOOD)
    assert health_forms.of_home(child, home.id).allergies == "Arachides"
    assert health_forms.of_home(child, theirs.id).allergies == ""


def test_the_home_is_the_first_that_the_child_is_of(home, child):
    other = make_household()
    assert health_forms.home_of(child, [other.id, home.id]) == home
    assert health_forms.home_of(child, [other.id]) is None


def test_one_press_makes_it_good_for_one_more_year_and_changes_nothing_else(mother, home, child):
    before = make_health_form(child, good_until=TODAY)
    health_forms.confirm(mother, child, home.id, GOOD)
    after = HealthForm.get()
    assert (after.good_until, after.allergies) == (GOOD, before.allergies)
    assert after.said_at >= before.said_at


def test_what_was_never_filled_is_not_confirmed(mother, home, child):
    with pytest.raises(NoForm):
        health_forms.confirm(mother, child, home.id, GOOD)


def test_the_trail_says_who_filled_it_and_nothing_of_it(mother, home, child):
    health_forms.fill(mother, child, home.id, ANSWERS, GOOD)
    health_forms.confirm(mother, child, home.id, GOOD)
    events = list(AuditEvent.select().order_by(AuditEvent.id))
    assert [event.action for event in events] == ["health form filled", "health form confirmed"]
    assert {(event.actor, event.subject) for event in events} == {(str(mother.id), str(child.id))}


def test_past_its_year_it_is_erased_with_who_may_fetch_and_not_a_day_before(child):
    make_health_form(child, allergies="Fraises", good_until=TODAY)
    assert health_forms.erase_past(TODAY) == 0
    assert health_forms.erase_past(TODAY + timedelta(days=1)) == 1
    kept = dump()
    assert "Fraises" not in kept
    assert "Ginette" not in kept


def test_a_home_that_the_child_has_left_says_nothing_any_more(home, child):
    make_health_form(child)
    Membership.create(household=make_household(), person=child)
    assert health_forms.erase_past(TODAY) == 0
    Membership.delete().where(Membership.household == home, Membership.person == child).execute()
    assert health_forms.erase_past(TODAY) == 1
