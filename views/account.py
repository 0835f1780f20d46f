"""The way in: sign-in, identification by card, credentials, and the confirmation of an e-mail."""

from datetime import date
from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required, login_user, logout_user

from domain import credentials as access
from domain import identification, joining, limits, sessions
from domain.identification import BadProof, CardUnusable, NotIdentified, TooManyHere, TooManyUnproven
from views.forms.account import CardForm, CredentialsForm, EmptyForm, SignInForm
from views.portal import portal
from views.rendering import page, see
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
    wanted = limits.wants_proof(access.fold(form.username.data or ""), origin())
    form.altcha.data = ""
    return page(
        "account/sign_in.html",
        form=form,
        suite=request.args.get("suite"),
        challenge=new_challenge() if wanted else "",
    )


def try_sign_in(form: SignInForm) -> object | None:
    """Return the account of a user code and password; None, with the form saying why, when it does not open."""
    login = access.fold(form.username.data)
    try:
        if limits.wants_proof(login, origin()):
            check_presence(form.altcha.data or "")
        return access.sign_in(login, form.password.data)
    except access.WrongCredentials:
        limits.note_failed_sign_in(login, origin())
        form.blame(WRONG_CREDENTIALS(), form.username, form.password)
    except (BadProof, TooManyUnproven):
        form.altcha.errors = [NOT_PROVEN()]
    return None


@blueprint.post("/deconnexion")
def sign_out() -> ResponseReturnValue:
    """End the session here and at the server, whatever the token says: leaving must work from a page left open."""
    if current_user.is_authenticated:
        sessions.end(signed_in_session())
        logout_user()
        session.clear()
    return see("home.welcome")


@blueprint.route("/compte/carte", methods=["GET", "POST"])
def card() -> ResponseReturnValue:
    """Step 1: identify with a citizen card and a birth date."""
    if current_user.is_authenticated:
        return see("dossier.rooms")
    form = CardForm()
    if form.validate_on_submit():
        try:
            check_presence(form.altcha.data or "")
            session["identification"] = identification.identify(
                form.card_number.data, form.birth_date, origin(), portal().city, date.today()
            )
        except CardUnusable as unusable:
            return page(f"account/card_{unusable.page}.html", person=unusable.person, status=422)
        except NotIdentified:
            form.blame(NOT_IDENTIFIED(), form.card_number, form.birth_year, form.birth_month, form.birth_day)
        except (BadProof, TooManyUnproven):
            form.altcha.errors = [NOT_PROVEN()]
        except TooManyHere:
            form.altcha.errors = [
                _("Trop d’essais ont échoué depuis cette connexion Internet. Attendez une heure, ou appelez.")
            ]
        else:
            return see("account.credentials")
    form.altcha.data = ""
    return page("account/card.html", form=form, challenge=new_challenge())


def WRONG_CREDENTIALS() -> str:  # noqa: N802
    """Return the one answer for an unknown code and a wrong password."""
    return _("Ce code d’utilisateur et ce mot de passe ne vont pas ensemble. Vérifiez les deux.")


def NOT_IDENTIFIED() -> str:  # noqa: N802
    """Return the one answer for an unknown card and a wrong date."""
    return _(
        "Ce numéro de carte et cette date de naissance ne vont pas ensemble dans nos dossiers. Vérifiez les deux. "
        "Après cinq dates différentes, la carte doit être débloquée : appelez, ou passez au comptoir."
    )


def NOT_PROVEN() -> str:  # noqa: N802
    """Return the answer to a proof of work that is missing, wrong or used."""
    return _("La vérification n’a pas abouti. Attendez un moment et essayez de nouveau, ou appelez.")


def new_challenge() -> str:
    """Return a challenge for the page, harder while the site is under attack; nothing when none is wanted."""
    captcha = portal().captcha
    return captcha.challenge(hard=limits.is_under_attack()) if captcha else ""


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
            form.password.errors = [weak_password(weak.reason)]
        except access.UsernameTaken:
            form.username.errors = [_("Ce code d’utilisateur est déjà pris. Ajoutez un chiffre ou un mot.")]
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
            return page("account/email_confirmed.html", email=access.confirm_email(token).email)
        return page("account/confirm_email.html", email=access.pending_confirmation(token).email)
    except access.BadLink:
        return page("account/confirm_email.html", email="", status=404)


def check_presence(solution: str) -> None:
    """Want a proof of work; without one (no JavaScript), count against the site's lower allowance.

    Raises: BadProof, TooManyUnproven.
    """
    if portal().captcha is None:
        return
    if solution:
        identification.spend_proof(portal().captcha.check(solution))
    else:
        identification.allow_unproven()


def origin() -> str:
    """Return the address the request comes from, as the proxies we trust tell it."""
    return request.remote_addr or ""


def open_session(account: object, *, first_visit: bool = False) -> None:
    """Sign an account in, under a new session: nothing of the visitor's before is kept."""
    session.clear()
    token, row = sessions.start(account, first_visit=first_visit)
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


def weak_password(reason: str) -> str:
    """Say why a password is refused, and what to do."""
    return {
        "short": _("Le mot de passe est trop court. Il faut au moins 10 caractères."),
        "long": _("Le mot de passe est trop long. Il peut avoir 128 caractères au plus."),
        "common": _("Ce mot de passe est trop répandu. Prenez par exemple trois mots sans lien entre eux."),
        "city": _(
            "Ce mot de passe est fait de mots de la ville, que d’autres devineraient. "
            "Prenez trois mots sans lien entre eux."
        ),
        "own": _(
            "Ce mot de passe contient votre nom, votre code ou votre carte. Prenez trois mots sans lien entre eux."
        ),
    }[reason]
