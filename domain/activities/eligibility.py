"""Who may register for what: for each person and each group yes, or no and why, in the list and at the press alike."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from city import City
from domain.activities import price_list, pricing, schedule, windows
from domain.billing import invoices
from domain.common import clock
from models import Activity, CartItem, Person, PlacesTaken, PriceRule, Registration

Places = dict[int, dict[int, Activity]]  # what each person holds or has, by the ids of both
Turns = Set[tuple[int, int]]  # person and activity


class Reason(StrEnum):
    """Why somebody may not register, in the order in which reasons are told."""

    AGE = "age"  # or birth dates
    SCHOOL = "school"
    LEVEL = "level"
    BEFORE = "before"  # something must have been taken before
    RESIDENCE = "residence"  # never for her class
    WINDOW = "window"  # her hour is later
    OVERLAP = "overlap"  # with what she holds or has in another group
    DEBT = "debt"
    ALREADY = "already"
    FULL = "full"
    CARD = "card"
    LIMIT = "limit"  # most weeks of this phase
    CLOSED = "closed"


# What staff cannot pass with a reason: the city has no place to give, or the person has one.
NEVER_PASSED = {Reason.FULL, Reason.ALREADY}


@dataclass(frozen=True)
class Standing:
    """What must be known of some people and activities to judge, read once. `now` is UTC."""

    city: City
    now: datetime
    is_overdue: bool
    free: Mapping[int, int]  # places by activity; without those whose places nobody counts
    places: Mapping[int, Mapping[int, Activity]]
    turns: Turns  # on waiting lists
    taken_before: Mapping[int, Set[str]]  # by person: codes of activities and programmes
    rules: Sequence[PriceRule]  # of the price list: what has no price is not sold

    def holding(self, person: Person, activity: Activity) -> "Standing":
        """Return what stands once somebody holds one more place: the next of a cart is judged with it."""
        hers = {**self.places.get(person.id, {}), activity.id: activity}
        free = dict(self.free)
        if activity.id in free:
            free[activity.id] -= 1
        return replace(self, places={**self.places, person.id: hers}, free=free)

    def is_full(self, activity: Activity) -> bool:
        """Tell whether no place is left, as far as was read."""
        return self.free.get(activity.id, 1) <= 0

    def places_of(self, person: Person) -> list[Activity]:
        """Return what somebody holds or has."""
        return list(self.places.get(person.id, {}).values())


def standing(
    household_id: int, people: Sequence[Person], activities: Sequence[Activity], city: City, now: datetime
) -> Standing:
    """Read what must be known, whatever the household through which a place was taken.

    At most six queries, however many people, activities and past registrations there are.
    """
    ids, today = [person.id for person in people], clock.local(now).date()
    places, turns = _live(ids, activities)
    return Standing(
        city=city,
        now=now,
        is_overdue=city.registration.refuse_overdue and invoices.due([household_id], today).overdue_cents > 0,
        free=_free(activities),
        places=places,
        turns=turns,
        taken_before=_taken_before(ids, activities, now),
        rules=price_list.rules_for(activities),
    )


def reasons(standing: Standing, person: Person, activity: Activity) -> list[Reason]:
    """Return all that keeps somebody from registering, in the contract's order; nothing when she may."""
    now, today = standing.now, clock.local(standing.now).date()
    opening = windows.opening_for(person, activity, standing.city, today)
    free = standing.free.get(activity.id)
    fits_age, fits_school = _fits_age(person, activity), _fits_school(person, activity)
    holds = {
        Reason.AGE: fits_age is False and not fits_school,
        Reason.SCHOOL: fits_school is False and not fits_age,
        Reason.LEVEL: _lacks(activity.needs_level, set(person.levels.split())),
        Reason.BEFORE: _lacks(activity.after, standing.taken_before.get(person.id, set())),
        Reason.RESIDENCE: opening is None,
        Reason.WINDOW: opening is not None and now < opening and not _may_wish(activity, opening, now),
        Reason.OVERLAP: any(schedule.share_hours(one, activity) for one in standing.places_of(person)),
        Reason.DEBT: standing.is_overdue,
        Reason.ALREADY: _is_there(standing, person, activity),
        Reason.FULL: free is not None and free <= 0,
        Reason.CARD: person.status != Person.ACTIVE or person.expires_on < today,
        Reason.LIMIT: _has_most_weeks(standing, person, activity),
        Reason.CLOSED: windows.is_closed(activity, now)
        or not pricing.is_priced(person, activity, standing.rules, standing.city, today),
    }
    return [reason for reason in Reason if holds[reason]]


@dataclass(frozen=True)
class TooFewWeeks:
    """What a programme asks at least of a child, in weeks of its season, and what she has; its title is the city's."""

    person: Person
    program: str
    title: str
    least: int
    has: int


def too_few_weeks(household_id: int, found: Sequence[CartItem], city: City, now: datetime) -> list[TooFewWeeks]:
    """Return of whom a cart has fewer weeks than their programmes ask, with all that she holds or has already.

    No query where no programme of the cart asks for any.
    """
    least = city.registration.least_weeks
    asked = [one for one in found if least.get(one.activity.programme, 0) > 1]
    if not asked:
        return []
    people = list({one.person_id: one.person for one in asked}.values())
    stands = standing(household_id, people, [one.activity for one in asked], city, now)
    for one in asked:
        stands = stands.holding(one.person, one.activity)
    first = {(one.person_id, *_series(one.activity)): one for one in asked}
    lacking = []
    for one in first.values():
        has = sum(_series(other) == _series(one.activity) for other in stands.places_of(one.person))
        if has < least[one.activity.programme]:
            program, title = one.activity.programme, one.activity.title.split(",")[0].strip()
            lacking.append(TooFewWeeks(one.person, program, title, least[program], has))
    return lacking


