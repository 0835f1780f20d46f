"""Accueil, and « Rappelez-moi »."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from domain import outbox
from views.forms.account import SignInForm
from views.forms.home import CallbackForm
from views.portal import portal
from views.rendering import page, see

blueprint = Blueprint("home", __name__)

# How the library will read where the resident stopped; never an address, which may hold a secret.
STEPS = {
    "account.card": "Étape 1, identification",
    "account.credentials": "Étape 2, code et mot de passe",
    "account.sign_in": "Connexion",
    "dossier.rooms": "Étape 3, Mon dossier",
    "billing.accounts": "Comptes et reçus",
    "billing.invoice": "Une facture",
    "payment.pay": "Étape 4, paiement",
    "payment.outcome": "Après le paiement",
}


@blueprint.get("/")
def welcome() -> ResponseReturnValue:
    """Show the way in."""
    return page("home/welcome.html", form=SignInForm())


@blueprint.route("/rappelez-moi", methods=["GET", "POST"])
def callback() -> ResponseReturnValue:
    """Take a phone number and mail it to the library, with the step where the resident stopped."""
    form = CallbackForm()
    stopped_at = form.stopped_at.data or request.args.get("etape", "")
    if form.validate_on_submit():
        write_callback(form, stopped_at)
        return see("home.callback", fait=1)
    return page("home/callback.html", form=form, callback=form, stopped_at=stopped_at, asked="fait" in request.args)


def write_callback(form: CallbackForm, stopped_at: str) -> None:
    """Put the library's message in the outbox."""
    subject, body = portal().letters.write(
        "callback",
        phone=form.phone.data.strip(),
        best_time=(form.best_time.data or "").strip(),
        stopped_at=STEPS.get(stopped_at, "Une autre page"),
    )
    outbox.write(portal().city.help.email, subject, body)
