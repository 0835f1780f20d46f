"""The city's side: nothing of it opens without a password and a second factor."""

from flask import Blueprint

from views.staff import accounts, attention, cards, changes, entry, guard, households, incidents, journal, money

blueprint = Blueprint("staff", __name__, url_prefix="/personnel")
blueprint.before_request(guard.let_in)
for area in (entry, attention, cards, households, changes, money, accounts, incidents, journal):
    blueprint.register_blueprint(area.blueprint)
