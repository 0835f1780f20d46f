"""Localisations: the city's places, for anyone; a visitor without a session may keep the pages ten minutes."""

from urllib.parse import urlencode

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy

from domain.activities import schedule
from domain.common import clock
from domain.rentals import places
from views.web.rendering import page

blueprint = Blueprint("places", __name__, url_prefix="/localisations")

KINDS = {
    "ice": lazy("Heures de glace"),
    "room": lazy("Salles"),
    "court": lazy("Terrains"),
    "beach": lazy("Plages"),
    "mooring": lazy("Amarrages et quais"),
    "school": lazy("Écoles"),
    "other": lazy("Autres lieux"),
}
MAP = "https://www.openstreetmap.org/search?"


@blueprint.get("")
def everywhere() -> ResponseReturnValue:
    """List the places by kind and name."""
    return kept(page("places/everywhere.html", places=places.by_kind(), kinds=KINDS))


@blueprint.get("/<code>")
def place(code: str) -> ResponseReturnValue:
    """Tell of one place: where, when, how to reach it, and what takes place there this week."""
    try:
        found = places.find(code)
    except places.NoSuchPlace:
        abort(404)
    today = clock.today()
    week = schedule.by_day(schedule.at_place(found, today))
    where = ", ".join(filter(None, (found.address, found.city, "Québec")))
    return kept(page("places/place.html", place=found, kinds=KINDS, week=week, map=MAP + urlencode({"query": where})))


def kept(answer: Response) -> Response:
    """Let the browser keep the page of a visitor without any session: it is the same for all of them."""
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        answer.headers["Cache-Control"] = "public, max-age=600"
        answer.headers["Vary"] = "Cookie, HX-Request"
    return answer
