"""Children in the city's care: health form, accompaniment, and what is missing before registering opens."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from domain.care import accompaniment as requests
from domain.care import health_forms, readiness
from domain.common import clock
from domain.people import family, household
from models import Activity, Household, Person
from views.forms.account import EmptyForm
from views.forms.care import AccompanimentForm, ChildHealthForm
from views.messages import care as words
from views.web import acting
from views.web.onward import back_or, way_back
from views.web.portal import portal
from views.web.rendering import page, see
from views.web.security import signed_in_session

blueprint = Blueprint("care", __name__, url_prefix="/mon-dossier")
CHILD = "/famille/<int(max=999999999):person_id>"


@blueprint.get("/pret")
@login_required
def ready() -> ResponseReturnValue:
    """Show what each of the family lacks before registering opens."""
    back = way_back()
    here = url_for("care.ready", suite=back)
    return page("care/ready.html", family=family_ready(), words=words, back=back, here=here)


def family_ready(camps: Sequence[Activity] | None = None) -> list[readiness.Ready]:
    """Return how ready the household acted for is, for these groups or all; nobody when none is for its children.

    Where none of these asks for anything, what those of other programmes ask for is told elsewhere.
    """
    mine, now = acting.household_id(), clock.now()
    groups = readiness.asked_now(readiness.sorts(clock.local(now).date()) if camps is None else camps, now)
    if not mine or not (groups or camps is None):
        return []
    people, account = acting.people(), signed_in_session().account
    payer = next((one for one in people if one.id == account.person_id), None) or account.person
    return readiness.of_family(mine, people, payer, groups, portal().city, now)


@blueprint.route(f"{CHILD}/sante", methods=["GET", "POST"])
@login_required
def health_form(person_id: int) -> ResponseReturnValue:
    """Show and keep what the home says of a child."""
    child, home = child_or_404(person_id)
    known = health_forms.of_home(child, home.id)
    form = ChildHealthForm.of(known, health_forms.authorised_of(known) if known else [])
    if may_read() and form.validate_on_submit():
        health_forms.fill(signed_in_session().account, child, home.id, form.answers(), good_until(child))
        flash(words.form_kept())
        return back_or("care.ready")
    return page(
        "care/health_form.html", form=form if may_read() else None, child=child, known=known,
        good_until=good_until(child), back=way_back(),
    )  # fmt: skip


@blueprint.post(f"{CHILD}/sante/confirmer")
@login_required
def confirm(person_id: int) -> ResponseReturnValue:
    """Note that nothing changed since the form was filled."""
    child, home = child_or_404(person_id)
    if not may_read() or not EmptyForm().validate_on_submit():
        return see("care.health_form", person_id=person_id, suite=way_back())
    try:
        health_forms.confirm(signed_in_session().account, child, home.id, good_until(child))
    except health_forms.NoForm:
        flash(words.nothing_to_confirm())
        return see("care.health_form", person_id=person_id, suite=way_back())
    flash(words.confirmed())
    return back_or("care.ready")


@blueprint.route(f"{CHILD}/accompagnement", methods=["GET", "POST"])
@login_required
def accompaniment(person_id: int) -> ResponseReturnValue:
    """Ask for accompaniment for a child, for a season that is announced; show what was answered."""
    child, home = child_or_404(person_id)
    city, now = portal().city, clock.now()
    seasons = requests.seasons(readiness.for_child(child, readiness.camps(now)), city, now)
    form = AccompanimentForm()
    form.season.choices = [(one.name, one.name) for one in seasons]
    if may_read() and form.validate_on_submit() and try_ask(form, child, home, seasons):
        return see("care.accompaniment", person_id=person_id, suite=way_back())
    asked = requests.of_home(child, home.id) if may_read() else []
    return page(
        "care/accompaniment.html", form=form if may_read() else None, child=child, seasons=seasons, asked=asked,
        words=words, back=way_back(),
    )  # fmt: skip


def try_ask(form: AccompanimentForm, child: Person, home: Household, seasons: list[requests.Season]) -> bool:
    """Send the request; say no, with the form saying why."""
    season = next((one for one in seasons if one.name == form.season.data), None)
    if season is None:
        form.season.errors = [words.choose_season()]
        return False
    account = signed_in_session().account
    try:
        requests.ask(account, child, home.id, season, form.words.data.strip(), portal().letters, portal().city)
    except requests.AlreadyDecided:
        form.words.errors = [words.decided_already()]
        return False
    flash(words.asked(season, in_time=season.is_in_time(clock.today())))
    return True


def child_or_404(person_id: int) -> tuple[Person, Household]:
    """Return a child of the household acted for, or else of another of one's own, with that household."""
    account, today = signed_in_session().account, clock.today()
    try:
        member = family.find(account, person_id, portal().city, today)
    except family.NoSuchMember:
        abort(404)
    mine = [acting.household_id() or 0, *sorted(account.household_ids())]
    home = health_forms.home_of(member.person, mine)
    if home is None or member.age >= portal().city.adult_age:
        abort(404)
    return member.person, home


def may_read() -> bool:
    """Tell whether what the home says may be shown: not before the city knows whose the account is."""
    return household.reads_contacts(signed_in_session().account)


def good_until(child: Person) -> date:
    """Return until when what is said today is good."""
    return readiness.good_until(child, readiness.camps(clock.now()), portal().city, clock.today())
