"""Destructions: what is past its time by the city's schedule, to approve, and the list of what was destroyed."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from domain.privacy import retention
from views.forms.staff import ApproveForm
from views.messages import privacy
from views.staff import guard
from views.web.rendering import page, see

blueprint = Blueprint("destructions", __name__)


@blueprint.route("/destructions", methods=["GET", "POST"])
def lists() -> ResponseReturnValue:
    """Show what is proposed, and what was destroyed; approve the lists that are ticked, the code asked again."""
    form = ApproveForm()
    if form.validate_on_submit() and guard.takes_code(form):
        try:
            retention.approve(guard.me(), form.chosen.data)
            flash(privacy.approved())
            return see("staff.destructions.lists")
        except retention.OtherList:
            form.chosen.errors = [privacy.other_list()]
    return page(
        "staff/destructions/lists.html",
        form=form,
        proposed=retention.proposed(),
        as_shown=retention.as_shown,
        approved=retention.approved(),
        name_of=privacy.name_of,
    )
