"""The audit trail, for the one who answers for it."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from domain import audit
from views.rendering import page
from views.staff import guard, sentences

blueprint = Blueprint("journal", __name__)


@blueprint.get("/journal")
@guard.needs("admin")
def events() -> ResponseReturnValue:
    """Show who saw or changed what, the latest first."""
    number = request.args.get("page", 1, type=int)
    found, last = audit.page(max(number, 1))
    return page("staff/journal/events.html", events=found, page_number=max(number, 1), pages=last, said=sentences.act)
