"""Mon profil: the user code, the e-mail, the password, and the browsers signed in."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from domain.access import (
    account_settings,
    calendar_links,
    credentials,
    email_confirmation,
    refused_tries,
    sessions,
    sign_ins,
)
from domain.billing import reminders as reminding
from domain.payments import attached_receipts
from views.forms.access import ChangeEmailForm, ChangePasswordForm, ChangeUsernameForm
from views.forms.account import EmptyForm
from views.forms.base import PortalForm
from views.messages import access, dossier
from views.web import paging
from views.web.portal import portal
from views.web.rendering import page, see
from views.web.security import signed_in_session

blueprint = Blueprint("access", __name__)


@blueprint.get("/mon-dossier/acces")
@login_required
def overview() -> ResponseReturnValue:
    """Show how one enters, and where one is signed in."""
    mine, number = signed_in_session(), paging.asked()
    entries, pages = sign_ins.page(mine.account, number)
    return page(
        "access/overview.html",
        account=mine.account,
        mine=mine,
        waiting=email_confirmation.waiting(mine.account),
        calendar_since=calendar_links.made_at(mine.account),
        reminded=reminding.are_wanted(mine.account),
        attached=attached_receipts.are_wanted(mine.account),
        goes_to_her_alone=not attached_receipts.is_read_by_another(mine.account, portal().city),
        browsers=[(session, sessions.seen_at(session)) for session in sessions.of(mine.account)],
        entries=entries,
        refused_words=access.refused_since,
        refused=sign_ins.refused_since_last_visit(mine),
        browser_named=access.browser,
        is_new=access.is_new_browser,
        page_number=number,
        pages=pages,
    )


@blueprint.post("/mon-dossier/acces/rappels")
@login_required
def reminders() -> ResponseReturnValue:
    """Stop the reminders, or have them again."""
    if EmptyForm().validate_on_submit():
        wanted = request.form.get("wanted") == "1"
        reminding.want(signed_in_session().account, wanted)
        flash(dossier.reminders_on() if wanted else dossier.reminders_off())
    return see("access.overview")


@blueprint.post("/mon-dossier/acces/recus")
@login_required
def receipts_attached() -> ResponseReturnValue:
    """Have receipts attached to their letters, or no more."""
    if EmptyForm().validate_on_submit():
        wanted = request.form.get("wanted") == "1"
        attached_receipts.want(signed_in_session().account, wanted)
        flash(dossier.receipts_attached() if wanted else dossier.receipts_not_attached())
    return see("access.overview", _anchor="recus")


@blueprint.post("/mon-dossier/acces/fermer")
@login_required
def close_others() -> ResponseReturnValue:
    """End every other session."""
    if EmptyForm().validate_on_submit():
        account_settings.close_others(signed_in_session())
        flash(access.others_closed())
    return see("access.overview")


@blueprint.route("/mon-dossier/acces/mot-de-passe", methods=["GET", "POST"])
@login_required
def password() -> ResponseReturnValue:
    """Change the password, the present one being known: every other session ends."""
    form, mine = ChangePasswordForm(), signed_in_session()
    if form.validate_on_submit() and may_try(form):
        try:
            given = form.current.data, form.password.data
            account_settings.change_password(mine, *given, portal().letters, portal().city)
        except credentials.WrongCredentials:
            blame_current(form)
        except credentials.WeakPassword as weak:
            form.password.errors = [access.weak_password(weak.reason)]
        else:
            flash(access.password_changed_here())
            return see("access.overview")
    return page("access/password.html", form=form)


@blueprint.route("/mon-dossier/acces/courriel", methods=["GET", "POST"])
@login_required
def email() -> ResponseReturnValue:
    """Have another e-mail confirmed; until then the one before counts."""
    form, mine = ChangeEmailForm(), signed_in_session()
    if form.validate_on_submit() and may_try(form):
        try:
            email_confirmation.change(mine.account, form.current.data, form.email.data, portal().letters, portal().city)
        except credentials.WrongCredentials:
            blame_current(form)
        else:
            flash(access.confirm_sent(form.email.data))
            return see("access.overview")
    return page("access/email.html", form=form, account=mine.account)


@blueprint.post("/mon-dossier/acces/courriel/annuler")
@login_required
def cancel_email() -> ResponseReturnValue:
    """Have no address wait to be confirmed any more."""
    if EmptyForm().validate_on_submit():
        email_confirmation.cancel(signed_in_session().account)
        flash(access.email_cancelled())
    return see("access.overview")


@blueprint.route("/mon-dossier/acces/code", methods=["GET", "POST"])
@login_required
def username() -> ResponseReturnValue:
    """Change the user code, the present password being known."""
    form, mine = ChangeUsernameForm(), signed_in_session()
    if form.validate_on_submit() and may_try(form):
        wanted = form.username.data.strip()
        try:
            account_settings.change_username(mine.account, form.current.data, wanted, portal().letters, portal().city)
        except credentials.WrongCredentials:
            blame_current(form)
        except credentials.UsernameTaken:
            form.username.errors = [access.username_taken()]
        else:
            flash(access.username_changed())
            return see("access.overview")
    return page("access/username.html", form=form, account=mine.account)


def may_try(form: PortalForm) -> bool:
    """Tell whether the present password may be tried: a browser left open must not be a place to guess it."""
    if not refused_tries.takes_present_password(signed_in_session().account):
        form.current.errors = [access.too_many_passwords()]
        return False
    return True


def blame_current(form: PortalForm) -> None:
    """Say that the present password is wrong, and count it."""
    refused_tries.wrong_present_password(signed_in_session().account)
    form.current.errors = [access.wrong_password()]
