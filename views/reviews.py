"""« Demander qu’une personne revoie »: what a machine refused is looked at again by somebody."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from domain.people import reviews
from views.forms.home import ReviewForm
from views.home import may_ask
from views.messages import reviews as words
from views.web.portal import portal
from views.web.rendering import page, see
from views.web.security import signed_in_session

blueprint = Blueprint("reviews", __name__)


@blueprint.route("/revoir", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Say what was refused and what was used; take a request that a person look again."""
    if "fait" in request.args:
        return page("reviews/ask.html", asked=words.asked())
    form = ReviewForm(
        decision=request.args.get("decision", reviews.Decision.OTHER), sujet=request.args.get("sujet", "")
    )
    if form.decision.data not in set(reviews.Decision):
        abort(404)
    if form.validate_on_submit() and may_ask(form):
        account = signed_in_session().account if current_user.is_authenticated else None
        said = form.sujet.data or "", form.phone.data.strip(), (form.words.data or "").strip()
        reviews.ask(reviews.Decision(form.decision.data), *said, account, portal().letters, portal().city)
        return see("reviews.ask", fait=1)
    refused, used = words.refused(form.decision.data), words.used(form.decision.data)
    return page("reviews/ask.html", form=form, asked="", refused=refused, used=used)
