"""Mes renseignements: what is held on a resident, and what she may do about it."""

from flask import Blueprint, Response, flash, jsonify, session
from flask.typing import ResponseReturnValue
from flask_login import login_required, logout_user

from domain import audit, credentials, privacy
from views import words
from views.access import blame_current, may_try
from views.forms.privacy import CloseAccountForm, CorrectionForm
from views.portal import portal
from views.rendering import page, see
from views.security import signed_in_session
from views.staff import sentences

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/mon-dossier/renseignements")
@login_required
def details() -> ResponseReturnValue:
    """Show what is held, who opened the file, and what was asked."""
    account = signed_in_session().account
    return page(
        "privacy/details.html",
        account=account,
        members=privacy.members_of(account),
        requests=privacy.requests_of(account.person),
        events=audit.of(account.person, limit=30),
        said=sentences.act,
    )


@blueprint.get("/mon-dossier/renseignements.<any(json, csv):kind>")
@login_required
def download(kind: str) -> ResponseReturnValue:
    """Send all that is held, as JSON or as a table."""
    account = signed_in_session().account
    held = privacy.everything(account)
    privacy.note_download(account)
    if kind == "json":
        response = jsonify(held)
    else:
        response = Response(portal().tables.text_of(privacy.CSV_HEADER, privacy.as_table(held)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="mes-renseignements.{kind}"'
    return response


@blueprint.route("/mon-dossier/renseignements/correction", methods=["GET", "POST"])
@login_required
def correction() -> ResponseReturnValue:
    """Ask the city to correct the file."""
    form = CorrectionForm()
    if form.validate_on_submit():
        try:
            account = signed_in_session().account
            privacy.ask_correction(account, account.person, form.words.data.strip(), portal().letters, portal().city)
        except privacy.TooManyRequests:
            form.words.errors = [words.too_many_requests()]
        else:
            flash(words.correction_asked())
            return see("privacy.details")
    return page("privacy/correction.html", form=form)


@blueprint.route("/mon-dossier/renseignements/fermer", methods=["GET", "POST"])
@login_required
def close() -> ResponseReturnValue:
    """Close the account, the password being asked again."""
    form, mine = CloseAccountForm(), signed_in_session()
    if form.validate_on_submit() and may_try(form):
        try:
            privacy.close_account(mine.account, form.current.data, portal().letters, portal().city)
        except credentials.WrongCredentials:
            blame_current(form)
        except privacy.PaymentUnderWay:
            form.current.errors = [words.close_later()]
        else:
            logout_user()
            session.clear()
            flash(words.account_closed())
            return see("home.welcome")
    return page("privacy/close.html", form=form)
