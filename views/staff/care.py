"""Children in the city's care: what their homes say of them, each look noted, and requests for accompaniment."""

from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue

from domain.access.identification import known_form
from domain.care.accompaniment import AlreadyDecided
from domain.common import clock
from domain.staff import children
from views.forms.care import AccompanimentDecisionForm
from views.forms.staff import CardFileForm
from views.messages import care as words
from views.messages import staff
from views.staff import guard
from views.web.portal import portal
from views.web.rendering import page, see

blueprint = Blueprint("care", __name__)


@blueprint.route("/fiches-sante", methods=["GET", "POST"])
def find() -> ResponseReturnValue:
    """Find a child by her card, posted so that no address holds it, or a group."""
    form = CardFileForm()
    if form.validate_on_submit():
        person = children.find(known_form(form.card_number.data, portal().city))
        if person:
            return see("staff.care.child", person_id=person.id)
        form.card_number.errors = [staff.no_such_card()]
    return page("staff/care/find.html", form=form, groups=children.groups(clock.today()))


@blueprint.get("/fiches-sante/<int(max=999999999):person_id>")
def child(person_id: int) -> ResponseReturnValue:
    """Show what each home of a child says of her."""
    found = children.read_child(guard.my_session(), person_id, portal().city.adult_age, clock.today())
    if found is None:
        abort(404)
    return page("staff/care/child.html", child=found, words=words)


@blueprint.get("/fiches-sante/groupe/<activity>")
def group(activity: str) -> ResponseReturnValue:
    """Show what the homes of a group's children say of them."""
    found = children.read_group(guard.my_session(), activity, portal().city.adult_age, clock.today())
    if found is None:
        abort(404)
    return page("staff/care/group.html", activity=found[0], children=found[1], words=words)


@blueprint.route("/accompagnements/<int(max=999999999):request_id>", methods=["GET", "POST"])
def decide(request_id: int) -> ResponseReturnValue:
    """Read a request for accompaniment, and decide it."""
    asked = children.read_accompaniment(guard.my_session(), request_id)
    if asked is None:
        abort(404)
    form = AccompanimentDecisionForm()
    if not form.validate_on_submit():
        return page("staff/care/decide.html", form=form, asked=asked, words=words)
    try:
        children.decide(guard.me(), asked, form.decision.data, form.answer.data.strip(), portal().letters)
        flash(staff.settled())
    except AlreadyDecided:
        flash(staff.already_decided())
    return see("staff.attention.to_settle")
