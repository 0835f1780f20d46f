"""A forgotten user code or password: a message to the e-mail on file, or a code that the counter reads out."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from domain.access import credentials, help_asked, identification, password_reset, refused_tries
from domain.access.proof import BadProof, TooManyUnproven
from domain.common import rate_limits
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


@blueprint.route("/oubli/carte", methods=["GET", "POST"])
def card() -> ResponseReturnValue:
    """Send a link past step 1 to the e-mail on file, for a card that too many wrong dates closed."""
    return ask(help_asked.CLOSED_CARD, "forgotten/card.html")


def ask(what: str, template: str) -> ResponseReturnValue:
    """Show the form, by card or by e-mail; answer alike whether an account exists or not."""
    by_email = "email" in request.form or request.args.get("par") == "courriel"
    form = EmailForm() if by_email else CardForm()
    if form.validate_on_submit():
        try:
            client.check(form.altcha.data or "")
            note(what, form)
        except (BadProof, TooManyUnproven):
            form.altcha.errors = [access.not_proven()]
        except rate_limits.TooManyHere:
            form.altcha.errors = [access.too_many_here()]
        else:
            return see("forgotten.sent")
    form.altcha.data = ""
    return page(template, form=form, by_email=by_email, challenge=client.challenge())


def note(what: str, form: CardForm | EmailForm) -> None:
    """Note what is asked, for the worker to answer. Raises: TooManyHere."""
    if isinstance(form, EmailForm):
        help_asked.ask_by_email(what, form.email.data, client.origin())
    else:
        number = identification.known_form(form.card_number.data, portal().city)
        help_asked.ask_by_card(what, number, form.birth_date, client.origin())


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
    """Tell whether a link or code opens something; wrong codes are counted, and past the limit none opens.

    Links are too long to be guessed: ten old ones opened at the library close nothing there.
    """
    if not password_reset.is_code(token):
        return password_reset.opens(token)
    if not refused_tries.takes_codes(client.origin()):
        return False
    if password_reset.opens(token):
        return True
    refused_tries.wrong_code(client.origin())
    return False
