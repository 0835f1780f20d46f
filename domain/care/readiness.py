"""What a family must have ready before registering opens: cards, health forms, whom to call, and the payer's address.

Nothing of it keeps anybody from holding a place: it is asked for weeks before, so that no parent meets it at the hour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from peewee import Case, ModelSelect, fn

from city import City
from domain.activities import eligibility, windows
from domain.care import health_forms
from domain.common import clock
from domain.common.batches import cut
from models import Activity, EmergencyContact, HealthForm, Person, Registration, built_once

ASKED_BEFORE = timedelta(weeks=8)


class Lack(StrEnum):
    """What may be missing, in the order in which it is told."""

    CARD = "card"  # not valid today
    CARD_ENDS = "card ends"  # before the last day of what she could take
    FORM = "form"
    CONFIRMATION = "confirmation"  # a form that is not for this season's year yet
    CONTACT = "contact"
    ADDRESS = "address"  # the payer's, for the Relevé 24


@dataclass(frozen=True)
class Ready:
    """How ready someone is, as one of her homes is told. `last_day` is that of what she could take, or has."""

    person: Person
    household_id: int
    lacks: Sequence[Lack]
    last_day: date
    is_child: bool = True

    @property
    def is_ready(self) -> bool:
        return not self.lacks


@dataclass(frozen=True)
class _Known:
    """What is known of some children, read once: by person, and by person and home."""

    registered_until: dict[int, date]
    forms_good_until: dict[tuple[int, int], date]
    contacts: set[tuple[int, int]]


def camps(now: datetime) -> list[Activity]:
    """Return the groups of child care on sale here that are not over, the first to begin first."""
    care = Activity.category == Activity.CHILD_CARE, Activity.ends_on >= clock.local(now).date()
    return list(Activity.select().where(*care, Activity.capacity.is_null(False)).order_by(Activity.starts_on))


@built_once
def sorts(today: date) -> "ModelSelect[Activity]":
    """Return the groups of child care on sale here that are not over, one for all that ask the same of a child.

    It has the last of their days. Where an age counts on a group's first day, the groups of that day are one.
    """
    care = Activity.category == Activity.CHILD_CARE, Activity.ends_on >= today
    asked = (
        Activity.category, Activity.age_min, Activity.age_max, Activity.age_on, Activity.born_from, Activity.born_until,
        Activity.school, Activity.opens_residents, Activity.opens_neighbours, Activity.opens_everyone, Activity.closes,
        Activity.register_at, Activity.starts_at,
    )  # fmt: skip
    is_of_ages = Activity.age_min.is_null(False) | Activity.age_max.is_null(False)
    by_first_day = Case(None, [(Activity.age_on.is_null() & is_of_ages, Activity.starts_on)], None)
    last = (fn.MAX(one).alias(one.name) for one in (Activity.capacity, Activity.starts_on, Activity.ends_on))
    sold = Activity.select(*asked, *last).where(*care, Activity.capacity.is_null(False))
    return sold.group_by(*asked, by_first_day).order_by(*asked)


def asked_now(groups: Sequence[Activity], now: datetime) -> list[Activity]:
    """Return the groups that open within weeks, or are open: those to be ready for."""
    return [
        one
        for one in groups
        if one.category == Activity.CHILD_CARE
        and not windows.is_closed(one, now)
        and (windows.first_opening(one, now) or now) <= now + ASKED_BEFORE
    ]


def for_child(person: Person, groups: Sequence[Activity]) -> list[Activity]:
    """Return the groups that are for a child's age or school level."""
    return [one for one in groups if eligibility.is_of_age(person, one)]


def good_until(person: Person, groups: Sequence[Activity], city: City, today: date) -> date:
    """Return until when a form filled today is good: the season's year of the last group that the child could take."""
    hers = [one.ends_on for one in for_child(person, groups)]
    return max(health_forms.year_end(day, city) for day in (*hers, today))


def of_family(
    household_id: int, people: Sequence[Person], payer: Person, groups: Sequence[Activity], city: City, now: datetime
) -> list[Ready]:
    """Return how ready a home's children are, and then whoever pays; nobody when no group is for any of them.

    Three queries, however many there are.
    """
    children = of_homes([(household_id, one) for one in people], groups, city, now)
    return [*children, of_payer(payer, children, now)] if children else []


def of_homes(homes: Sequence[tuple[int, Person]], groups: Sequence[Activity], city: City, now: datetime) -> list[Ready]:
    """Return how ready children are, each as one of her homes is told; those for whom no group is are left out."""
    today = clock.local(now).date()
    children = [(home, one) for home, one in homes if one.age_on(today) < city.adult_age]
    known = _known({one.id for _home, one in children}, today)
    found = []
    for home, child in children:
        days = [one.ends_on for one in for_child(child, groups)]
        if child.id in known.registered_until:
            days.append(known.registered_until[child.id])
        if days:
            found.append(Ready(child, home, _lacks(home, child, max(days), known, city, today), max(days)))
    return found


def of_payer(payer: Person, children: Sequence[Ready], now: datetime) -> Ready:
    """Return how ready whoever pays for these children is."""
    last_day, today = max(one.last_day for one in children), clock.local(now).date()
    lacks = [*_of_card(payer, last_day, today), *([] if payer.has_address else [Lack.ADDRESS])]
    return Ready(payer, children[0].household_id, lacks, last_day, is_child=False)


def _lacks(home: int, child: Person, last_day: date, known: _Known, city: City, today: date) -> list[Lack]:
    lacks, good_until = _of_card(child, last_day, today), known.forms_good_until.get((child.id, home))
    if good_until is None:
        lacks.append(Lack.FORM)
    elif good_until < health_forms.year_end(last_day, city):
        lacks.append(Lack.CONFIRMATION)
    return lacks if (child.id, home) in known.contacts else [*lacks, Lack.CONTACT]


def _of_card(person: Person, last_day: date, today: date) -> list[Lack]:
    if person.status != Person.ACTIVE or person.expires_on < today:
        return [Lack.CARD]
    return [Lack.CARD_ENDS] if person.expires_on < last_day else []


def _known(children: set[int], today: date) -> _Known:
    known = _Known({}, {}, set())
    for batch in map(list, cut(children)):
        known.registered_until.update(_registered_until(batch, today))
        known.forms_good_until.update({(person, home): day for person, home, day in _forms_good_until(batch)})
        known.contacts.update(_with_contact(batch))
    return known


@built_once
def _registered_until(people: list[int], today: date) -> "ModelSelect[Registration]":
    coming = Activity.category == Activity.CHILD_CARE, Activity.ends_on >= today
    theirs = Registration.person.in_(people), Registration.status == Registration.CONFIRMED
    last_days = Registration.select(Registration.person, fn.MAX(Activity.ends_on)).join(Activity)
    return last_days.where(*theirs, *coming).group_by(Registration.person).tuples()


@built_once
def _forms_good_until(people: list[int]) -> "ModelSelect[HealthForm]":
    """Read of what homes say of children only until when it is good."""
    forms = HealthForm.select(HealthForm.person, HealthForm.household, HealthForm.good_until)
    return forms.where(HealthForm.person.in_(people)).tuples()


@built_once
def _with_contact(people: list[int]) -> "ModelSelect[EmergencyContact]":
    contacts = EmergencyContact.select(EmergencyContact.person, EmergencyContact.household)
    return contacts.where(EmergencyContact.person.in_(people)).tuples()
