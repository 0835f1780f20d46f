"""Those whose password waits to be checked: a line, served in order whoever waits at the other end.

It stands in this process's memory: a password is there for the seconds until its turn, and is written nowhere.
"""

import logging
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.access import credentials
from domain.access.credentials import TooBusy, WrongCredentials
from domain.common import clock
from models import Account, connected

MOST = 2_000  # at 18 ms each: less than a minute
ANSWER_KEPT_FOR = timedelta(minutes=2)  # for who does not come back for it

log = logging.getLogger("portal")

_lock = threading.Lock()
_waiting: "OrderedDict[str, Turn]" = OrderedDict()
_answered: "OrderedDict[str, Turn]" = OrderedDict()
_serving = False


@dataclass
class Turn:
    """A try at signing in: `account` is whose it opened once its turn has come, None when it opened none."""

    login: str
    password: str
    account: Account | None = None
    is_lost: bool = False  # nobody knows: it is to be tried anew
    over_at: datetime = field(default_factory=clock.now)


def join(login: str, password: str) -> str:
    """Stand in line; return the ticket by which the answer is asked for. Raises: TooBusy when the line is full."""
    global _serving
    with _lock:
        if len(_waiting) >= MOST:
            raise TooBusy
        ticket = secrets.token_urlsafe(16)
        _waiting[ticket] = Turn(login, password)
        starts, _serving = not _serving, True
    if starts:
        threading.Thread(target=_serve, name="sign-in line", daemon=True).start()
    return ticket


def refuse_to_overtake() -> None:
    """Raises: TooBusy when others wait already."""
    if _waiting:
        raise TooBusy


def ask(ticket: str) -> Turn | int | None:
    """Return, once, what became of a ticket whose turn has come; before it, how many come first; None of no ticket."""
    with _lock:
        if ticket in _answered:
            return _answered.pop(ticket)
        return next((place for place, one in enumerate(_waiting) if one == ticket), None)


def _serve() -> None:
    """Check one password after the other until nobody is left."""
    while first := _first():
        ticket, turn = first
        try:
            with connected():
                turn.account = credentials.sign_in(turn.login, turn.password, credentials.in_turn)
        except WrongCredentials:
            turn.account = None
        except Exception:
            log.exception("a password in line could not be checked")
            turn.is_lost = True
        _note(ticket, turn)


def _first() -> tuple[str, Turn] | None:
    global _serving
    with _lock:
        first = next(iter(_waiting.items()), None)
        _serving = first is not None
    return first


def _note(ticket: str, turn: Turn) -> None:
    turn.password, turn.over_at = "", clock.now()
    with _lock:
        del _waiting[ticket]
        _answered[ticket] = turn
        for old in [one for one, kept in _answered.items() if kept.over_at < turn.over_at - ANSWER_KEPT_FOR]:
            del _answered[old]
