"""Mes activités à venir: by course, whose and where, what to bring; and the calendar file."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from domain.activities import partner_contracts, price_list, schedule
from domain.common import clock
from domain.people import household
from models import Registration
from views.messages import catalogue
from views.messages import courses as words
from views.web import calendars
from views.web.portal import portal
from views.web.rendering import page
from views.web.security import signed_in_session

blueprint = Blueprint("activities", __name__, url_prefix="/mon-dossier")


@blueprint.get("/activites")
@login_required
def upcoming() -> ResponseReturnValue:
    """List what the household is registered for, the next one first, and the waiting lists it stands on."""
    households = signed_in_session().account.household_ids()
    shared = household.shared(households)
    courses = schedule.courses(households, shared)
    return page(
        "activities/upcoming.html",
        courses=courses,
        beside=beside([one.registration for one in courses], households, shared),
        words=words,
        waiting=schedule.waiting(households),
        contracts=partner_contracts.of_households(households, clock.today()),
        shared=shared,
    )


def beside(found: Sequence[Registration], households: Sequence[int], shared: set[int]) -> dict[int, str]:
    """Say what was taken beside places, such as child care, by registration: of those that the households took."""
    ours = [one for one in found if schedule.is_ours(one, households, shared)]
    names = price_list.option_names((one.activity, one.option) for one in ours)
    return {one.id: catalogue.beside(names[one.activity.id, code] for code in one.option.split()) for one in ours}


@blueprint.get("/activites/contrats/<number>.pdf")
@login_required
def contract(number: str) -> ResponseReturnValue:
    """Draw a partner's contract."""
    document = contract_here(number)
    return pdf_of(portal().contract_documents.contract_pdf(document), f"contrat-{document.number}.pdf")


@blueprint.get("/activites/contrats/<number>/resiliation.pdf")
@login_required
def cancellation_form(number: str) -> ResponseReturnValue:
    """Draw the form that ends a partner's contract."""
    document = contract_here(number)
    return pdf_of(portal().contract_documents.cancellation_form_pdf(document), f"resiliation-{document.number}.pdf")


def contract_here(number: str) -> partner_contracts.ContractDocument:
    """Return a contract of the household's, or answer 404."""
    try:
        return partner_contracts.find(number, signed_in_session().account, portal().city)
    except partner_contracts.NoSuchContract:
        abort(404)


def pdf_of(pdf: bytes, name: str) -> Response:
    """Answer with a document."""
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(pdf, mimetype="application/pdf", headers=headers)


@blueprint.get("/activites.ics")
@login_required
def calendar() -> ResponseReturnValue:
    """Give the occurrences to come as a calendar file."""
    entries = calendars.of_activities(signed_in_session().account.household_ids())
    return calendars.calendar_file(_("Mes activités"), entries, "activites.ics")
