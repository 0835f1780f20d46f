"""Mes renseignements: what is held on a resident, and what she may do about it."""

from flask import Blueprint, current_app, flash, session
from flask.typing import ResponseReturnValue
from flask_login import login_required, logout_user

from domain.access import credentials
from domain.common import clock
from domain.people import household, requests, reviews
from domain.privacy import file_looks, own_data
from domain.privacy.plain_rows import Section, plain
from views.access import blame_current, may_try
from views.forms.privacy import CloseAccountForm, CorrectionForm
from views.messages import dossier, staff
from views.messages import own_data as own_data_words
from views.messages import reviews as review_words
from views.web import files
from views.web.onward import back_or, way_back
from views.web.portal import portal
from views.web.rendering import page, see
from views.web.security import signed_in_session

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/mon-dossier/renseignements")
@login_required
def details() -> ResponseReturnValue:
    """Show what is held, who opened the file, and what was asked."""
    account = signed_in_session().account
    children = household.children_of(account, portal().city, clock.today())
    return page(
        "privacy/details.html",
        account=account,
        reads_contacts=household.reads_contacts(account),
        members=household.others_of(account),
        requests=requests.by(account.person),
        children={child.id: child for child in children},
        reviews=reviews.by(account.person),
        refused=review_words.refused,
        events=file_looks.of(account, children, limit=30),
        said=staff.act,
    )


@blueprint.get("/mon-dossier/renseignements.<any(json, csv, xlsx):kind>")
@login_required
def download(kind: str) -> ResponseReturnValue:
    """Send all that is held: for another program as JSON, for people as a table or a workbook."""
    account = signed_in_session().account
    held = own_data.sections(account, portal().city, clock.today())
    own_data.note_download(account)
    return files.download(*content_of(held, kind), f"mes-renseignements.{kind}")


def content_of(held: dict[str, Section], kind: str) -> tuple[str | bytes, str]:
    """Return a file's content and its media type."""
    if kind == "xlsx":
        return portal().spreadsheets.workbook(*own_data_words.sheets(held)), files.XLSX
    if kind == "csv":
        return portal().spreadsheets.csv_text(*own_data_words.table(held)), files.CSV
    return current_app.json.dumps({name: plain(section) for name, section in held.items()}), files.JSON


@blueprint.route("/mon-dossier/renseignements/correction", methods=["GET", "POST"])
@login_required
def correction() -> ResponseReturnValue:
    """Ask the city to correct the file."""
    form = CorrectionForm()
    if form.validate_on_submit():
        try:
            account = signed_in_session().account
            requests.ask_correction(account, account.person, form.words.data.strip(), portal().letters, portal().city)
        except requests.TooManyRequests:
            form.words.errors = [dossier.too_many_requests()]
        else:
            flash(dossier.correction_asked())
            return back_or("privacy.details")
    return page("privacy/correction.html", form=form, back=way_back())


@blueprint.route("/mon-dossier/renseignements/fermer", methods=["GET", "POST"])
@login_required
def close() -> ResponseReturnValue:
    """Close the account, the password being asked again."""
    form, mine = CloseAccountForm(), signed_in_session()
    if form.validate_on_submit() and may_try(form):
        try:
            own_data.close_account(mine.account, form.current.data, portal().letters, portal().city)
        except credentials.WrongCredentials:
            blame_current(form)
        except own_data.PaymentUnderWay:
            form.current.errors = [dossier.close_later()]
        else:
            logout_user()
            session.clear()
            flash(dossier.account_closed())
            return see("home.welcome")
    return page("privacy/close.html", form=form)
