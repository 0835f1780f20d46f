"""Accueil, « Demander un appel », Confidentialité, « Créer un favori »."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, jsonify, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from domain.common import outbox, rate_limits
from views.forms.account import SignInForm
from views.forms.home import CallbackForm, PhoneForm
from views.messages import dossier
from views.messages import privacy as privacy_words
from views.web import client, known_browser
from views.web.assets import asset
from views.web.portal import portal
from views.web.rendering import page, see

blueprint = Blueprint("home", __name__)

# How the library will read where the resident stopped; never an address, which may hold a secret.
NO_PAGE = "no page"
STEPS = {
    "home.welcome": "Accueil",
    "account.card": "Étape 1, identification",
    "account.credentials": "Étape 2, code et mot de passe",
    "account.sign_in": "Connexion",
    "dossier.rooms": "Étape 3, Mon dossier",
    "billing.accounts": "Comptes et reçus",
    "billing.invoice": "Une facture",
    "payment.pay": "Étape 4, paiement",
    "payment.outcome": "Après le paiement",
    NO_PAGE: "Page introuvable",
}


@blueprint.get("/")
def welcome() -> ResponseReturnValue:
    """Show the way in."""
    return page("home/welcome.html", form=SignInForm(), returning=known_browser.came_before())


@blueprint.route("/rappelez-moi", methods=["GET", "POST"])
def callback() -> ResponseReturnValue:
    """Take a phone number and mail it to the library, with the step where the resident stopped."""
    form = CallbackForm()
    stopped_at = form.stopped_at.data or request.args.get("etape") or page_before()
    if form.validate_on_submit() and may_ask(form):
        write_callback(form, stopped_at)
        session["called_back_at"] = form.phone.data.strip()
        return see("home.callback", fait=1)
    return page(
        "home/callback.html",
        form=form,
        callback=form,
        stopped_at=stopped_at,
        asked="fait" in request.args,
        phone=session.pop("called_back_at", ""),  # shown once: the next person here must not see it
    )


@blueprint.get("/confidentialite")
def privacy() -> ResponseReturnValue:
    """Say what is collected, why, who sees it, and whom to ask; `kept` says how long it stays."""
    return page("home/privacy.html", google=portal().recaptcha is not None)


@blueprint.get("/confidentialite/conservation")
def kept() -> ResponseReturnValue:
    """Say all that is kept, why, and for how long, by series of the city's schedule."""
    return page("home/kept.html", held=list(privacy_words.held(portal().city)))


@blueprint.get("/favori")
def bookmark() -> ResponseReturnValue:
    """Say how to keep the site at hand on this device."""
    return page("home/bookmark.html")


@blueprint.get("/favori.webmanifest")
def manifest() -> ResponseReturnValue:
    """Name the shortcut and its icon. It opens in the browser, and nothing is kept on the device: no service worker."""
    icons = [
        {"src": asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": asset("icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
    ]
    named = {"name": f"{portal().city.site_name} – {portal().city.name}", "short_name": portal().city.site_name}
    opened = {"start_url": url_for("home.welcome"), "display": "browser", "lang": "fr-CA"}
    answer = jsonify({**named, **opened, "theme_color": portal().city.color, "icons": icons})
    answer.mimetype = "application/manifest+json"
    return answer


def may_ask(form: PhoneForm) -> bool:
    """Count a message for the library; past the limit of an address, say to call."""
    if rate_limits.is_crowded(rate_limits.CALLBACKS, client.origin()):
        form.phone.errors = [dossier.call_instead()]
        return False
    rate_limits.note_from(rate_limits.CALLBACKS, client.origin())
    return True


def page_before() -> str:
    """Return the endpoint of this site's page the resident comes from, by the browser's Referer."""
    try:
        before = urlsplit(request.referrer or "")
        if before.netloc != request.host:
            return ""
        return current_app.url_map.bind(request.host).match(before.path)[0]
    except ValueError:
        return ""
    except HTTPException:
        return NO_PAGE


def write_callback(form: CallbackForm, stopped_at: str) -> None:
    """Put the library's message in the outbox."""
    subject, body = portal().letters.write(
        "callback",
        phone=form.phone.data.strip(),
        best_time=(form.best_time.data or "").strip(),
        stopped_at=STEPS.get(stopped_at, "Une autre page"),
    )
    outbox.write_once(portal().city.help.email, subject, body)
