"""What takes place and who takes part: occurrences are worked out from an activity's days and hours."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from peewee import ModelSelect

from domain.common import clock
from models import Activity, Membership, Person, Place, Registration

WEEK = timedelta(days=7)
A_YEAR = timedelta(weeks=52)  # the same day of the week


@dataclass(frozen=True)
class Occurrence:
    """One time that an activity takes place. Moments are UTC."""

    starts_at: datetime
    ends_at: datetime
    activity: Activity


@dataclass(frozen=True)
class Course:
    """What somebody is registered for, and the times that it takes place from now on: one at least."""

    registration: Registration
    coming: tuple[Occurrence, ...]
    is_ours: bool  # not taken by the other home of a child

    @property
    def activity(self) -> Activity:
        return self.registration.activity

    @property
    def person(self) -> Person:
        return self.registration.person


def courses(household_ids: list[int], shared: set[int], after: datetime | None = None) -> list[Course]:
    """Return what everyone of the households is registered for and is not over, the next one first: one query.

    `shared` are the people of two homes: what the other one registered them for is its own.
    """
    after = after or clock.now()
    found = []
    for one in registrations(household_ids, Registration.CONFIRMED):
        coming = tuple(occurrence for occurrence in occurrences(one.activity) if occurrence.ends_at > after)
        if coming:
            found.append(Course(one, coming, is_ours(one, household_ids, shared)))
    return sorted(found, key=lambda one: (one.coming[0].starts_at, one.activity.title, one.person.first_name))


def is_ours(registration: Registration, household_ids: Collection[int], shared: Collection[int]) -> bool:
    """Tell whether households took a place themselves; of a file nobody knows which of a child's two homes did."""
    if registration.household_id:
        return registration.household_id in household_ids
    return registration.person_id not in shared


def waiting(household_ids: list[int]) -> list[Registration]:
    """Return the households' turns on waiting lists of activities that are not over."""
    return list(registrations(household_ids, Registration.WAITING))


def registrations(household_ids: list[int], status: str) -> "ModelSelect[Registration]":
    """Select the registrations of a status of the households' living to activities that are not over."""
    people = Membership.select(Membership.person).where(Membership.household.in_(household_ids))
    return (
        Registration.select(Registration, Activity, Place, Person)
        .join(Activity)
        .join(Place)
        .switch(Registration)
        .join(Person)
        .where(
            Registration.person.in_(people),
            Person.status != Person.DECEASED,
            Registration.status == status,
            Activity.ends_on >= clock.today(),
        )
        .order_by(Activity.starts_on, Registration.id)
    )


def occurrences(activity: Activity) -> Iterator[Occurrence]:
    """Work out an activity's occurrences, those cancelled left out; each keeps its hour through a change of clocks."""
    for day in held_on(activity):
        yield Occurrence(*hours(activity, day), activity)


def hours(activity: Activity, day: date) -> tuple[datetime, datetime]:
    """Return when an activity starts and ends on a day, in UTC."""
    return _utc(day, activity.starts_at), _utc(day, activity.ends_at)


def held_on(activity: Activity) -> Iterator[date]:
    """Yield the days an activity takes place on, those cancelled left out."""
    wanted = {Activity.WEEKDAYS.index(word) for word in activity.weekdays.split()}
    cancelled = set(activity.cancelled_on.split())
    for day in clock.days(activity.starts_on, activity.ends_on):
        if day.weekday() in wanted and day.isoformat() not in cancelled:
            yield day


def share_hours(one: Activity, other: Activity) -> bool:
    """Tell whether two activities take place at once on some day; one that begins when the other ends does not."""
    if one.id == other.id or one.starts_at >= other.ends_at or other.starts_at >= one.ends_at:
        return False
    if one.starts_on > other.ends_on or other.starts_on > one.ends_on:
        return False
    return not set(held_on(one)).isdisjoint(held_on(other))


def without_overlap(activities: Sequence[Activity], taken: Sequence[Activity]) -> list[Activity]:
    """Return those that one can take together beside `taken`, these too: of those at the same hours, the first."""
    kept = list(taken)
    for one in activities:
        if one not in kept and not any(share_hours(one, other) for other in kept):
            kept.append(one)
    return kept


def at_place(place: Place, first: date) -> list[Occurrence]:
    """Return what takes place there in the seven days from `first`, in order."""
    start, end = clock.montreal_day(first)[0], clock.montreal_day(first + WEEK)[0]
    taking_place = (
        Activity.select()
        .where(Activity.place == place, Activity.starts_on <= first + WEEK, Activity.ends_on >= first)
        .order_by(Activity.title)
    )
    found = (occurrence for activity in taking_place for occurrence in occurrences(activity))
    return sorted(
        (occurrence for occurrence in found if start <= occurrence.starts_at < end),
        key=lambda occurrence: occurrence.starts_at,
    )


def by_day(occurrences: Iterable[Occurrence]) -> dict[date, list[Occurrence]]:
    """Group occurrences by Montreal's day, in the order given."""
    grouped: dict[date, list[Occurrence]] = {}
    for one in occurrences:
        grouped.setdefault(clock.local(one.starts_at).date(), []).append(one)
    return grouped


def _utc(day: date, time_of_day: time) -> datetime:
    return clock.stored(datetime.combine(day, time_of_day))


def same_weeks(activities: Sequence[Activity], person: Person) -> set[str]:
    """Return the codes of the groups that fall in the weeks in which somebody took the same programme a year before."""
    if not activities:
        return set()
    first, last = min(one.starts_on for one in activities), max(one.ends_on for one in activities)
    programmes = {one.programme for one in activities}
    before = (
        Registration.select(Activity.starts_on)
        .join(Activity)
        .where(
            Registration.person == person,
            Registration.status == Registration.CONFIRMED,
            Activity.program.in_(programmes) | Activity.code.in_(programmes),
            Activity.starts_on.between(first - A_YEAR - WEEK, last - A_YEAR + WEEK),
        )
    )
    weeks = {(day + A_YEAR).isocalendar()[1] for (day,) in before.tuples().iterator()}
    return {one.code for one in activities if one.starts_on.isocalendar()[1] in weeks}
