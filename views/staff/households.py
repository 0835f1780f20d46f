"""The household at the counter or on the phone."""

from collections.abc import Sequence

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from domain.access.identification import known_form
from domain.activities.choices import Choice
from domain.activities.choosing import Acting, Refused
from domain.activities.windows import State
from domain.cart.holds import NoPlaceLeft
from domain.common import clock
from domain.staff import on_behalf
from models import Household, Person
from views.forms.staff import RegisterForm
from views.messages import catalogue as words
from views.messages import registering, staff
from views.staff import guard
from views.web.portal import portal
from views.web.rendering import page

blueprint = Blueprint("households", __name__, url_prefix="/foyers")


@blueprint.route("/<household>/inscrire", methods=["GET", "POST"])
def register(household: str) -> ResponseReturnValue:
    """Register somebody of a household: as online, a rule may be passed with a reason, the capacity never."""
    try:
        found, people = on_behalf.open_household(guard.my_session(), household)
    except on_behalf.NoSuchHousehold:
        abort(404)
    form = RegisterForm()
    done = take(form, found, people) if form.validate_on_submit() else ""
    entries = portal().catalogue.entries(clock.now())
    return page(
        "staff/households/register.html",
        form=form,
        household=found,
        people=people,
        entries=[one for one in entries if one.state in (State.SOON, State.OPEN, State.FULL)],
        done=done,
        words=words,
        today=clock.today(),
    )


def take(form: RegisterForm, household: Household, people: Sequence[Person]) -> str:
    """Register; return what was done, in words. What stands in the way is said beside its field."""
    activity = on_behalf.activity(form.activity.data)
    card = known_form(form.person.data, portal().city)
    person = next((one for one in people if one.card_number == card), None)
    if activity is None or person is None:
        form.blame(staff.no_such_place(), form.activity if activity is None else form.person)
        return ""
    options, known = (form.option.data or "").split(), on_behalf.options_of(activity)
    if not set(options) <= set(known):
        form.blame(registering.no_such_option(known), form.option)
        return ""
    choice = Choice(person, activity, tuple(options))
    try:
        invoices = on_behalf.register(guard.me(), acting(form, household), choice, portal().listeners)
    except Refused as refused:
        form.blame(words.refused(refused, [choice])[0], form.override_reason)
    except NoPlaceLeft as gone:
        form.blame(words.no_place_left(gone, [choice]), form.activity)
    else:
        if words.opens(activity) and not invoices:
            return registering.wished(person, activity, words.opens(activity))
        return staff.registered(person, activity, invoices)
    return ""


def acting(form: RegisterForm, household: Household) -> Acting:
    """Return who acts, for whom, and how long places are held."""
    durations = portal().durations
    return Acting(
        household.id,
        portal().city,
        on_behalf.for_cheque(durations) if form.cheque.data else durations,
        made_by=guard.me().username,
        override_reason=(form.override_reason.data or "").strip(),
    )
