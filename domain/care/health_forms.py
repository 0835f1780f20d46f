"""A child's health form: each of her homes fills its own and reads no other; good for a season's year, then erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from peewee import fn

from city import City
from domain.common import audit, clock
from models import Account, AuthorisedPerson, HealthForm, Household, Membership, Person, write


class NoForm(Exception):
    """Tried to confirm a form that was never filled, or is erased."""


@dataclass(frozen=True)
class Authorised:
    """Someone who may fetch the child."""

    name: str
    phone: str
    relation: str = ""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a home says of a child."""

    allergies: str = ""
    auto_injector: str = ""
    medication: str = ""
    conditions: str = ""
    swimming: str
    leaves_alone: bool
    authorised: Sequence[Authorised] = ()


def year_end(day: date, city: City) -> date:
    """Return the last day of the season's year that a day is of."""
    month, last = map(int, city.health_forms.year_ends.split("-"))
    end = date(day.year, month, last)
    return end if day <= end else date(day.year + 1, month, last)


def home_of(person: Person, household_ids: Sequence[int]) -> Household | None:
    """Return the first of these households that a child is of."""
    theirs = Household.select().join(Membership).where(Membership.person == person)
    hers = {one.id: one for one in theirs}
    return next((hers[one] for one in household_ids if one in hers), None)


def of_home(person: Person, household_id: int) -> HealthForm | None:
    """Return the form that a home filled."""
    return HealthForm.get_or_none(HealthForm.person == person, HealthForm.household == household_id)


def authorised_of(form: HealthForm) -> list[AuthorisedPerson]:
    """Return who may fetch the child, in the order written."""
    return list(AuthorisedPerson.select().where(AuthorisedPerson.form == form).order_by(AuthorisedPerson.id))


def fill(account: Account, person: Person, household_id: int, answers: Answers, good_until: date) -> None:
    """Keep what a home says of a child, in place of what it said."""
    values = {name: value for name, value in vars(answers).items() if name != "authorised"}
    values |= {"good_until": good_until, "said_at": clock.now()}
    with write():
        HealthForm.insert(person=person, household=household_id, **values).on_conflict(
            conflict_target=[HealthForm.person, HealthForm.household],
            update={getattr(HealthForm, name): value for name, value in values.items()},
        ).execute()
        form = HealthForm.get(HealthForm.person == person, HealthForm.household == household_id)
        AuthorisedPerson.delete().where(AuthorisedPerson.form == form).execute()
        for one in answers.authorised:
            AuthorisedPerson.create(form=form, name=one.name, phone=one.phone, relation=one.relation)
        audit.by_resident(account, audit.Act.HEALTH_FORM_FILLED, subject=str(person.id))


def confirm(account: Account, person: Person, household_id: int, good_until: date) -> None:
    """Note that nothing changed since the form was filled: it is good for one more year. Raises: NoForm."""
    ours = (HealthForm.person == person) & (HealthForm.household == household_id)
    with write():
        if not HealthForm.update(good_until=good_until, said_at=clock.now()).where(ours).execute():
            raise NoForm
        audit.by_resident(account, audit.Act.HEALTH_FORM_CONFIRMED, subject=str(person.id))


def erase_past(today: date) -> int:
    """Erase the forms whose year is over, and those of homes that the child has left; return how many."""
    still_there = Membership.select().where(
        Membership.person == HealthForm.person, Membership.household == HealthForm.household
    )
    with write():
        return HealthForm.delete().where((HealthForm.good_until < today) | ~fn.EXISTS(still_there)).execute()
