"""For which household somebody acts: her only one, or the one she chose in this browser."""

from collections.abc import Sequence

from flask import g, session
from flask_login import current_user

from domain.activities.choosing import Acting
from domain.cart.holds import Durations
from domain.people import household
from models import Person
from views.web.portal import portal
from views.web.security import signed_in_session

CHOSEN = "household"


def household_id() -> int | None:
    """Return the household that whoever is signed in acts for; None when nobody is, or of none."""
    if not current_user.is_authenticated:
        return None
    mine = household_ids()
    chosen = session.get(CHOSEN)
    return chosen if chosen in mine else (mine[0] if mine else None)


def household_ids() -> list[int]:
    """Return the households of whoever is signed in: read once a request."""
    if "household_ids" not in g:
        g.household_ids = sorted(signed_in_session().account.household_ids())
    return list(g.household_ids)


def acting() -> Acting:
    """Return who acts, signed in and of a household: others were sent away before."""
    account = signed_in_session().account
    return Acting(household_id() or 0, portal().city, durations(), account_id=account.id)


def durations() -> Durations:
    """Return how long places are held here."""
    return portal().durations


def people() -> Sequence[Person]:
    """Return the people of the household acted for, the youngest first; nobody when nobody is signed in."""
    mine = household_id()
    return household.people_of(mine) if mine else []
