"""What the site refused somebody, looked at again by a person."""

from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue

from domain.people import reviews
from views.forms.staff import ReviewAnswerForm
from views.messages import reviews as words
from views.messages import staff
from views.staff import guard
from views.web.portal import portal
from views.web.rendering import page, see

blueprint = Blueprint("reviews", __name__)


@blueprint.route("/revisions/<int(max=999999999):review_id>", methods=["GET", "POST"])
def answer(review_id: int) -> ResponseReturnValue:
    """Read what was asked, and answer it."""
    asked = reviews.find(review_id)
    if asked is None:
        abort(404)
    form = ReviewAnswerForm()
    if form.validate_on_submit():
        try:
            reviews.answer(guard.me(), asked, form.outcome.data, form.answer.data.strip(), portal().letters)
            flash(staff.settled())
        except reviews.AlreadyAnswered:
            flash(words.already_answered())
        return see("staff.attention.to_settle")
    refused, used = words.refused(asked.decision), words.used(asked.decision)
    return page("staff/reviews/answer.html", form=form, asked=asked, refused=refused, used=used)
