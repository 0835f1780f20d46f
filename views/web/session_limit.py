"""When a session ends, said before it does: without JavaScript in words, with it also two minutes before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import g, request, session, url_for
from flask_login import AnonymousUserMixin, current_user

from domain.access import identification, sessions
from domain.common import clock
from domain.common.formats import hour
from domain.staff import accounts
from views.staff import guard

WAIT_FOR_AN_OPENING = ("cart", "registering", "payment")


@dataclass(frozen=True)
class Left:
    """What is left of a session: seconds, the hour it ends, and the address that prolongs it, if any does."""

    seconds: int
    at: str
    stay: str


def session_left() -> Left | None:
    """Return what is left of whoever's session this page belongs to; None when there is none, or it cannot be read."""
    if g.get("is_nobody"):
        return None
    if guard.at_desk():
        mine = guard.session_here()
        return _left(mine.created_at, accounts.IDLE, accounts.ABSOLUTE, "staff.entry.stay") if mine else None
    if current_user.is_authenticated:
        return _left(current_user.created_at, _idle(), sessions.ABSOLUTE, "account.stay")
    if request.endpoint == "account.credentials":
        begun = identification.identified_at(session.get("identification", ""))
        return _left(begun, identification.VALID_FOR, identification.VALID_FOR, "") if begun else None
    return None


def as_nobody() -> None:
    """Make what is left of this request's page for nobody, asking the database nothing: it does not answer."""
    g.is_nobody, g._login_user = True, AnonymousUserMixin()
    g.staff_session, g.staff_roles = None, ()


def _idle() -> timedelta:
    """Return how long a session may stay idle: longer around an opening, which the pages that wait for it say."""
    if request.blueprint not in WAIT_FOR_AN_OPENING:
        return sessions.IDLE
    now = clock.now()
    return sessions.ends_if_idle(current_user.account, now) - now


def _left(begun: datetime, idle: timedelta, absolute: timedelta, stay: str) -> Left:
    now = clock.now()
    whole = begun + absolute - now
    seconds = int(min(idle, whole).total_seconds())
    ends = now + timedelta(seconds=seconds)
    return Left(seconds, hour(ends), url_for(stay) if stay and whole > idle else "")