def passable(reasons: Collection[Reason]) -> list[Reason]:
    """Return those that staff may pass with a reason, in the order in which they are told."""
    return [one for one in Reason if one in reasons and one not in NEVER_PASSED]


def is_of_age(person: Person, activity: Activity) -> bool:
    """Tell whether a group is for somebody's age or school level, whatever else keeps her out of it."""
    asked = [one for one in (_fits_age(person, activity), _fits_school(person, activity)) if one is not None]
    return any(asked) or not asked


def _fits_age(person: Person, activity: Activity) -> bool | None:
    """Tell whether somebody's age and birth date fit; None when neither is asked."""
    age, born = person.age_on(activity.age_counts_on), person.birth_date
    fits = [
        activity.age_min is None or age >= activity.age_min,
        activity.age_max is None or age <= activity.age_max,
        activity.born_from is None or born >= activity.born_from,
        activity.born_until is None or born <= activity.born_until,
    ]
    asked = (activity.age_min, activity.age_max, activity.born_from, activity.born_until)
    return all(fits) if any(one is not None for one in asked) else None


def _fits_school(person: Person, activity: Activity) -> bool | None:
    """Tell whether somebody finished one of the levels; None when none is asked."""
    return person.school in activity.school.split() if activity.school else None


def _lacks(codes: str, hers: Set[str]) -> bool:
    """Tell whether some codes are asked and she has none of them."""
    asked = set(codes.split())
    return bool(asked) and not asked & hers


def _may_wish(activity: Activity, opening: datetime, now: datetime) -> bool:
    """Tell whether one may wish for what is not open yet: who is of the class that opens first."""
    first = min(windows.openings(activity).values())
    return now < first == opening


def _is_there(standing: Standing, person: Person, activity: Activity) -> bool:
    """Tell whether somebody holds or has the place, or waits for it."""
    return activity.id in standing.places.get(person.id, {}) or (person.id, activity.id) in standing.turns


def _has_most_weeks(standing: Standing, person: Person, activity: Activity) -> bool:
    """Tell whether somebody has as many weeks of the programme's season as one may in this phase."""
    most = standing.city.registration.most_weeks.get(windows.phase(activity, standing.now))
    weeks = [one for one in standing.places_of(person) if _series(one) == _series(activity) and one.id != activity.id]
    return most is not None and len(weeks) >= most


def _series(activity: Activity) -> tuple[str, str]:
    """Return what the weeks of a programme have in common, a season."""
    return activity.programme, activity.season


def _free(activities: Sequence[Activity]) -> dict[int, int]:
    """Return how many places of each activity are free; one whose places nobody counts is left out."""
    counters = PlacesTaken.select().where(PlacesTaken.activity.in_([activity.id for activity in activities]))
    return {one.activity_id: one.capacity - one.taken for one in counters if one.capacity is not None}


def _live(ids: list[int], activities: Sequence[Activity]) -> tuple[Places, Turns]:
    """Return what people hold or have, and their turns, among what can matter to these activities."""
    places: Places = {}
    turns = set()
    for item in (
        CartItem.select(CartItem, Activity)
        .join(Activity)
        .where(CartItem.person.in_(ids), CartItem.state.in_(CartItem.TAKING))
    ):
        places.setdefault(item.person_id, {})[item.activity.id] = item.activity
    for one in _registrations(ids, activities):
        if one.status == Registration.WAITING:
            turns.add((one.person_id, one.activity.id))
        else:
            places.setdefault(one.person_id, {})[one.activity.id] = one.activity
    return places, turns


def _registrations(ids: list[int], activities: Sequence[Activity]) -> list[Registration]:
    """Return people's registrations that are not over when the first activity starts, or are of the same seasons."""
    if not activities:
        return []
    seasons = {activity.season for activity in activities if activity.season}
    first = min(activity.starts_on for activity in activities)
    return list(
        Registration.select(Registration, Activity)
        .join(Activity)
        .where(
            Registration.person.in_(ids),
            Registration.status.in_((Registration.CONFIRMED, Registration.WAITING)),
            (Activity.ends_on >= first) | Activity.season.in_(seasons),
        )
    )


def _taken_before(ids: list[int], activities: Sequence[Activity], now: datetime) -> dict[int, set[str]]:
    """Return which of the activities and programmes asked for each person has begun, or taken."""
    asked = {code for activity in activities for code in activity.after.split()}
    taken: dict[int, set[str]] = {}
    if not asked:
        return taken
    begun = (
        Registration.select(Registration.person, Activity.code, Activity.program)
        .join(Activity)
        .where(
            Registration.person.in_(ids),
            Registration.status == Registration.CONFIRMED,
            Activity.starts_on <= clock.local(now).date(),
            Activity.code.in_(asked) | Activity.program.in_(asked),
        )
    )
    for one in begun:
        taken.setdefault(one.person_id, set()).update((one.activity.code, one.activity.programme))
    return taken
