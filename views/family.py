"""Ma famille: each person's card and details, whom to call for her, and what the city is asked to change."""

from datetime import date

from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from domain import family, identification, privacy
from domain.identification import BadProof, NotIdentified, TooManyHere, TooManyUnproven
from views import presence, words
from views.forms.account import CardForm
from views.forms.family import ChangeForm, EmergencyForm
from views.portal import portal
from views.rendering import page, see
from views.security import signed_in_session

blueprint = Blueprint("family", __name__, url_prefix="/mon-dossier/famille")


@blueprint.get("")
@login_required
def members() -> ResponseReturnValue:
    """List everyone of the household."""
    found = family.members(signed_in_session().account, portal().city, date.today())
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
        flash(words.contact_kept())
        return see("family.members")
    return page("family/emergency.html", form=form, member=member)


@blueprint.route("/<int(max=999999999):person_id>/changement", methods=["GET", "POST"])
@login_required
def change(person_id: int) -> ResponseReturnValue:
    """Ask the city to change someone's name, address or birth date."""
    member, form = found_or_404(person_id), ChangeForm()
    if form.validate_on_submit():
        account = signed_in_session().account
        try:
            privacy.ask_correction(account, member.person, form.words.data.strip(), portal().letters, portal().city)
        except privacy.TooManyRequests:
            form.words.errors = [words.too_many_requests()]
        else:
            flash(words.correction_asked())
            return see("family.members")
    return page("family/change.html", form=form, member=member)


@blueprint.route("/ajouter", methods=["GET", "POST"])
@login_required
def add() -> ResponseReturnValue:
    """Ask the city to add someone, known by her card and birth date."""
    form = CardForm()
    if form.validate_on_submit() and try_add(form):
        flash(words.member_asked())
        return see("family.members")
    form.altcha.data = ""
    return page("family/add.html", form=form, challenge=presence.challenge())


def try_add(form: CardForm) -> bool:
    """Send the request, under the same guards as identification; say no, with the form saying why."""
    account, city = signed_in_session().account, portal().city
    try:
        presence.check(form.altcha.data or "")
        person = identification.holder(form.card_number.data, form.birth_date, presence.origin(), city)
        asked = _("Ajouter %(name)s à mon foyer.", name=person.name)
        family.ask_member(account, person, asked, portal().letters, city)
    except NotIdentified:
        form.blame(words.not_identified(), form.card_number, form.birth_year, form.birth_month, form.birth_day)
    except (BadProof, TooManyUnproven):
        form.altcha.errors = [words.not_proven()]
    except TooManyHere:
        form.altcha.errors = [words.too_many_here()]
    except family.AlreadyMember:
        form.card_number.errors = [words.already_member()]
    except privacy.TooManyRequests:
        form.card_number.errors = [words.too_many_requests()]
    else:
        return True
    return False


def found_or_404(person_id: int) -> family.Member:
    """Return someone whose details may be changed here."""
    try:
        return family.find(signed_in_session().account, person_id, portal().city, date.today())
    except family.NoSuchMember:
        abort(404)
