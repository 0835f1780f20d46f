"""A resident's calendar by a private address: her calendar program asks for it, without signing in."""

from flask import Blueprint, Response, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from domain.access import calendar_links
from views.forms.account import EmptyForm
from views.messages import access
from views.web import calendars
from views.web.portal import portal
from views.web.rendering import page, see
from views.web.security import signed_in_session

blueprint = Blueprint("calendar_link", __name__)
FRAGMENT = "calendrier"


@blueprint.get("/calendrier/<token>.ics")
def days(token: str) -> ResponseReturnValue:
    """Give the days to come of whoever's address it is: her household's activities and reservations."""
    try:
        households = calendar_links.account_of(token).household_ids()
    except calendar_links.NoSuchLink:
        abort(404)
    entries = [*calendars.of_activities(households), *calendars.of_reservations(households)]
    answer: Response = calendars.calendar_file(_("Mes loisirs"), entries, "loisirs.ics")
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@blueprint.post("/mon-dossier/acces/calendrier")
@login_required
def make() -> ResponseReturnValue:
    """Give an address, shown here and nowhere else; the one before opens nothing any more."""
    if not EmptyForm().validate_on_submit():
        return see("access.overview", _anchor=FRAGMENT)
    token = calendar_links.make(signed_in_session().account, portal().letters, portal().city)
    here = portal().settings.public_url.rstrip("/")
    return page("calendar_link/make.html", address=here + url_for("calendar_link.days", token=token))


@blueprint.post("/mon-dossier/acces/calendrier/arreter")
@login_required
def stop() -> ResponseReturnValue:
    """Take the address back."""
    if EmptyForm().validate_on_submit():
        calendar_links.revoke(signed_in_session().account)
        flash(access.calendar_stopped())
    return see("access.overview", _anchor=FRAGMENT)
