"""Changements à reporter: what is to be keyed in the city's other system, and what its file gainsays."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from domain.common import clock
from domain.staff import changes
from views.forms.staff import ChangeForm
from views.messages import family, staff
from views.staff import guard
from views.web.portal import portal
from views.web.rendering import page, see

blueprint = Blueprint("changes", __name__)


@blueprint.get("/changements")
def to_key() -> ResponseReturnValue:
    """List the changes made here that the other system does not know, each with both values."""
    waiting = changes.read(guard.my_session(), portal().city, clock.today())
    return page(
        "staff/changes/to_key.html",
        waiting=waiting,
        fields=staff.FILE_FIELDS,
        kinds=staff.FILE_KINDS,
        said=family.to_key,
    )


@blueprint.post("/changements/<int(max=999999999):change_id>")
def decide(change_id: int) -> ResponseReturnValue:
    """Tick a change off, stand by it, or give it up for the file's."""
    form = ChangeForm()
    if form.validate_on_submit():
        try:
            carry_out(form, change_id)
            flash(staff.settled())
        except changes.OtherSince:
            flash(staff.other_since())
    return see("staff.changes.to_key")


def carry_out(form: ChangeForm, change_id: int) -> None:
    """Do what the button said. Raises: OtherSince."""
    if form.act.data == "keyed":
        changes.tick(guard.me(), change_id)
    elif form.act.data == "ours":
        changes.keep_ours(guard.me(), change_id, form.other_seen.data)
    elif form.act.data == "files":
        changes.take_the_files(guard.me(), change_id, form.other_seen.data)
