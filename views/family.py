"""Ma famille: each person's card and details, whom to call for her, and what the city is asked to change."""

from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from domain.access import identification
from domain.access.identification import NotIdentified
from domain.access.proof import BadProof, TooManyUnproven
from domain.common import clock, rate_limits
from domain.people import family, requests
from domain.people.reviews import Decision
from views.forms.account import CardForm
from views.forms.family import ChangeForm, EmergencyForm
from views.messages import access, dossier
from views.web import client
from views.web.onward import back_or, way_back
from views.web.portal import portal
from views.web.rendering import page, see
from views.web.security import signed_in_session

blueprint = Blueprint("family", __name__, url_prefix="/mon-dossier/famille")


@blueprint.get("")
@login_required
def members() -> ResponseReturnValue:
    """List everyone of the household."""
    found = family.members(signed_in_session().account, portal().city, clock.today())
    return page("family/members.html", members=found)


@blueprint.route("/<int(max=999999999):person_id>/urgence", methods=["GET", "POST"])
@login_required
def emergency(person_id: int) -> ResponseReturnValue:
    """Keep whom to call for someone."""
    member = found_or_404(person_id)
    form = EmergencyForm(obj=member.contact)
    if form.validate_on_submit():
        values = (form.name.data.strip(), form.phone.data.strip(), (form.relation.data or "").strip())
        family.keep_contact(signed_in_session().account, member.person, *values)
        flash(dossier.contact_kept())
        return back_or("family.members")
    return page("family/emergency.html", form=form, member=member, back=way_back())


@blueprint.route("/<int(max=999999999):person_id>/changement", methods=["GET", "POST"])
@login_required
def change(person_id: int) -> ResponseReturnValue:
    """Ask the city to change someone's name, address or birth date."""
    member, form = found_or_404(person_id), ChangeForm()
    if form.validate_on_submit():
        account = signed_in_session().account
        try:
            requests.ask_correction(account, member.person, form.words.data.strip(), portal().letters, portal().city)
        except requests.TooManyRequests:
            form.words.errors = [dossier.too_many_requests()]
        else:
            flash(dossier.correction_asked())
            return see("family.members")
    return page("family/change.html", form=form, member=member)


@blueprint.route("/ajouter", methods=["GET", "POST"])
@login_required
def add() -> ResponseReturnValue:
    """Ask the city to add someone, known by her card and birth date."""
    form = CardForm()
    if form.validate_on_submit() and try_add(form):
        flash(dossier.member_asked())
        return see("family.members")
    form.altcha.data = ""
    return page("family/add.html", form=form, challenge=client.challenge())


def try_add(form: CardForm) -> bool:
    """Send the request, under the same guards as identification; say no, with the form saying why."""
    account, city = signed_in_session().account, portal().city
    try:
        client.check(form.altcha.data or "")
        person = identification.holder(form.card_number.data, form.birth_date, client.origin(), city)
        asked = _("Ajouter %(name)s à ma famille.", name=person.name)
        family.ask_member(account, person, asked, portal().letters, city)
    except NotIdentified:
        form.refused = Decision.IDENTIFICATION
        form.blame(access.not_identified(), form.card_number, form.birth_year, form.birth_month, form.birth_day)
    except (BadProof, TooManyUnproven):
        form.altcha.errors = [access.not_proven()]
    except rate_limits.TooManyHere:
        form.refused = Decision.TOO_MANY_TRIES
        form.altcha.errors = [access.too_many_here()]
    except family.AlreadyMember:
        form.card_number.errors = [dossier.already_member()]
    except requests.TooManyRequests:
        form.card_number.errors = [dossier.too_many_requests()]
    else:
        return True
    return False


def found_or_404(person_id: int) -> family.Member:
    """Return someone whose details may be changed here."""
    try:
        return family.find(signed_in_session().account, person_id, portal().city, clock.today())
    except family.NoSuchMember:
        abort(404)
