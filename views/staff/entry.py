"""How staff come in: password, then the phone's code; the first time, a phone is set up."""

from flask import Blueprint, abort, flash, session
from flask.typing import ResponseReturnValue

from domain.access.credentials import WeakPassword, WrongCredentials, fold
from domain.access.proof import BadProof, TooManyUnproven
from domain.common import rate_limits
from domain.staff import accounts, second_factor
from views.forms.account import EmptyForm, SignInForm
from views.forms.staff import ChangePasswordForm, CodeForm, FirstTimeForm
from views.messages import access
from views.staff import guard
from views.web import client, unsent_forms
from views.web.portal import portal
from views.web.rendering import page, see

blueprint = Blueprint("entry", __name__)


@blueprint.route("/connexion", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for the user name and the password."""
    form = SignInForm()
    if form.validate_on_submit() and (token := try_sign_in(form)):
        begin(token)
        return see("staff.attention.to_settle")
    wanted = rate_limits.wants_proof(login_of(form), client.origin())
    form.altcha.data = ""
    return page("staff/entry/sign_in.html", form=form, challenge=client.challenge() if wanted else "")


def begin(token: str) -> None:
    """Begin a session in this browser; one left open there ends."""
    if before := guard.session_here():
        accounts.end_session(before)
    begun = accounts.find_session(token) or abort(403)  # closed this very moment
    unsent_forms.begin(f"staff {begun.staff.id}")
    session[guard.KEY] = token


def try_sign_in(form: SignInForm) -> str:
    """Return a new session's token; nothing, with the form saying why, when it does not open."""
    try:
        if rate_limits.wants_proof(login_of(form), client.origin()):
            client.check(form.altcha.data or "")
        return accounts.sign_in(form.username.data, form.password.data)
    except WrongCredentials:
        rate_limits.note_failed_sign_in(login_of(form), client.origin())
        form.blame(access.wrong_credentials(), form.username, form.password)
    except (BadProof, TooManyUnproven):
        form.altcha.errors = [access.not_proven()]
    return ""


def login_of(form: SignInForm) -> str:
    """Return the name that failed sign-ins are counted under: no resident's code has a colon."""
    return f"staff:{fold(form.username.data or '')}"


@blueprint.route("/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Ask for the phone's code."""
    form = CodeForm()
    if guard.next_factor(guard.my_session()) != "staff.entry.code":
        return see("staff.entry.first_time")
    if form.validate_on_submit() and guard.takes_code(form):
        return see("staff.attention.to_settle")
    return page("staff/entry/code.html", form=form)


@blueprint.route("/premiere-fois", methods=["GET", "POST"])
def first_time() -> ResponseReturnValue:
    """Replace the temporary password and set a phone up; then show, once, the codes to keep on paper."""
    form, mine = FirstTimeForm(), guard.my_session()
    if guard.next_factor(mine) != "staff.entry.first_time":
        return see("staff.attention.to_settle")
    if form.validate_on_submit():
        try:
            with guard.told_of_code(form):
                refused = portal().city.passwords.refused
                codes = second_factor.begin(mine, form.password.data, form.code.data, refused)
                return page("staff/entry/recovery_codes.html", codes=codes)
        except WeakPassword as weak:
            form.password.errors = [access.weak_password(weak.reason)]
        except WrongCredentials:
            flash(access.reset_meanwhile(), "note")
            return see("staff.entry.sign_in")
    address = second_factor.address_for(mine.staff, portal().city.site_name)
    return page(
        "staff/entry/first_time.html", form=form, picture=portal().documents.qr(address), secret=mine.staff.totp_secret
    )


@blueprint.route("/mot-de-passe", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Change one's own password, the present one and the code being asked again."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            with guard.told_of_code(form):
                given = form.current.data, form.password.data, form.code.data
                second_factor.change_password(guard.my_session(), *given, portal().city.passwords.refused)
                flash(access.password_changed_here())
                return see("staff.attention.to_settle")
        except WrongCredentials:
            form.current.errors = [access.wrong_password()]
        except WeakPassword as weak:
            form.password.errors = [access.weak_password(weak.reason)]
    return page("staff/entry/password.html", form=form)


@blueprint.get("/session")
def stay() -> ResponseReturnValue:
    """Prolong the session: to be seen is enough."""
    return "", 204


@blueprint.post("/deconnexion")
def sign_out() -> ResponseReturnValue:
    """End the session here and at the server."""
    mine = guard.session_here()
    if mine and EmptyForm().validate_on_submit():
        accounts.end_session(mine)
        session.clear()
    return see("staff.entry.sign_in")
