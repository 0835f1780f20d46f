"""The city's side: nothing of it opens without a password and a second factor."""

from flask import Blueprint

from views.staff import (
    accounts,
    attention,
    cards,
    care,
    changes,
    destructions,
    entry,
    guard,
    households,
    incidents,
    journal,
    money,
    reviews,
)

blueprint = Blueprint("staff", __name__, url_prefix="/personnel")
blueprint.before_request(guard.let_in)
for area in (
    entry, attention, reviews, cards, care, households, changes, money, accounts, incidents, destructions, journal,
):  # fmt: skip
    blueprint.register_blueprint(area.blueprint)
