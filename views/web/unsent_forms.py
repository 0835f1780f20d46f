"""A form sent after its session ended: kept, and filled in again once the same person is back."""

from urllib.parse import urlencode

from flask import Flask, flash, g, request, session, url_for
from flask_wtf.csrf import ValidationError, validate_csrf
from werkzeug.datastructures import MultiDict

from domain.access import unsent_forms
from domain.common.credit_cards import holds_credit_card
from views.messages import access

# In the browser's signed cookie: whose its last session was, and on which page a form of hers waits.
OWNER, PATH = "owner", "unsent form"
# Never kept: secrets, and what only counts once.
NOT_KEPT = {
    "csrf_token", "altcha", "current", "password", "password_again", "code", "one_time_code", "postal_code",
    "payment_method_nonce", "payment_method", "save_payment_method", "amount_seen_cents", "seen_left_cents", "act",
    "rules_seen", "seen_dispute", "other_seen", "stopped_at", "account_password", "decision", "sujet",
    "total_seen_cents",
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
    has_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    kept = has_page and is_own_form() and keep()
    if session:  # another site's form comes without our cookie, and is not to replace it
        typed = "payment_method_nonce" in request.form
        flash(access.session_over(request.endpoint or "", kept=kept, typed=typed), "note")
    if not has_page:
        return url_for(fallback)
    asked = [*request.args.items(multi=True), *(("facture", number) for number in request.form.getlist("facture"))]
    return request.path + ("?" + urlencode(asked) if asked else "")


def keep() -> bool:
    """Keep what was typed, but secrets and what counts once; tell whether anything is."""
    fields = what_may_be_kept()
    is_kept = unsent_forms.keep(session[OWNER], request.path, fields)
    session[PATH] = request.path
    return is_kept and any(text for values in fields.values() for text in values)


def what_may_be_kept() -> dict[str, list[str]]:
    """Return what was typed, but secrets and what counts once."""
    return {
        name: values
        for name, values in request.form.lists()
        if name not in NOT_KEPT and not any(map(holds_credit_card, values))
    }


def ticked(name: str) -> list[str]:
    """Return which boxes of a name were ticked: in this request, or in the one whose session was over."""
    sent: MultiDict[str, str] = g.get("unsent_fields") or request.form
    return sent.getlist(name)


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
        fields = unsent_forms.read(session[OWNER], session.pop(PATH))
        if fields:
            g.unsent_fields = MultiDict(fields)
            flash(access.typed_again())
