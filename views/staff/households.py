"""The household at the counter or on the phone."""

from collections.abc import Sequence

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from domain.access.identification import known_form
from domain.activities.choices import Choice
from domain.activities.choosing import Acting, Refused
from domain.activities.eligibility import Reason
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
    done, to_pass = take(form, found, people) if form.validate_on_submit() else ("", [])
    entries = portal().catalogue.entries(clock.now())
    return page(
        "staff/households/register.html",
        form=form,
        household=found,
        people=people,
        entries=[one for one in entries if one.state in (State.SOON, State.OPEN, State.FULL)],
        done=done,
        to_pass=to_pass,
        words=words,
        today=clock.today(),
    )


def take(form: RegisterForm, household: Household, people: Sequence[Person]) -> tuple[str, list[Reason]]:
    """Register; return what was done, in words, and the rules that a reason would pass. Problems go beside fields."""
    activity = on_behalf.activity(form.activity.data)
    card = known_form(form.person.data, portal().city)
    person = next((one for one in people if one.card_number == card), None)
    if activity is None or person is None:
        form.blame(staff.no_such_place(), form.activity if activity is None else form.person)
        return "", []
    options, known = (form.option.data or "").split(), on_behalf.options_of(activity)
    if not set(options) <= set(known):
        form.blame(registering.no_such_option(known), form.option)
        return "", []
    return register_choice(form, household, Choice(person, activity, tuple(options)))


def register_choice(form: RegisterForm, household: Household, choice: Choice) -> tuple[str, list[Reason]]:
    """Register as `take`, once it is known whom and for what."""
    act = acting(form, household, choice)
    in_the_way = on_behalf.in_the_way(act, choice)
    try:
        invoices = on_behalf.register(guard.me(), act, choice, portal().listeners)
    except Refused as refused:
        form.blame(words.refused(refused, [choice])[0], form.override_reason)
        found = set(refused.reasons[choice.person.id, choice.activity.id])
        may_pass = found <= set(in_the_way) - act.passes  # without a price, no reason opens what is closed
        form.rules_seen.data = " ".join([*marks(choice), *in_the_way]) if may_pass else ""
        return "", in_the_way if may_pass else []
    except on_behalf.NotThen:
        form.blame(registering.not_then(on_behalf.PAPER_FOR.days), form.taken_at)
        return "", []
    except NoPlaceLeft as gone:
        form.blame(words.no_place_left(gone, [choice]), form.activity)
        return "", []
    if words.opens(choice.activity) and not invoices:
        return registering.wished(choice.person, choice.activity, words.opens(choice.activity)), []
    passed = registering.passed(one for one in in_the_way if act.override_reason and one in act.passes)
    return " ".join(filter(None, (registering.registered(choice.person, choice.activity, invoices), passed))), []


def acting(form: RegisterForm, household: Household, choice: Choice) -> Acting:
    """Return who acts, for whom, how long places are held, and which rules she passes: those the page named."""
    durations = portal().durations
    return Acting(
        household.id,
        portal().city,
        on_behalf.for_cheque(durations) if form.cheque.data else durations,
        made_by=guard.me().username,
        override_reason=(form.override_reason.data or "").strip(),
        passes=seen_rules(form, choice),
        taken_at=form.moment,
    )


def seen_rules(form: RegisterForm, choice: Choice) -> frozenset[Reason]:
    """Return the rules that the page before named for this person and activity; a script that knows no page, all."""
    if form.override_reason.data and not form.rules_seen.raw_data:
        return frozenset(Reason)
    named = (form.rules_seen.data or "").split()
    return frozenset(one for one in Reason if named[:2] == marks(choice) and one in named[2:])


def marks(choice: Choice) -> list[str]:
    """Return what tells for what and whom rules were named."""
    return [str(choice.activity.id), str(choice.person.id)]
