"""What calendars tell of activities: the days to come, and as cancelled those that were told of and are no more."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.activities import schedule
from domain.common import calendar_changes, clock
from domain.common.calendar_changes import Told
from models import Activity, CalendarChange, Registration, Value

TOLD = ("title", "starts_on", "ends_on", "weekdays", "starts_at", "ends_at", "place", "cancelled_on")
Cells = Mapping[str, Value]


@dataclass(frozen=True)
class Day:
    """A day of an activity, as a calendar is told of it. Moments are UTC."""

    activity: Activity
    on: date
    starts_at: datetime
    ends_at: datetime
    sequence: int
    is_cancelled: bool


@dataclass(frozen=True)
class AttendedDay(Day):
    """One of somebody's."""

    registration: Registration


def of_activity(activity: Activity) -> list[Day]:
    """Return a group's days, the cancelled ones among them."""
    told = calendar_changes.of(CalendarChange.ACTIVITY, [activity.code])[activity.code]
    return [
        Day(activity, on, *schedule.hours(activity, on), told.sequence, is_cancelled)
        for on, is_cancelled in _days(activity, told.days)
    ]


def of_household(household_ids: list[int]) -> Iterator[AttendedDay]:
    """Yield the days to come of everyone in the households: three queries, however many."""
    now = clock.now()
    registrations = _told_of(household_ids)
    activities = calendar_changes.of(CalendarChange.ACTIVITY, {one.activity.code for one in registrations})
    hers = calendar_changes.of(CalendarChange.REGISTRATION, {one.code for one in registrations})
    for one in registrations:
        for day in _attended(one, activities[one.activity.code], hers[one.code]):
            if day.ends_at > now:
                yield day


def note_activity(before: Cells, after: Cells) -> None:
    """Note, in the caller's transaction, what calendars are to be told of an activity's row that changed."""
    if any(before[name] != after[name] for name in TOLD):
        calendar_changes.note(CalendarChange.ACTIVITY, str(after["code"]), schedule.held_on(Activity(**before)))


def note_registration(before: Cells, after: Cells) -> None:
    """Note the same of a registration's row: one who moves to another group has the days of the first no more."""
    if before["activity"] != after["activity"]:
        had = schedule.held_on(Activity.get_by_id(before["activity"]))
        calendar_changes.note(CalendarChange.REGISTRATION, str(after["code"]), had)
    elif before["status"] != after["status"]:
        calendar_changes.note(CalendarChange.REGISTRATION, str(after["code"]))


def _told_of(household_ids: list[int]) -> list[Registration]:
    """Select who takes part, and who did: a waiting list is in no calendar."""
    confirmed = schedule.registrations(household_ids, Registration.CONFIRMED)
    return [*confirmed, *schedule.registrations(household_ids, Registration.CANCELLED)]


def _attended(registration: Registration, activity: Told, hers: Told) -> Iterator[AttendedDay]:
    is_over = registration.status == Registration.CANCELLED
    if is_over and not hers.sequence:
        return  # it never was anything else
    for on, is_cancelled in _days(registration.activity, activity.days | hers.days):
        hours = schedule.hours(registration.activity, on)
        sequence = activity.sequence + hers.sequence
        yield AttendedDay(registration.activity, on, *hours, sequence, is_cancelled or is_over, registration)


def _days(activity: Activity, told: Collection[date]) -> list[tuple[date, bool]]:
    """Return an activity's days in order, and whether each is cancelled."""
    held = set(schedule.held_on(activity))
    return [(day, day not in held) for day in sorted(held.union(told))]
