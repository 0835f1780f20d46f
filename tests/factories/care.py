"""What homes say of their children."""

from datetime import timedelta

from domain.common import clock
from models import Accompaniment, AuthorisedPerson, HealthForm, Household, Person


def make_health_form(person: Person, household: Household | None = None, **values) -> HealthForm:
    """A form good for a year and a half, with one person who may fetch the child."""
    defaults = {
        "allergies": "Arachides : EpiPen tout de suite",
        "auto_injector": "Poche avant du sac",
        "swimming": HealthForm.VEST,
        "leaves_alone": False,
        "good_until": clock.today() + timedelta(days=550),
    }
    home = household or person.memberships.get().household
    form = HealthForm.create(person=person, household=home, **(defaults | values))
    AuthorisedPerson.create(form=form, name="Mamie Ginette", phone="819 843-1111", relation="grand-mère")
    return form


def make_accompaniment(person: Person, household: Household | None = None, **values) -> Accompaniment:
    """A request for a season that opens in two months, asked by an adult of the child's home."""
    home = household or person.memberships.get().household
    defaults = {
        "season": "Été",
        "words": "Quelqu’un à ses côtés",
        "asked_by": home.memberships.get().person,
        "decide_by": clock.now() + timedelta(days=60),
        "good_until": clock.today() + timedelta(days=300),
    }
    return Accompaniment.create(person=person, household=home, **(defaults | values))
