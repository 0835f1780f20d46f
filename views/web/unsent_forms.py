"""A form sent after its session ended: kept, and filled in again once the same person is back."""

from urllib.parse import urlencode

from flask import Flask, flash, g, request, session, url_for
from flask_wtf.csrf import ValidationError, validate_csrf
from werkzeug.datastructures import MultiDict

from domain.access import unsent_forms
from views.messages import access

# In the browser's signed cookie: whose its last session was, and on which page a form of hers waits.
OWNER, PATH = "owner", "unsent form"
# Never kept: secrets, and what only counts once.
NOT_KEPT = {
    "csrf_token", "altcha", "current", "password", "password_again", "code", "one_time_code", "postal_code",
    "payment_method_nonce", "payment_method", "save_payment_method", "amount_seen_cents", "seen_left_cents", "act",
    "other_seen", "stopped_at", "account_password",
}  # fmt: skip


def begin(owner: str) -> None:
    """Begin a session in this browser; of before stays only where a form was left, which its owner alone opens."""
    waiting = session.get(PATH)
    session.clear()
    session[OWNER] = owner
    if waiting:
        session[PATH] = waiting


def put_aside(fallback: str) -> str:
    """Keep what a request that needs a session brought; return where to go once signed in again."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    if request.url_rule is None or "GET" not in (request.url_rule.methods or ()):
        return url_for(fallback)
    if is_own_form():
        fields = {name: values for name, values in request.form.lists() if name not in NOT_KEPT}
        unsent_forms.keep(session[OWNER], request.path, fields)
        session[PATH] = request.path
    chosen = [("facture", number) for number in request.form.getlist("facture")]
    return request.path + ("?" + urlencode(chosen) if chosen else "")


def is_own_form() -> bool:
    """Tell whether the form was made by us for whoever used this browser last."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return bool(session.get(OWNER))


def register(app: Flask) -> None:
    """Fill in again what was kept, when its page is asked for."""

    @app.before_request
    def fill_in() -> None:
        if request.method != "GET" or session.get(PATH) != request.path:
            return
        fields = unsent_forms.take(session[OWNER], session.pop(PATH))
        if fields:
            g.unsent_fields = MultiDict(fields)
            flash(access.typed_again())
