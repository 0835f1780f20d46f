"""À traiter: what waits for a person, and the residents' requests."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue

from domain.payments import handed_back
from domain.people import asked_fields, household
from domain.people.corrections import ChangedSince
from domain.staff import attention
from models import ChangeRequest, Person
from views.forms.account import EmptyForm
from views.forms.money import HandBackChargeForm, HandBackForm
from views.forms.staff import CorrectionForm, DecisionForm, FieldsForm
from views.messages import facts, family, reviews, staff
from views.messages.methods import methods
from views.staff import guard
from views.web.portal import portal
from views.web.rendering import page, see

blueprint = Blueprint("attention", __name__)


@blueprint.get("")
def to_settle() -> ResponseReturnValue:
    """List what waits for one's roles: uncertain payments, alerts, money owed back, requests."""
    waiting = attention.waiting_for(guard.me())
    return page(
        "staff/attention/to_settle.html",
        waiting=waiting,
        heading=facts.heading,
        said=facts.alert,
        methods=methods(),
        refused=reviews.refused,
    )


@blueprint.post("/alertes/<int(max=999999999):alert_id>")
def settle_alert(alert_id: int) -> ResponseReturnValue:
    """Close an alert."""
    if EmptyForm().validate_on_submit():
        attention.settle_alert(guard.me(), alert_id)
        flash(staff.settled())
    return see("staff.attention.to_settle")


@blueprint.post("/courriels/renvoyer")
def send_again() -> ResponseReturnValue:
    """Have the mail that was given up tried once more."""
    if EmptyForm().validate_on_submit():
        flash(facts.sent_again(attention.send_again(guard.me())))
    return see("staff.attention.to_settle")


@blueprint.post("/trop-percus/<int(max=999999999):overpayment_id>")
def hand_back(overpayment_id: int) -> ResponseReturnValue:
    """Note how money owed back was returned."""
    form = HandBackForm()
    if form.validate_on_submit():
        seen, method = form.amount_seen_cents.data or 0, form.method.data
        done = attention.hand_back(guard.me(), overpayment_id, seen, method)
        flash(staff.settled() if done else staff.owed_otherwise())
    return see("staff.attention.to_settle")


@blueprint.route("/debits/<int(max=999999999):charge_id>", methods=["GET", "POST"])
def hand_back_charge(charge_id: int) -> ResponseReturnValue:
    """Note how money that no card takes back was given."""
    one = handed_back.find(charge_id)
    if one is None:
        flash(staff.owed_otherwise())
        return see("staff.attention.to_settle")
    form = HandBackChargeForm()
    if form.validate_on_submit() and try_hand_back(form, one):
        return see("staff.attention.to_settle")
    return page("staff/attention/hand_back_charge.html", form=form, one=one, why=facts.UNMATCHED)


def try_hand_back(form: HandBackChargeForm, one: handed_back.Waiting) -> bool:
    """Note what the form says, unless the day is before the money was found."""
    me = guard.me()
    try:
        done = attention.hand_back_charge(me, one, form.handed(me.username), portal().listeners)
    except handed_back.NotYetFound:
        form.given_on.errors = [staff.not_yet_found(one.charge.found_at)]
        return False
    flash(staff.settled() if done else staff.owed_otherwise())
    return True


@blueprint.route("/demandes/<int(max=999999999):request_id>", methods=["GET", "POST"])
def decide(request_id: int) -> ResponseReturnValue:
    """Read a request and decide it."""
    asked = attention.read_request(guard.my_session(), request_id)
    if asked is None:
        abort(404)
    if asked.is_of_fields:
        return decide_fields(asked)
    form = decision_form(asked)
    if not form.validate_on_submit():
        told = {"set_apart": attention.brings_together(asked), "unverified": asked_fields.is_unverified(asked)}
        return page("staff/attention/decide.html", form=form, asked=asked, **told)
    answer, corrected = form.answer.data.strip(), form.corrections()
    try:
        attention.decide(guard.me(), asked, form.decision.data, answer, corrected, portal().letters, portal().city)
        flash(staff.settled())
    except attention.AlreadyDecided:
        flash(staff.already_decided())
    except ChangedSince:
        flash(staff.changed_since())
        return see("staff.attention.decide", request_id=request_id)
    return see("staff.attention.to_settle")


def decide_fields(asked: ChangeRequest) -> ResponseReturnValue:
    """Read which fields are to change; one press accepts and does it."""
    form = FieldsForm()
    if form.validate_on_submit() and try_decide(form, asked):
        return see("staff.attention.to_settle")
    rows, unverified = asked_fields.standing(asked, portal().city), asked_fields.is_unverified(asked)
    return page(
        "staff/attention/decide.html",
        form=form,
        asked=asked,
        people=[(person, [one for one in rows if one.row.person_id == person.id]) for person in whose(rows)],
        possible=any(one.is_possible for one in rows) and not unverified,
        moves=any(one.moves for one in rows),
        shared=household.shared_among({one.row.person_id for one in rows}),
        unverified=unverified,
        words=family,
    )


def whose(rows: Sequence[asked_fields.Asked]) -> list[Person]:
    """Return whose the fields are, each once, in their order."""
    return list({one.row.person_id: one.row.person for one in rows}.values())


def try_decide(form: FieldsForm, asked: ChangeRequest) -> bool:
    """Do as the button said; say no, with the form saying why, when the files are no more as the page showed them."""
    answer = (form.answer.data or "").strip()
    given = portal().letters, portal().city
    try:
        if form.decision.data == ChangeRequest.REFUSED:
            attention.decide(guard.me(), asked, ChangeRequest.REFUSED, answer, {}, *given)
        else:
            attention.grant(guard.me(), asked, answer, form.shown(), form.resident, *given)
        flash(staff.settled())
    except attention.AlreadyDecided:
        flash(staff.already_decided())
    except ChangedSince:
        form.decision.errors = [staff.changed_since()]
        return False
    except asked_fields.AskerNotVerified:
        form.decision.errors = [family.verify_first()]
        return False
    except asked_fields.NothingToDo:
        form.decision.errors = [family.nothing_to_do()]
        return False
    except asked_fields.ResidenceUndecided:
        form.residence.errors = [family.residence_undecided()]
        return False
    return True


def decision_form(asked: ChangeRequest) -> DecisionForm:
    """Return the form of a request: of a correction, with the card's file to correct."""
    return CorrectionForm(obj=asked.person) if asked.is_correction else DecisionForm()
