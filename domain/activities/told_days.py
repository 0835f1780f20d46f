"""What calendars tell of activities: the days to come, and as cancelled those that were told of and are no more."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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


def of_household(household_ids: list[int], shared: Collection[int] = ()) -> Iterator[AttendedDay]:
    """Yield the days to come of everyone in the households: as many queries, however many days.

    `shared` are the people of two homes: each of their days is one event, whichever home registered them, and again.
    """
    now = clock.now()
    registrations = _told_of(household_ids)
    activities = calendar_changes.of(CalendarChange.ACTIVITY, {one.activity.code for one in registrations})
    hers = calendar_changes.of(CalendarChange.REGISTRATION, {one.code for one in registrations})
    known = [one for one in registrations if one.status != Registration.CANCELLED or hers[one.code].sequence]
    for first, *others in _of_one_event(known, shared):
        told = _together([hers[one.code] for one in (first, *others)])
        for day in _attended(first, activities[first.activity.code], told):
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
    elif before["status"] != after["status"] and Registration.CONFIRMED in (before["status"], after["status"]):
        calendar_changes.note(CalendarChange.REGISTRATION, str(after["code"]))


def _told_of(household_ids: list[int]) -> list[Registration]:
    """Select who takes part, and who did: a waiting list is in no calendar."""
    confirmed = schedule.registrations(household_ids, Registration.CONFIRMED)
    return [*confirmed, *schedule.registrations(household_ids, Registration.CANCELLED)]


def _of_one_event(registrations: Iterable[Registration], shared: Collection[int]) -> Iterable[list[Registration]]:
    """Put together those that are told under one name, who takes part before who did."""
    found: dict[object, list[Registration]] = {}
    for one in registrations:
        is_told_by_child = one.person.id in shared
        found.setdefault((one.person.id, one.activity.id) if is_told_by_child else one.code, []).append(one)
    return found.values()


def _together(told: Sequence[Told]) -> Told:
    """Return what calendars were told by several registrations, each of which came after another was over."""
    sequence = sum(one.sequence for one in told) + len(told) - 1
    return Told(sequence, frozenset().union(*(one.days for one in told)))


def _attended(registration: Registration, activity: Told, hers: Told) -> Iterator[AttendedDay]:
    is_over = registration.status == Registration.CANCELLED
    for on, is_cancelled in _days(registration.activity, activity.days | hers.days):
        hours = schedule.hours(registration.activity, on)
        sequence = activity.sequence + hers.sequence
        yield AttendedDay(registration.activity, on, *hours, sequence, is_cancelled or is_over, registration)


def _days(activity: Activity, told: Collection[date]) -> list[tuple[date, bool]]:
    """Return an activity's days in order, and whether each is cancelled."""
    held = set(schedule.held_on(activity))
    return [(day, day not in held) for day in sorted(held.union(told))]
