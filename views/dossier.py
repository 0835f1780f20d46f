"""Mon dossier: what is due now, then the rooms."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import login_required

from domain.access import sessions
from domain.billing import invoices
from domain.common import clock
from views.care import family_ready
from views.web import acting
from views.web.rendering import page
from views.web.security import signed_in_session

blueprint = Blueprint("dossier", __name__)


@blueprint.get("/mon-dossier")
@login_required
def rooms() -> ResponseReturnValue:
    """Step 3: show what is due, first, and the rooms that work."""
    session = signed_in_session()
    households = acting.household_ids()
    return page(
        "dossier/rooms.html",
        first_visit=sessions.counts_steps(session),
        waiting_email=session.account.waiting_email,
        due=invoices.due(households, clock.today()),
        under_way=invoices.payments_under_way(households),
        family=family_ready(),
    )
