"""What calendars are told of a group, and of who moves from one to another."""

import pytest

from domain.activities import told_days
from models import CalendarChange, Registration
from tests.factories import make_group, make_household, make_person, make_registration

pytestmark = pytest.mark.usefixtures("db")


def test_what_no_calendar_shows_is_no_change():
    group = make_group()
    before = dict(group.__data__)
    told_days.note_activity(before, before | {"capacity": 3, "price_cents": 9_000})
    assert not CalendarChange.select().exists()
    told_days.note_activity(before, before | {"title": "Autre"})
    assert CalendarChange.get().sequence == 1


def test_who_moves_to_another_group_is_told_that_the_days_of_the_first_are_over():
    household = make_household()
    first, second = make_group(code="g-1"), make_group(code="g-2", weekdays="sam")
    registration = make_registration(make_person(household), first)
    before = dict(registration.__data__)
    Registration.update(activity=second).where(Registration.id == registration.id).execute()
    told_days.note_registration(before, before | {"activity": second.id})
    days = list(told_days.of_household([household.id]))
    assert {day.on for day in days if day.is_cancelled} == {day.on for day in told_days.of_activity(first)}
    assert {day.on for day in days if not day.is_cancelled} == {day.on for day in told_days.of_activity(second)}
    assert {day.sequence for day in days} == {1}


def gives_up(registration: Registration) -> None:
    before = dict(registration.__data__)
    Registration.update(status=Registration.CANCELLED).where(Registration.id == registration.id).execute()
    told_days.note_registration(before, before | {"status": Registration.CANCELLED})


def told(household, child) -> set[tuple[bool, int]]:
    """Return whether the one event a day of a child of two homes is cancelled, and its SEQUENCE."""
    days = list(told_days.of_household([household.id], {child.id}))
    assert len({day.on for day in days}) == len(days), "a day is one event, whoever registered her and how often"
    return {(day.is_cancelled, day.sequence) for day in days}


def test_a_child_of_two_homes_who_is_registered_again_is_told_as_taking_part():
    household, group = make_household(), make_group()
    child = make_person(household)
    seen = []
    for _again in range(2):
        one = make_registration(child, group)
        seen.append(told(household, child))
        gives_up(one)
        seen.append(told(household, child))
    cancelled, sequences = zip(*(told for [told] in seen), strict=True)
    assert cancelled == (False, True, False, True)
    assert list(sequences) == sorted(set(sequences)), "a calendar takes a change only with a higher one"


def test_a_turn_on_a_waiting_list_that_was_given_up_is_told_to_nobody():
    household = make_household()
    gives_up(make_registration(make_person(household), make_group(), status=Registration.WAITING))
    assert not list(told_days.of_household([household.id]))
