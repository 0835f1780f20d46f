"""Ma famille: each person's card and details, whom to call for her, and what the city is asked to change."""

from flask import Blueprint, abort, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from domain.access import email_confirmation, identification
from domain.access.identification import NotIdentified
from domain.access.proof import BadProof, TooManyUnproven
from domain.common import clock, rate_limits
from domain.people import asked_fields, contacts, family, household, own_phone, requests
from domain.people.corrections import ChangedSince
from domain.people.reviews import Decision
from models import EmergencyContact
from views.forms.account import CardForm, EmptyForm
from views.forms.family import FORMS, AddressForm, ChangeForm, DetailForm, EmergencyForm, named, shown
from views.messages import access, dossier
from views.messages import family as words
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
    account = signed_in_session().account
    found = family.members(account, portal().city, clock.today())
    return page(
        "family/members.html",
        members=found,
        account=account,
        waiting_email=email_confirmation.waiting(account),
        reads_contacts=household.reads_contacts(account),
    )


@blueprint.route("/<int(max=999999999):person_id>/urgence", methods=["GET", "POST"])
@login_required
def emergency(person_id: int) -> ResponseReturnValue:
    """List whom to call for someone, and enter one more."""
    member, form = found_or_404(person_id), EmergencyForm()
    may_read = household.reads_contacts(signed_in_session().account)
    if may_read and form.validate_on_submit():
        try:
            contacts.add(signed_in_session().account, member.person, *form.values())
        except contacts.TooMany:
            form.name.errors = [words.too_many_contacts(contacts.MOST)]
        else:
            flash(dossier.contact_kept())
            back = way_back()
            return redirect(back, 303) if back else see("family.emergency", person_id=person_id)
    shown_form = form if may_read else None
    return page("family/emergency.html", form=shown_form, member=member, back=way_back(), most=contacts.MOST)


@blueprint.route("/<int(max=999999999):person_id>/urgence/<int(max=999999999):contact_id>", methods=["GET", "POST"])
@login_required
def contact(person_id: int, contact_id: int) -> ResponseReturnValue:
    """Correct whom to call for someone."""
    member, entered = found_or_404(person_id), contact_or_404(person_id, contact_id)
    form = EmergencyForm(obj=entered)
    if form.validate_on_submit():
        try:
            contacts.change(signed_in_session().account, entered, *form.values())
        except contacts.AlreadyThere:
            form.name.errors = [words.contact_there()]
        else:
            flash(words.contact_changed())
            return see("family.emergency", person_id=person_id, suite=way_back())
    return page("family/contact.html", form=form, member=member, contact=entered, back=way_back())


@blueprint.post("/<int(max=999999999):person_id>/urgence/<int(max=999999999):contact_id>/retirer")
@login_required
def remove_contact(person_id: int, contact_id: int) -> ResponseReturnValue:
    """Take somebody off the list; she who is off it already is off it."""
    member, account = found_or_404(person_id), signed_in_session().account
    entered = contacts.find(account, member.person, contact_id)
    if EmptyForm().validate_on_submit() and entered:
        contacts.remove(account, entered)
        flash(words.contact_removed())
    return see("family.emergency", person_id=person_id, suite=way_back())


@blueprint.post("/<int(max=999999999):person_id>/urgence/<int(max=999999999):contact_id>/premier")
@login_required
def put_first(person_id: int, contact_id: int) -> ResponseReturnValue:
    """Have somebody called before the others."""
    entered = contact_or_404(person_id, contact_id)
    if EmptyForm().validate_on_submit():
        contacts.put_first(signed_in_session().account, entered)
        flash(words.contact_first())
    return see("family.emergency", person_id=person_id, suite=way_back())


@blueprint.route(
    "/<int(max=999999999):person_id>/changer/<any(telephone,courriel,adresse,nom,naissance):what>",
    methods=["GET", "POST"],
)
@login_required
def field(person_id: int, what: str) -> ResponseReturnValue:
    """Change one's telephone, or ask the city to change what only it may."""
    member, account = found_or_404(person_id), signed_in_session().account
    if what == "courriel" and member.person.id == account.person_id:
        return see("access.email")
    form, at_once = detail_form(member, what), is_at_once(member, what)
    if form.validate_on_submit() and (try_at_once(form) if at_once else try_ask(form, member)):
        return back_or("family.members")
    told = {"title": words.TITLES[what], "proof": words.PROOFS.get(what), "back": way_back()}
    return page("family/field.html", form=form, member=member, what=what, at_once=at_once, **told)


def is_at_once(member: family.Member, what: str) -> bool:
    """Tell whether a change is made without the city: one's own telephone, once it is known whose it is."""
    account = signed_in_session().account
    return what == "telephone" and member.person.id == account.person_id and household.reads_contacts(account)


def detail_form(member: family.Member, what: str) -> DetailForm:
    """Return the form of a change; its boxes hold what may be seen of the file."""
    form = FORMS[what](data=shown(member.person) if member.tells_where else named(member.person))
    if isinstance(form, AddressForm):
        form.offer(family.living_with(signed_in_session().account, member.person))
    return form


def try_at_once(form: DetailForm) -> bool:
    """Change one's telephone; say no, with the form saying why, when the file changed meanwhile."""
    try:
        own_phone.change(signed_in_session().account, form.wanted()["phone"], portal().letters, portal().city)
    except ChangedSince:
        form.phone.errors = [words.changed_meanwhile()]
        return False
    flash(words.phone_changed())
    return True


def try_ask(form: DetailForm, member: family.Member) -> bool:
    """Send the request; say no, with the form saying why, when it asks for nothing, or too many wait.

    What may not be seen of a file is always asked: to say that it is there already would tell what it is.
    """
    account, wanted, person = signed_in_session().account, form.wanted(), member.person
    others = family.living_with(account, person) if isinstance(form, AddressForm) else []
    also = [one for one in others if str(one.id) in form.also.data]
    seen = member.tells_where and "birth_date" not in wanted or "first_name" in wanted
    first = next(one for one in form if one.name in ("phone", "email", "street", "first_name", "birth_year"))
    if seen and not also and all(getattr(person, name) == value for name, value in wanted.items()):
        first.errors = [words.nothing_new()]
        return False
    said = words.asked(wanted, also, (form.words.data or "").strip())
    try:
        replaced = asked_fields.ask(account, person, wanted, also, said, portal().letters, portal().city)
    except requests.TooManyRequests:
        first.errors = [dossier.too_many_requests()]
        return False
    except asked_fields.TooOften:
        first.errors = [words.too_often()]
        return False
    flash(words.sent(replaced=replaced))
    return True


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


def contact_or_404(person_id: int, contact_id: int) -> EmergencyContact:
    """Return a contact that may be changed here."""
    found = contacts.find(signed_in_session().account, found_or_404(person_id).person, contact_id)
    if found is None:
        abort(404)
    return found


def found_or_404(person_id: int) -> family.Member:
    """Return someone whose details may be changed here."""
    try:
        return family.find(signed_in_session().account, person_id, portal().city, clock.today())
    except family.NoSuchMember:
        abort(404)
