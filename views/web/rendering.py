"""The only render_template: full page or fragment, headers and status are decided here, once."""

from datetime import datetime
from typing import Any

from flask import Response, make_response, redirect, render_template, url_for
from flask_wtf import FlaskForm
from htmx_flask import request
from werkzeug.wrappers import Response as Redirect

from views.web.hour import Hour

PAGE, FRAGMENT = "layouts/page.html", "layouts/fragment.html"


def page(template: str, *, form: FlaskForm | None = None, status: int = 200, **context: object) -> Response:
    """Render a template as a full page, or as the fragment htmx asked for; 422 when the form has errors."""
    fragment = by_htmx()
    failed = form is not None and bool(form.errors)
    response = make_response(
        render_template(
            template, layout=FRAGMENT if fragment else PAGE, fragment=fragment, form=form, failed=failed, **context
        ),
        422 if failed else status,
    )
    if failed and fragment:
        response.headers["HX-Replace-Url"] = "true"  # else every failed try is one more Back to press
    return response


def part(template: str, **context: str | bool | datetime | Hour | None) -> Response:
    """Render a piece of a page that htmx asked for by itself: the rest of the page, and what is typed there, stays."""
    return make_response(render_template(template, **context))


def by_htmx() -> bool:
    """Tell whether htmx asked, which wants a fragment."""
    return bool(request.htmx)


def see(endpoint: str, **values: str | int | None) -> Redirect:
    """Send the browser on after a POST."""
    parts: dict[str, Any] = dict(values)  # those that url_for keeps for itself have other types
    return redirect(url_for(endpoint, **parts), 303)


def load_whole(address: str) -> Redirect:
    """Send the browser to a page it must load whole (sign-in, payment), even from within a fragment."""
    if not by_htmx():
        return redirect(address, 303)
    response = make_response("", 204)
    response.headers["HX-Redirect"] = address
    return response
