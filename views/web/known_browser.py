"""The cookie by which a browser is known at its next sign-in: it opens nothing, and says who nobody is."""

from flask import Response, after_this_request, request

from domain.access.sign_ins import KNOWN_FOR
from views.web.portal import portal


def name() -> str:
    """Return the cookie's name; over https, one that no other site of the city can set."""
    return "__Host-appareil" if portal().settings.https else "appareil"


def token() -> str:
    """Return what this browser is known by, nothing when it never came in or keeps no cookies."""
    return request.cookies.get(name(), "")


def came_before() -> bool:
    """Tell whether somebody came into an account from here, or was on her way into one: she signs in first."""
    return bool(token() or request.args.get("suite"))


def keep(token: str) -> None:
    """Have the browser keep what it is known by for a year more."""

    @after_this_request
    def set_cookie(response: Response) -> Response:
        secure = portal().settings.https
        response.set_cookie(name(), token, max_age=KNOWN_FOR, secure=secure, httponly=True, samesite="Lax")
        return response
