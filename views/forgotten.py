"""A forgotten user code or password: a message to the e-mail on file, or a code that the counter reads out."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from domain.access import credentials, identification, password_reset
from domain.access.proof import BadProof, TooManyUnproven
from domain.common import rate_limits
from models import Account
from views.forms.account import CardForm
from views.forms.forgotten import CodeForm, EmailForm, NewPasswordForm
from views.messages import access
from views.web import client
from views.web.portal import portal
from views.web.rendering import page, see

blueprint = Blueprint("forgotten", __name__)


@blueprint.route("/oubli/code", methods=["GET", "POST"])
def username() -> ResponseReturnValue:
    """Send a forgotten user code to the e-mail on file."""
    return ask(password_reset.USERNAME, "forgotten/username.html")


@blueprint.route("/oubli/mot-de-passe", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Send a link for a new password to the e-mail on file."""
    return ask(password_reset.PASSWORD, "forgotten/password.html")


def ask(what: str, template: str) -> ResponseReturnValue:
    """Show the form, by card or by e-mail; answer alike whether an account exists or not."""
    by_email = "email" in request.form or request.args.get("par") == "courriel"
    form = EmailForm() if by_email else CardForm()
    if form.validate_on_submit():
        try:
            client.check(form.altcha.data or "")
        except (BadProof, TooManyUnproven):
            form.altcha.errors = [access.not_proven()]
        else:
            password_reset.help_with(what, account_meant(form), portal().letters, portal().city)
            return see("forgotten.sent")
    form.altcha.data = ""
    return page(template, form=form, by_email=by_email, challenge=client.challenge())


def account_meant(form: CardForm | EmailForm) -> Account | None:
    """Return the account a form is about, if there is one."""
    if isinstance(form, EmailForm):
        return password_reset.account_of_email(form.email.data)
    number = identification.known_form(form.card_number.data, portal().city)
    return password_reset.account_of_card(number, form.birth_date)


@blueprint.get("/oubli/envoye")
def sent() -> ResponseReturnValue:
    """Say what happens now, the same to everyone."""
    return page("forgotten/sent.html")


@blueprint.route("/oubli/code-recu", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Take a one-time code read out at the counter or by phone."""
    form = CodeForm()
    if form.validate_on_submit():
        token = password_reset.plain(form.one_time_code.data)
        if is_open(token):
            return see("forgotten.new_password", token=token)
        form.one_time_code.errors = [access.bad_code()]
    return page("forgotten/code.html", form=form)


@blueprint.route("/mot-de-passe/<token>", methods=["GET", "POST"])
def new_password(token: str) -> ResponseReturnValue:
    """Choose a new password, once; then sign in with it."""
    if not is_open(token):
        return page("forgotten/closed.html", status=404)
    form, person = NewPasswordForm(), password_reset.waiting(token).account.person
    if form.validate_on_submit():
        try:
            account = password_reset.waiting(token).account
            refused = portal().city.passwords.refused
            credentials.check_password(form.password.data, person, account.username, refused)
            password_reset.set_password(token, form.password.data, portal().letters, portal().city)
        except credentials.WeakPassword as weak:
            form.password.errors = [access.weak_password(weak.reason)]
        except password_reset.BadReset:
            return page("forgotten/closed.html", status=404)
        else:
            flash(access.password_changed())
            return see("account.sign_in")
    return page("forgotten/new_password.html", form=form, token=token, person=person)


def is_open(token: str) -> bool:
    """Tell whether a link or code opens something; wrong ones are counted, and past the limit none opens."""
    if rate_limits.is_crowded(rate_limits.WRONG_CODES, client.origin()):
        return False
    try:
        password_reset.waiting(token)
    except password_reset.BadReset:
        rate_limits.note_from(rate_limits.WRONG_CODES, client.origin())
        return False
    return True
