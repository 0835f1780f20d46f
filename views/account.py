"""The way in: sign-in, identification by card, credentials, and the confirmation of an e-mail."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required, login_user, logout_user

from domain import credentials as access
from domain import emails, identification, joining, limits, sessions
from domain.common import clock
from domain.identification import BadProof, CardUnusable, NotIdentified, TooManyHere, TooManyUnproven
from views import kept, presence, words
from views.forms.account import CardForm, CredentialsForm, EmptyForm, GuardedCardForm, SignInForm
from views.portal import portal
from views.rendering import load_whole, page, see
from views.security import signed_in_session

blueprint = Blueprint("account", __name__)


@blueprint.route("/connexion", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in with a user code, or a confirmed e-mail, and a password."""
    form, onward = SignInForm(), local_path(request.args.get("suite", ""))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(onward, 303)
    if form.validate_on_submit() and (account := try_sign_in(form)):
        open_session(account)
        return redirect(onward, 303)
    wanted = limits.wants_proof(access.fold(form.username.data or ""), presence.origin())
    form.altcha.data = ""
    return page(
        "account/sign_in.html",
        form=form,
        suite=request.args.get("suite"),
        challenge=presence.challenge() if wanted else "",
    )


def try_sign_in(form: SignInForm) -> object | None:
    """Return the account of a user code and password; None, with the form saying why, when it does not open."""
    login = access.fold(form.username.data)
    try:
        if limits.wants_proof(login, presence.origin()):
            presence.check(form.altcha.data or "")
        return access.sign_in(login, form.password.data)
    except access.WrongCredentials:
        limits.note_failed_sign_in(login, presence.origin())
        form.blame(words.wrong_credentials(), form.username, form.password)
    except (BadProof, TooManyUnproven):
        form.altcha.errors = [words.not_proven()]
    return None


@blueprint.post("/deconnexion")
def sign_out() -> ResponseReturnValue:
    """End the session here and at the server, whatever the token says: leaving must work from a page left open."""
    if current_user.is_authenticated:
        sessions.end(signed_in_session())
        logout_user()
        session.clear()
    return see("home.welcome")


@blueprint.get("/session")
@login_required
def stay() -> ResponseReturnValue:
    """Prolong the session: to be seen is enough."""
    return "", 204


@blueprint.route("/compte/carte", methods=["GET", "POST"])
def card() -> ResponseReturnValue:
    """Step 1: identify with a citizen card and a birth date."""
    if current_user.is_authenticated:
        return see("dossier.rooms")
    google = portal().recaptcha is not None
    if google and request.htmx and request.method == "GET":
        return load_whole(url_for("account.card"))  # its policy, which lets Google in, comes with a whole page
    form = GuardedCardForm() if google else CardForm()
    try:
        if form.validate_on_submit() and try_identify(form):
            return see("account.credentials")
    except CardUnusable as unusable:
        return page(f"account/card_{unusable.page}.html", person=unusable.person, status=422)
    form.altcha.data = ""
    return page("account/card.html", form=form, challenge="" if google else presence.challenge())


def try_identify(form: CardForm) -> bool:
    """Keep who is identified for step 2; say no, with the form saying why, when nobody is. Raises: CardUnusable."""
    try:
        presence.check_card_page(form.altcha.data or "")
        session["identification"] = identification.identify(
            form.card_number.data, form.birth_date, presence.origin(), portal().city, clock.today()
        )
    except NotIdentified:
        form.blame(words.not_identified(), form.card_number, form.birth_year, form.birth_month, form.birth_day)
    except (BadProof, TooManyUnproven):
        form.altcha.errors = [words.not_proven()]
    except TooManyHere:
        form.altcha.errors = [words.too_many_here()]
    else:
        return True
    return False


@blueprint.route("/compte/identifiants", methods=["GET", "POST"])
def credentials() -> ResponseReturnValue:
    """Step 2: choose a user code and a password; then signed in, to step 3."""
    token = session.get("identification", "")
    person = identification.identified(token)
    if person is None:
        return see("account.card")
    form = CredentialsForm()
    if form.validate_on_submit():
        try:
            access.check_password(form.password.data, person, form.username.data, portal().city.passwords.refused)
            account = joining.join(
                token, form.username.data, form.password.data, form.email.data or "", portal().letters, portal().city
            )
        except access.WeakPassword as weak:
            form.password.errors = [words.weak_password(weak.reason)]
        except access.UsernameTaken:
            form.username.errors = [words.username_taken()]
        except access.AccountExists:
            return see("account.sign_in")
        else:
            open_session(account, first_visit=True)
            return see("dossier.rooms")
    return page("account/credentials.html", form=form, person=person)


@blueprint.get("/compte/aide-memoire")
@login_required
def reminder() -> ResponseReturnValue:
    """Show what to remember, to print: never the password."""
    account = signed_in_session().account
    return page("account/reminder.html", username=account.username, public_url=portal().settings.public_url)


@blueprint.route("/courriel/<token>", methods=["GET", "POST"])
def confirm_email(token: str) -> ResponseReturnValue:
    """Make an address count by a button: mail scanners open links, they do not press buttons."""
    try:
        if EmptyForm().validate_on_submit():
            return page("account/email_confirmed.html", email=emails.confirm(token).email)
        return page("account/confirm_email.html", email=emails.pending(token).email)
    except emails.BadLink:
        return page("account/confirm_email.html", email="", status=404)


def open_session(account: object, *, first_visit: bool = False) -> None:
    """Sign an account in, under a new session: nothing of the visitor's before is kept."""
    if current_user.is_authenticated:
        sessions.end(signed_in_session())
    kept.begin(f"resident {account.id}")
    token, row = sessions.start(account, browser=presence.browser(), first_visit=first_visit)
    row.token = token
    login_user(row)


def local_path(address: str) -> str:
    """Return `address` when it is a path of this site, else the dossier's."""
    try:
        elsewhere = urlsplit(address).netloc
    except ValueError:
        elsewhere = address
    local = address.startswith("/") and not address.startswith("//") and address.isprintable() and "\\" not in address
    return address if local and not elsewhere else url_for("dossier.rooms")
