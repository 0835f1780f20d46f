"""The audit trail, for the one who answers for it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from domain.access import refused_tries
from domain.common import audit
from views.messages import access, staff
from views.web import paging
from views.web.rendering import page

blueprint = Blueprint("journal", __name__)
SHOWN = 50  # hours


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


@blueprint.get("/journal/essais-refuses")
def refused() -> ResponseReturnValue:
    """Show what the ways in refused lately, by the hour."""
    return page("staff/journal/refused.html", tries=refused_tries.latest(SHOWN), ways=access.REFUSED)
