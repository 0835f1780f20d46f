"""What takes place: worked out from days and hours, at Montreal's time, for each household and each place."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine

from domain.activities import schedule
from domain.common import clock
from models import Activity, Household, Membership, Registration
from tests.factories import make_activity, make_household, make_person, make_place, make_registration

pytestmark = pytest.mark.usefixtures("db")
MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 17)  # of that Monday in Montreal
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def stopped(db):
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def home() -> Household:
    return make_household()


def make(first: date = MONDAY, last: date = MONDAY, days: str = "lun mar mer jeu ven sam dim", **values) -> Activity:
    return make_activity(starts_on=first, ends_on=last, weekdays=days, **values)


def titles(occurrences: list[schedule.Occurrence]) -> list[str]:
    return [occurrence.activity.title for occurrence in occurrences]


def test_it_takes_place_on_its_weekdays_from_the_first_day_to_the_last_but_those_cancelled():
    activity = make(MONDAY, MONDAY + 14 * DAY, "lun mer", cancelled_on="2026-11-25 2026-11-30")
    assert [day.isoformat() for day in schedule.held_on(activity)] == ["2026-11-23", "2026-12-02", "2026-12-07"]


def test_without_its_weekday_within_its_days_it_never_takes_place():
    assert list(schedule.occurrences(make(MONDAY, MONDAY + 5 * DAY, "dim"))) == []


@pytest.mark.parametrize(
    ("sunday", "hours"),
    [(date(2026, 11, 1), [13, 14]), (date(2026, 3, 8), [14, 13])],
)
def test_an_hour_stays_the_same_through_a_change_of_clocks(sunday, hours):
    activity = make(sunday - DAY, sunday, starts_at=time(9), ends_at=time(10, 30))
    found = list(schedule.occurrences(activity))
    assert [occurrence.starts_at.hour for occurrence in found] == hours
    assert [clock.local(occurrence.starts_at).hour for occurrence in found] == [9, 9]
    assert {occurrence.ends_at - occurrence.starts_at for occurrence in found} == {timedelta(minutes=90)}


def test_a_course_is_to_come_until_its_last_time_ends(home, stopped):
    make_registration(make_person(home), make(starts_at=time(11), ends_at=time(12, 30)))
    stopped.shift(timedelta(minutes=30) - SECOND)
    assert len(schedule.courses([home.id], set())) == 1
    stopped.shift(SECOND)
    assert schedule.courses([home.id], set()) == []
    assert len(schedule.courses([home.id], set(), NOON)) == 1


def test_tonights_is_to_come_though_utc_is_a_day_ahead(home, stopped):
    make_registration(make_person(home), make(starts_at=time(20), ends_at=time(22)))
    stopped.move_to(datetime(2026, 11, 24, 2, 30))
    assert len(schedule.courses([home.id], set())) == 1


def test_courses_of_everyone_come_in_order_of_hour_title_and_first_name(home):
    zoe, lea = make_person(home, first_name="Zoé"), make_person(home, first_name="Léa")
    late, early = make(title="A", starts_at=time(16), ends_at=time(17)), make(title="B", ends_at=time(15))
    other = make(title="A", starts_at=time(9), ends_at=time(15))
    for person, activity in ((zoe, late), (zoe, early), (lea, early), (zoe, other)):
        make_registration(person, activity)
    found = schedule.courses([home.id], set())
    assert [(one.activity, one.person.first_name) for one in found] == [
        (other, "Zoé"),
        (early, "Léa"),
        (early, "Zoé"),
        (late, "Zoé"),
    ]


def test_others_and_what_is_cancelled_or_waits_are_left_out(home):
    person, activity = make_person(home), make(MONDAY, MONDAY + 7 * DAY)
    make_registration(make_person(), activity)
    make_registration(person, activity, status=Registration.CANCELLED)
    turn = make_registration(person, activity, status=Registration.WAITING)
    assert schedule.courses([home.id], set()) == []
    assert schedule.waiting([home.id]) == [turn]


@pytest.mark.parametrize(("last", "waits"), [(MONDAY, True), (MONDAY - DAY, False)])
def test_a_turn_waits_until_the_activitys_last_day(home, last, waits):
    turn = make_registration(make_person(home), make(MONDAY - 7 * DAY, last), status=Registration.WAITING)
    assert schedule.waiting([home.id]) == [turn] * waits


def test_a_child_of_two_homes_is_told_once_and_everything_comes_in_one_query(home, queries):
    child, second = make_person(home), make_household()
    Membership.create(household=second, person=child)
    for _ in range(3):
        make_registration(child, make(starts_at=time(14), ends_at=time(15)))
    with queries() as made:
        found = schedule.courses([home.id, second.id], {child.id})
        seen = {(one.activity.place.name, one.person.first_name) for one in found}
    assert (len(found), len(seen), len(made)) == (3, 3, 1)


@pytest.mark.parametrize(
    ("values", "shared"),
    [
        ({}, True),
        ({"starts_at": time(10, 30), "ends_at": time(12)}, False),
        ({"starts_at": time(10, 29), "ends_at": time(12)}, True),
        ({"first": MONDAY + DAY, "last": MONDAY + 6 * DAY}, False),
        ({"last": MONDAY + 7 * DAY, "cancelled_on": MONDAY.isoformat()}, False),
        ({"first": MONDAY - 7 * DAY, "last": MONDAY + 7 * DAY, "days": "lun"}, True),
        ({"first": MONDAY - 7 * DAY, "last": MONDAY + 7 * DAY, "days": "mar"}, False),
    ],
)
def test_two_share_hours_when_they_take_place_at_once_on_some_day(values, shared):
    one, other = make(starts_at=time(9), ends_at=time(10, 30)), make(**({"starts_at": time(9)} | values))
    assert (schedule.share_hours(one, other), schedule.share_hours(other, one)) == (shared, shared)
    assert not schedule.share_hours(one, one)


def test_a_place_has_its_own_occurrences_of_seven_days_in_order():
    place = make_place()
    make(MONDAY - 3 * DAY, MONDAY + 30 * DAY, "lun", place=place, title="Lundi", starts_at=time(0), ends_at=time(1))
    make(MONDAY - 3 * DAY, MONDAY + 30 * DAY, "dim", place=place, title="Tard", starts_at=time(22), ends_at=time(23))
    make(MONDAY + DAY, MONDAY + DAY, place=place, title="Mardi")
    make(MONDAY - 9 * DAY, MONDAY - DAY, place=place, title="Fini")
    make(MONDAY + 7 * DAY, MONDAY + 9 * DAY, place=place, title="Plus tard")
    make(title="Ailleurs")
    found = schedule.at_place(place, MONDAY)
    assert titles(found) == ["Lundi", "Mardi", "Tard"]
    assert list(schedule.by_day(found)) == [MONDAY, MONDAY + DAY, MONDAY + 6 * DAY]


def test_things_are_grouped_by_montreals_day_in_the_order_given():
    late, evening, morning = (
        schedule.Occurrence(starts_at, starts_at + timedelta(hours=1), Activity())
        for starts_at in (datetime(2026, 11, 24, 3), datetime(2026, 11, 24, 1), datetime(2026, 11, 24, 14))
    )
    grouped = schedule.by_day([late, evening, morning])
    assert grouped == {MONDAY: [late, evening], MONDAY + DAY: [morning]}


def test_of_those_at_the_same_hours_the_first_is_kept_what_is_taken_before_all():
    morning, same, later = make_activity(), make_activity(), make_activity(starts_at=time(11), ends_at=time(12))
    assert schedule.without_overlap([morning, same, later], []) == [morning, later]
    assert schedule.without_overlap([morning, same, later], [same]) == [same, later]
