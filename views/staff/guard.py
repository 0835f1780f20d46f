"""Who of the city is there, and what she may open: both factors first, then what permissions.py says."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort, g, request, session, url_for
from flask.typing import ResponseReturnValue

from domain.staff import accounts, second_factor
from models import StaffAccount, StaffSession
from views.forms.base import PortalForm
from views.messages import staff
from views.staff import permissions
from views.web import unsent_forms
from views.web.rendering import load_whole

KEY = "staff"  # under which the browser's signed cookie holds the session's token


def let_in() -> ResponseReturnValue | None:
    """Send away whoever has not given both factors; refuse what no role of hers opens."""
    if request.endpoint in permissions.OUTSIDE:
        return None
    mine = session_here()
    if mine is None:
        unsent_forms.put_aside("staff.attention.to_settle")
        return load_whole(url_for("staff.entry.sign_in"))
    if request.endpoint in permissions.HALF_WAY:
        return None
    if not mine.confirmed_at:
        return load_whole(url_for(next_factor(mine)))
    if not opens(request.endpoint or ""):
        abort(403)
    return None


def next_factor(mine: StaffSession) -> str:
    """Return the endpoint where someone with a password goes: set her phone up, or give its code."""
    is_new = mine.staff.password_expires_at or not mine.staff.totp_confirmed_at
    return "staff.entry.first_time" if is_new else "staff.entry.code"


def session_here() -> StaffSession | None:
    """Return the staff session of this browser, with its account."""
    if "staff_session" not in g:
        token = session.get(KEY, "")
        g.staff_session = accounts.find_session(token) if token else None
    found: StaffSession | None = g.staff_session
    return found


def my_session() -> StaffSession:
    """Return the session of who is there: let_in() sent away whoever has none."""
    return session_here() or abort(403)


def me() -> StaffAccount:
    """Return who is there."""
    return my_session().staff


def opens(endpoint: str) -> bool:
    """Tell whether who is there may open a page."""
    return permissions.opens(endpoint, roles_here())


def at_desk() -> bool:
    """Tell whether the page asked for is of the city's side, one that leads nowhere too."""
    return f"{request.path}/".startswith("/personnel/")


def roles_here() -> tuple[str, ...]:
    """Return the roles of who is there with both factors; none on any page that is not staff's."""
    if "staff_roles" not in g:
        mine = session_here() if at_desk() else None
        g.staff_roles = mine.staff.roles if mine and mine.confirmed_at else ()
    found: tuple[str, ...] = g.staff_roles
    return found


@contextmanager
def told_of_code(form: PortalForm) -> Iterator[None]:
    """Say beside the form's code why the block could not take it."""
    try:
        yield
    except second_factor.WrongCode:
        form.code.errors = [staff.wrong_code()]
    except second_factor.TooManyCodes:
        form.code.errors = [staff.too_many_codes()]


def takes_code(form: PortalForm) -> bool:
    """Tell whether the form's code is right: asked again before refunds, roles and exports."""
    with told_of_code(form):
        second_factor.confirm(my_session(), form.code.data or "")
        return True
    return False
