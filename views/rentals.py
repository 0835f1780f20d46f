"""Mes réservations: places and rooms kept for the household."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from domain.common.calendars import Entry
from domain.rentals import reservations as reads
from models import Reservation
from views.web import paging
from views.web.calendars import calendar_file
from views.web.portal import portal
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
    found = reads.upcoming(signed_in_session().account.household_ids())
    return calendar_file(_("Mes réservations"), [entry(one) for one in found], "reservations.ics")


def entry(reservation: Reservation) -> Entry:
    """Make a reservation's entry; one that is only asked for is tentative."""
    place = reservation.place
    return Entry(
        key=f"{reservation.code}@{portal().settings.host}",
        title=place.name,
        starts_at=reservation.starts_at,
        ends_at=reservation.ends_at,
        where=place.location,
        words=reservation.purpose,
        tentative=reservation.status == reservation.REQUESTED,
    )
