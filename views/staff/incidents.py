"""The register of confidentiality incidents."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from domain.privacy import incidents
from views.forms.staff import IncidentForm
from views.messages import staff
from views.staff import guard
from views.web.rendering import page, see

blueprint = Blueprint("incidents", __name__)


@blueprint.route("/incidents", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Show the register, and write an incident in it."""
    form = IncidentForm()
    if form.validate_on_submit():
        incidents.record(guard.me(), form.known_on.data, **form.texts())
        flash(staff.recorded())
        return see("staff.incidents.register")
    return page("staff/incidents/register.html", form=form, register=incidents.register())
