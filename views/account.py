"""The way in: sign-in, identification by card, credentials, and the confirmation of an e-mail."""

import secrets
from contextlib import suppress

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required, login_user, logout_user

from domain.access import (
    email_confirmation,
    email_undo,
    identification,
    refused_tries,
    sessions,
    sign_in_line,
    sign_ins,
    sign_up,
    verification,
)
from domain.access.credentials import (
    AccountExists,
    TooBusy,
    UsernameTaken,
    WeakPassword,
    WrongCredentials,
    by_login,
    check_password,
    fold,
)
from domain.access.credentials import sign_in as account_of
from domain.access.identification import CardUnusable, NotIdentified
from domain.access.proof import BadProof, TooManyUnproven
from domain.access.sign_in_line import Turn
from domain.access.unsent_forms import owner_of
from domain.common import clock, rate_limits
from domain.payments import payer_letters
from domain.people.reviews import Decision
from models import Account
from views.forms.account import CardForm, ConfirmEmailForm, CredentialsForm, EmptyForm, GuardedCardForm, SignInForm
from views.messages import access
from views.web import client, known_browser, unsent_forms
from views.web.onward import local_path
from views.web.portal import portal
from views.web.rendering import by_htmx, load_whole, page, see
from views.web.security import signed_in_session

blueprint = Blueprint("account", __name__)
TICKET = "in line"  # in the browser's cookie
A_SECOND = 40  # passwords checked in it, or more


