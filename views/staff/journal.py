"""The audit trail, for the one who answers for it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from domain.common import audit
from views.messages import staff
from views.web import paging
from views.web.rendering import page

blueprint = Blueprint("journal", __name__)


@blueprint.get("/journal")
def events() -> ResponseReturnValue:
    """Show who saw or changed what, the latest first."""
    number = paging.asked()
    found, last = audit.page(number)
    return page(
        "staff/journal/events.html",
        events=found,
        said=staff.act,
        subject=staff.subject,
        page_number=number,
        pages=last,
    )
