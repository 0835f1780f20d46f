"""What is missing before the opening: of each child, of whoever pays; nothing of it is asked of those it is not for."""

from datetime import date, timedelta

import pytest

from domain.care import health_forms, readiness
from domain.care.readiness import Lack
from domain.common import clock
from models import EmergencyContact, Membership, Person
from tests.factories import make_activity, make_group, make_health_form, make_household, make_person, make_registration

NOW, TODAY = clock.now(), clock.today()
LAST = TODAY + timedelta(days=100)


@pytest.fixture
def home(db):
    return make_household()


@pytest.fixture
def payer(home):
    return make_person(home)


@pytest.fixture
def child(home):
    return make_person(home, birth_date=date(TODAY.year - 8, 1, 1))


@pytest.fixture
def group(db):
    """A camp for 4 to 11, that opens in a month."""
    return camp()


def camp(**values):
    defaults = {"age_min": 4, "age_max": 11, "opens_residents": NOW + timedelta(days=30), "ends_on": LAST}
    return make_group(**(defaults | {"starts_on": LAST - timedelta(days=4)} | values))


def lacks(home, payer, city) -> dict[int, list[str]]:
    people = [row.person for row in home.memberships]
    groups = readiness.asked_now(readiness.camps(NOW), NOW)
    family = readiness.of_family(home.id, people, payer, groups, city, NOW)
    return {one.person.id: list(one.lacks) for one in family}


def calls(child, home):
    EmergencyContact.create(person=child, household=home, name="Mamie", phone="819 843-1111")


def test_of_a_child_with_nothing_the_form_and_whom_to_call_are_missing(home, payer, child, group, city):
    assert lacks(home, payer, city) == {child.id: [Lack.FORM, Lack.CONTACT], payer.id: []}


def test_of_one_with_all_nothing_is(home, payer, child, group, city):
    calls(child, home), make_health_form(child)
    assert lacks(home, payer, city) == {child.id: [], payer.id: []}


def test_a_form_of_the_season_before_is_to_confirm(home, payer, child, group, city):
    calls(child, home)
    end = health_forms.year_end(LAST, city)
    form = make_health_form(child, good_until=end - timedelta(days=1))
    assert lacks(home, payer, city)[child.id] == [Lack.CONFIRMATION]
    type(form).update(good_until=end).execute()
    assert lacks(home, payer, city)[child.id] == []


def test_a_form_filled_today_is_good_for_the_last_group_that_is_for_the_child(child, group, city):
    camp(age_min=12, age_max=17, ends_on=LAST + timedelta(days=800))
    found = readiness.good_until(child, readiness.camps(NOW), city, TODAY)
    assert found == max(health_forms.year_end(LAST, city), health_forms.year_end(TODAY, city))


@pytest.mark.parametrize(
    ("days", "found"), [(-1, [Lack.CARD]), (0, [Lack.CARD_ENDS]), (99, [Lack.CARD_ENDS]), (100, [])]
)
def test_a_card_that_ends_before_the_season_is_told(home, payer, child, group, city, days, found):
    calls(child, home), make_health_form(child)
    Person.update(expires_on=TODAY + timedelta(days=days)).where(Person.id == child.id).execute()
    assert lacks(home, payer, city)[child.id] == found


def test_a_lost_card_is_none(home, payer, child, group, city):
    Person.update(status=Person.LOST).where(Person.id == child.id).execute()
    assert Lack.CARD in lacks(home, payer, city)[child.id]


@pytest.mark.parametrize("part", ["address", "city", "postal_code"])
def test_without_her_whole_address_whoever_pays_gets_no_receipt(home, payer, child, group, city, part):
    Person.update(**{part: ""}).where(Person.id == payer.id).execute()
    assert lacks(home, Person.get_by_id(payer.id), city)[payer.id] == [Lack.ADDRESS]


def test_what_is_for_no_child_of_the_home_asks_nothing(home, payer, child, city):
    camp(age_min=12, age_max=17)
    assert lacks(home, payer, city) == {}


def test_a_childs_registration_asks_whatever_her_age_and_wherever_it_came_from(home, payer, child, city):
    group = camp(age_min=12, capacity=None)
    make_registration(child, group)
    assert Lack.FORM in lacks(home, payer, city)[child.id]


@pytest.mark.parametrize(
    "values",
    [
        {"category": "activity"},
        {"opens_residents": NOW + timedelta(weeks=9)},
        {"starts_on": TODAY - timedelta(days=9), "ends_on": TODAY - timedelta(days=1)},
        {"closes": NOW - timedelta(days=1), "opens_residents": NOW - timedelta(days=9)},
        {"capacity": None, "register_at": "https://example.org"},
    ],
)
def test_what_is_not_child_care_far_off_over_closed_or_elsewhere_asks_nothing(home, payer, child, city, values):
    camp(**values)
    assert lacks(home, payer, city) == {}


def test_an_adult_fills_none_even_registered(home, payer, city):
    make_registration(payer, make_activity(category="child_care"))
    assert lacks(home, payer, city) == {}


def test_what_one_home_did_does_not_make_the_other_ready(home, payer, child, group, city):
    other = make_household()
    Membership.create(person=child, household=other)
    father = make_person(other)
    calls(child, home), make_health_form(child, home)
    assert lacks(home, payer, city)[child.id] == []
    assert lacks(other, father, city)[child.id] == [Lack.FORM, Lack.CONTACT]


def test_queries_do_not_grow(home, payer, child, group, city, queries):
    with queries() as few:
        lacks(home, payer, city)
    for _ in range(5):
        make_person(home, birth_date=child.birth_date), camp()
    with queries() as many:
        lacks(home, payer, city)
    people = 5  # the fixture reads each person
    assert len(many) <= len(few) + people
