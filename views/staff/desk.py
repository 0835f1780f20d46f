"""À régler: what waits for a person, and the residents' requests."""

from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue

from domain import attention
from views.forms.account import EmptyForm
from views.forms.staff import DecisionForm
from views.rendering import page, see
from views.staff import guard, sentences

blueprint = Blueprint("desk", __name__)


@blueprint.get("")
def to_settle() -> ResponseReturnValue:
    """List what waits: uncertain payments, alerts, requests."""
    return page("staff/desk/to_settle.html", waiting=attention.waiting(), headings=sentences.ALERTS)


@blueprint.post("/alertes/<int(max=999999999):alert_id>")
def settle_alert(alert_id: int) -> ResponseReturnValue:
    """Close an alert."""
    if EmptyForm().validate_on_submit():
        attention.settle_alert(guard.me(), alert_id)
        flash(sentences.settled())
    return see("staff.desk.to_settle")


@blueprint.route("/demandes/<int(max=999999999):request_id>", methods=["GET", "POST"])
def decide(request_id: int) -> ResponseReturnValue:
    """Read a request and decide it."""
    asked, form = attention.read_request(guard.me(), request_id), DecisionForm()
    if asked is None:
        abort(404)
    if form.validate_on_submit():
        try:
            attention.decide(guard.me(), asked, form.decision.data, form.answer.data.strip())
            flash(sentences.settled())
        except attention.AlreadyDecided:
            flash(sentences.already_decided())
        return see("staff.desk.to_settle")
    return page("staff/desk/decide.html", form=form, asked=asked)
