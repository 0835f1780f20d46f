"""The register of confidentiality incidents."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from domain import incidents
from views.forms.staff import IncidentForm
from views.rendering import page, see
from views.staff import guard, sentences

blueprint = Blueprint("incidents", __name__)


@blueprint.route("/incidents", methods=["GET", "POST"])
@guard.needs("admin")
def register() -> ResponseReturnValue:
    """Show the register, and write an incident in it."""
    form = IncidentForm()
    if form.validate_on_submit():
        incidents.record(guard.me(), form.known_on.data, **form.texts())
        flash(sentences.recorded())
        return see("staff.incidents.register")
    return page("staff/incidents/register.html", form=form, register=incidents.register())
