"""Mes réservations: places and rooms kept for the household."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from domain.rentals import reservations as reads
from views.web import calendars, paging
from views.web.rendering import page
from views.web.security import signed_in_session

blueprint = Blueprint("rentals", __name__, url_prefix="/mon-dossier")


@blueprint.get("/reservations")
@login_required
def reservations() -> ResponseReturnValue:
    """List the household's reservations: those to come, then the others by pages."""
    households, number = signed_in_session().account.household_ids(), paging.asked()
    past, pages = reads.past(households, number, paging.ROWS)
    return page(
        "rentals/reservations.html",
        upcoming=reads.upcoming(households),
        past=past,
        page_number=number,
        pages=pages,
    )


@blueprint.get("/reservations.ics")
@login_required
def calendar() -> ResponseReturnValue:
    """Give the reservations to come as a calendar file."""
    entries = calendars.of_reservations(signed_in_session().account.household_ids())
    return calendars.calendar_file(_("Mes réservations"), entries, "reservations.ics")
