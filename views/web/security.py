"""Who is there, and what every answer says to the browser about what it may do."""

from flask import Flask, Response, abort, request, url_for
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as Redirect

from domain.access import sessions
from models import Session
from settings import Settings
from views.web import unsent_forms
from views.web.rendering import by_htmx, load_whole

BRAINTREE_POLICY = {
    "script-src": "https://assets.braintreegateway.com",
    "frame-src": "https://assets.braintreegateway.com",
    "img-src": "https://assets.braintreegateway.com data:",
    "connect-src": "https://api.braintreegateway.com https://api.sandbox.braintreegateway.com "
    "https://client-analytics.braintreegateway.com https://client-analytics.sandbox.braintreegateway.com "
    "https://*.braintree-api.com",
}

GOOGLE_POLICY = {
    "script-src": "https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/",
    "frame-src": "https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/",
    "connect-src": "https://www.google.com/recaptcha/",
}


# A browser reads no policy of a fragment: the page it goes into has its own. Opened as a page, it would run nothing.
OF_A_FRAGMENT = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"


def register(app: Flask, login_manager: LoginManager, settings: Settings, styles: str) -> None:
    """Load sessions by the cookie's token, and set the headers of every response."""
    login_manager.session_protection = None  # a phone changes address between two antennas
    login_manager.user_loader(sessions.find)
    login_manager.unauthorized_handler(ask_to_sign_in)
    ordinary = _policy(styles, {})
    with_card = _policy(styles, _card_hosts(settings))
    special = dict.fromkeys(("payment.pay", "guest.pay", "vault.add"), with_card)
    if settings.captcha == "recaptcha":
        special["account.card"] = _policy(styles, GOOGLE_POLICY)

    @app.before_request
    def refuse_nul() -> None:
        """Answer 404 to addresses with a NUL: SQLite finds nothing there, PostgreSQL fails."""
        if "\0" in request.path or any("\0" in value for value in request.args.values()):
            abort(404)

    @app.after_request
    def set_headers(response: Response) -> Response:
        headers = response.headers
        policy = OF_A_FRAGMENT if by_htmx() else special.get(request.endpoint or "", ordinary)
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("Cache-Control", "no-store")
        headers.update(everywhere(settings))
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Vary"] = ", ".join(sorted({*headers.get("Vary", "").replace(" ", "").split(","), "HX-Request"} - {""}))
        return response


def everywhere(settings: Settings) -> dict[str, str]:
    """Return the headers that every answer bears, static files too."""
    headers = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
    if settings.https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


def ask_to_sign_in() -> Redirect:
    """Send someone not signed in to the sign-in page, then back here."""
    return load_whole(url_for("account.sign_in", suite=unsent_forms.put_aside("dossier.rooms")))


def signed_in_session() -> Session:
    """Return the session of who is signed in."""
    return current_user._get_current_object()


def _card_hosts(settings: Settings) -> dict[str, str]:
    """Return what the pages with card fields alone may reach: Braintree's hosts, or the simulator."""
    if not settings.simulated:
        return BRAINTREE_POLICY
    return {"frame-src": "'self'", "connect-src": settings.simulator_url, "img-src": "data:"}


def _policy(styles: str, more: dict[str, str]) -> str:
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "worker-src": "'self'",
        "style-src": styles,
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    for name, value in more.items():
        rules[name] = f"{rules.get(name, '')} {value}".strip()
    return "; ".join(f"{name} {value}" for name, value in rules.items())
