"""Mes activités à venir: by day, whose and where, what to bring; and the calendar file."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from domain.activities import schedule
from domain.common.calendars import Entry
from views.web import paging
from views.web.calendars import calendar_file
from views.web.portal import portal
from views.web.rendering import page
from views.web.security import signed_in_session

blueprint = Blueprint("activities", __name__, url_prefix="/mon-dossier")


@blueprint.get("/activites")
@login_required
def upcoming() -> ResponseReturnValue:
    """List the household's occurrences to come, by day, and the waiting lists it stands on."""
    households, number = signed_in_session().account.household_ids(), paging.asked()
    occurrences = schedule.of_household(households)
    shown, pages = paging.cut(occurrences, number)
    return page(
        "activities/upcoming.html",
        days=schedule.by_day(shown),
        waiting=schedule.waiting(households),
        page_number=number,
        pages=pages,
    )


@blueprint.get("/activites.ics")
@login_required
def calendar() -> ResponseReturnValue:
    """Give the occurrences to come as a calendar file."""
    occurrences = schedule.of_household(signed_in_session().account.household_ids())
    return calendar_file(_("Mes activités"), [entry(occurrence) for occurrence in occurrences], "activites.ics")


def entry(occurrence: schedule.Attended) -> Entry:
    """Make an occurrence's entry: whose it is stands first, as families read their calendar."""
    place = occurrence.activity.place
    return Entry(
        key=f"{occurrence.registration.code}-{occurrence.starts_at:%Y%m%dT%H%M}@{portal().settings.host}",
        title=f"{occurrence.person.first_name} – {occurrence.activity.title}",
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        where=", ".join(filter(None, (place.name, place.address, place.city))),
        words=_("À apporter\u00a0: %(things)s", things=occurrence.activity.bring) if occurrence.activity.bring else "",
    )