@blueprint.route("/connexion", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in with a user code, or a confirmed e-mail, and a password."""
    form, onward = SignInForm(), local_path(request.args.get("suite", ""))
    if current_user.is_authenticated and (request.method == "GET" or not form.validate()):
        return redirect(onward, 303)  # entered in another tab meanwhile
    try:
        if form.validate_on_submit() and try_sign_in(form):
            return redirect(onward, 303)
    except TooBusy:
        session[TICKET] = sign_in_line.join(fold(form.username.data), form.password.data)
        return line_page(onward, sign_in_line.ask(session[TICKET]))
    return sign_in_page(form)


def sign_in_page(form: SignInForm) -> Response:
    """Show the way in; a proof of work comes with it when it is wanted."""
    wanted = rate_limits.wants_proof(fold(form.username.data or ""), client.origin())
    form.altcha.data = ""
    return page(
        "account/sign_in.html",
        form=form,
        suite=request.args.get("suite"),
        returning=known_browser.came_before(),
        challenge=client.challenge() if wanted else "",
    )


def try_sign_in(form: SignInForm) -> bool:
    """Sign in with a user code and password; False, with the form saying why, when they open nothing."""
    login = fold(form.username.data)
    try:
        if rate_limits.wants_proof(login, client.origin()):
            client.check(form.altcha.data or "")
        sign_in_line.refuse_to_overtake()
        open_session(account_of(login, form.password.data))
    except WrongCredentials:
        blame(form, login)
    except (BadProof, TooManyUnproven):
        form.altcha.errors = [access.not_proven()]
    else:
        return True
    return False


def blame(form: SignInForm, login: str) -> None:
    """Say that a user code and a password do not go together, and count it."""
    rate_limits.note_failed_sign_in(login, client.origin())
    refused_tries.note(refused_tries.Way.PASSWORD, by_login(login))
    form.blame(access.wrong_credentials(), form.username, form.password)


@blueprint.get("/connexion/attente")
def in_line() -> ResponseReturnValue:
    """Keep a place in line while many sign in at once; when its turn has come, do as the sign-in would have."""
    onward = local_path(request.args.get("suite", ""))
    turn = sign_in_line.ask(session.get(TICKET, ""))
    if isinstance(turn, int):
        return line_page(onward, turn)
    if turn is None or turn.is_lost:
        return see("account.sign_in", suite=onward)
    session.pop(TICKET)
    with suppress(WrongCredentials):  # voided since its turn
        if turn.account:
            open_session(turn.account)
            return redirect(onward, 303)
    form = SignInForm(formdata=None, username=turn.login)
    blame(form, turn.login)
    return sign_in_page(form)


def line_page(onward: str, place: int | Turn | None) -> Response:
    """Say that a place is kept; the page comes back for it by itself, and not with all the others."""
    first = place if isinstance(place, int) else 0
    seconds = 2 + first // A_SECOND + secrets.randbelow(3)
    answer = page("account/in_line.html", status=503, before=first, seconds=seconds, onward=onward)
    answer.headers["Retry-After"] = str(seconds)
    return answer


@blueprint.post("/deconnexion")
def sign_out() -> ResponseReturnValue:
    """End the session here and at the server, whatever the token says: leaving must work from a page left open."""
    if current_user.is_authenticated:
        sign_ins.leave(signed_in_session())
        logout_user()
        session.clear()
    flash(access.signed_out())
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
    if google and by_htmx() and request.method == "GET":
        return load_whole(url_for("account.card"))  # its policy, which lets Google in, comes with a whole page
    form = GuardedCardForm() if google else CardForm()
    try:
        if form.validate_on_submit() and try_identify(form):
            return see("account.credentials")
    except CardUnusable as unusable:
        return page(f"account/card_{unusable.page}.html", person=unusable.person, status=422)
    form.altcha.data = ""
    return page("account/card.html", form=form, challenge="" if google else client.challenge())


def try_identify(form: CardForm) -> bool:
    """Keep who is identified for step 2; say no, with the form saying why, when nobody is. Raises: CardUnusable."""
    try:
        client.check_card_page(form.altcha.data or "")
        session["identification"] = identification.identify(
            form.card_number.data, form.birth_date, client.origin(), portal().city, clock.today()
        )
    except NotIdentified:
        form.refused = Decision.IDENTIFICATION
        form.blame(access.not_identified(), form.card_number, form.birth_year, form.birth_month, form.birth_day)
    except (BadProof, TooManyUnproven):
        form.altcha.errors = [access.not_proven()]
    except rate_limits.TooManyHere:
        form.refused = Decision.TOO_MANY_TRIES
        form.altcha.errors = [access.too_many_here()]
    else:
        return True
    return False


@blueprint.get("/compte/lien/<token>")
def link(token: str) -> ResponseReturnValue:
    """Go past step 1 with a link from the e-mail on file; one too old leads back to it."""
    session["identification"] = token
    return see("account.credentials")


@blueprint.route("/compte/identifiants", methods=["GET", "POST"])
def credentials() -> ResponseReturnValue:
    """Step 2: choose a user code and a password; then signed in, to step 3."""
    token = session.get("identification", "")
    person = identification.identified(token)
    if person is None:
        return see("account.card")
    form, wants_code = CredentialsForm(), verification.wants_code(person)
    if form.validate_on_submit() and may_try_code(form, wants_code):
        try:
            check_password(form.password.data, person, form.username.data, portal().city.passwords.refused)
            chosen = form.username.data, form.password.data, form.email.data or ""
            account = sign_up.join(token, *chosen, portal().letters, portal().city, form.one_time_code.data or "")
        except verification.BadCode:
            refused_tries.wrong_code(client.origin())
            form.one_time_code.errors = [access.bad_code()]
        except WeakPassword as weak:
            form.password.errors = [access.weak_password(weak.reason)]
        except UsernameTaken:
            form.username.errors = [access.username_taken()]
        except AccountExists:
            return see("account.sign_in")
        else:
            open_session(account, first_visit=True)
            return see("dossier.rooms")
    return page("account/credentials.html", form=form, person=person, wants_code=wants_code)


def may_try_code(form: CredentialsForm, wants_code: bool) -> bool:
    """Tell whether a code may be tried, when one is wanted: past the limit none opens, the right one neither."""
    if wants_code and not refused_tries.takes_codes(client.origin()):
        form.one_time_code.errors = [access.bad_code()]
        return False
    return True


@blueprint.get("/compte/aide-memoire")
@login_required
def reminder() -> ResponseReturnValue:
    """Show what to remember, to print: never the password."""
    account = signed_in_session().account
    return page("account/reminder.html", username=account.username, public_url=portal().settings.public_url)


@blueprint.route("/courriel/<token>", methods=["GET", "POST"])
def confirm_email(token: str) -> ResponseReturnValue:
    """Make an address count by a button: mail scanners open links, they do not press buttons."""
    form = ConfirmEmailForm()
    try:
        waits = email_confirmation.pending(token)
        mine = current_user.is_authenticated and signed_in_session().account_id == waits.account_id
        if form.validate_on_submit() and try_confirm(form, token, waits.account):
            return page("account/email_confirmed.html", email=waits.email)
        return page("account/confirm_email.html", form=form, email=waits.email, mine=mine)
    except email_confirmation.AddressTaken as taken:
        return page("account/confirm_email.html", email="", taken=taken.email, status=422)
    except email_confirmation.BadLink:
        return page("account/confirm_email.html", email="", status=404)


def try_confirm(form: ConfirmEmailForm, token: str, account: Account) -> bool:
    """Tell whether the address counts now; if not, the form says why. Raises: BadLink, AddressTaken."""
    if not refused_tries.takes_present_password(account):
        form.account_password.errors = [access.too_many_passwords()]
        return False
    by = signed_in_session().account if current_user.is_authenticated else None
    try:
        payer_letters.confirm_address(token, by, form.account_password.data or "", portal().letters, portal().city)
    except WrongCredentials:
        refused_tries.wrong_present_password(account)
        form.account_password.errors = [access.wrong_password()]
        return False
    return True


@blueprint.route("/retablir-courriel/<token>", methods=["GET", "POST"])
def restore_email(token: str) -> ResponseReturnValue:
    """Put back, by a button, an address that was changed; then a new password is chosen."""
    try:
        if EmptyForm().validate_on_submit():
            return see("forgotten.new_password", token=email_undo.undo(token))
        return page("account/restore_email.html", email=email_undo.waiting(token).email)
    except email_undo.BadUndo:
        return page("account/restore_email.html", email="", status=404)


def open_session(account: Account, *, first_visit: bool = False) -> None:
    """Sign an account in, under a new session: nothing of the visitor's before is kept. Raises: WrongCredentials."""
    known_as = known_browser.token()
    told_by = portal().letters, portal().city
    entry = sign_ins.enter(account, client.browser(), known_as, *told_by, first_visit=first_visit)
    if current_user.is_authenticated:
        sessions.end(signed_in_session())
    unsent_forms.begin(owner_of(account))
    known_browser.keep(entry.browser_token)
    entry.session.token = entry.token
    login_user(entry.session)
    for unread in ("_id", "_fresh"):  # flask-login's, for protections that are off: 130 bytes of each request
        session.pop(unread, None)
