"""Reminders of what is missing: weeks before registering opens, and before the first day of whoever is registered.

A letter names what is missing, never what a form says. Each is written once for a child, a stage and a season's year.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from city import City
from domain.activities import windows
from domain.billing import reminders
from domain.care import health_forms, readiness
from domain.care.readiness import Ready
from domain.common import clock
from domain.common.batches import among
from domain.common.letters import Letters
from models import Account, Activity, Membership, Person, Registration

READY = "ready"  # the reminder's kind
BEFORE_OPENING, BEFORE_START = timedelta(weeks=3), timedelta(weeks=2)
OPENING, START = "opening", "start"  # the stages


def write_due(letters: Letters, city: City, now: datetime) -> int:
    """Write the reminders that were not written yet, a message an account and stage; return how many messages."""
    groups = [one for one in readiness.camps(now) if _opens_soon(one, now)]
    written = _write(OPENING, _children(groups, city, now), groups, letters, city, now) if groups else 0
    starting = _starting(clock.local(now).date())
    return written + (_write(START, starting, [], letters, city, now) if starting else 0)


def _write(
    stage: str, children: Sequence[Person], groups: Sequence[Activity], letters: Letters, city: City, now: datetime
) -> int:
    by_id = {child.id: child for child in children}
    rows = among(Membership.select(), Membership.person, by_id)
    homes = [(row.household_id, by_id[row.person_id]) for row in rows]
    found: dict[int, list[Ready]] = {}
    for ready in readiness.of_homes(homes, groups, city, now):
        found.setdefault(ready.household_id, []).append(ready)
    told: dict[Account, list[Ready]] = {}
    for account, home in reminders.accounts(found):
        if account.person.age_on(clock.local(now).date()) >= city.adult_age:
            told.setdefault(account, []).extend(found[home])
    return sum(_remind(account, stage, theirs, letters, city, now) for account, theirs in told.items())


def _remind(
    account: Account, stage: str, children: Sequence[Ready], letters: Letters, city: City, now: datetime
) -> int:
    lacking = [one for one in children if one.lacks]
    payer = readiness.of_payer(account.person, children, now)
    subjects = {
        f"{one.person.id} {health_forms.year_end(one.last_day, city)} {stage}": one
        for one in (*lacking, *([payer] if payer.lacks else []))
    }
    return reminders.remind(account, READY, subjects, letters)


def _opens_soon(group: Activity, now: datetime) -> bool:
    opens = windows.first_opening(group, now)
    return opens is not None and opens <= now + BEFORE_OPENING


def _children(groups: Sequence[Activity], city: City, now: datetime) -> list[Person]:
    """Return the children of the town for whom one of these groups is."""
    today = clock.local(now).date()
    young = Person.birth_date > date(today.year - city.adult_age, today.month, 1)
    people = Person.select().where(young, Person.status != Person.DECEASED)
    return [one for one in people if readiness.for_child(one, groups)]


def _starting(today: date) -> list[Person]:
    """Return the children registered in what begins soon."""
    care = Activity.category == Activity.CHILD_CARE, Activity.ends_on >= today  # by their index: the years are not read
    soon = *care, Activity.starts_on.between(today, today + BEFORE_START)
    confirmed = Registration.status == Registration.CONFIRMED
    rows = Registration.select(Registration.person).join(Activity).where(*soon, confirmed)
    return list(Person.select().where(Person.id.in_(rows), Person.status != Person.DECEASED))
