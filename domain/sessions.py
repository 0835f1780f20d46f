"""Signed-in browsers: each is a row, so that log-out and a new password end it everywhere."""

import secrets
from datetime import timedelta

from models import Account, Session, digest, utcnow, write

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)  # a write on every page would cost more than it tells


def start(account: Account, *, first_visit: bool = False) -> tuple[str, Session]:
    """Open a session for an account; return the token for the cookie and the row."""
    token = secrets.token_urlsafe(32)
    with write():
        session = Session.create(token_digest=digest(token), account=account, first_visit=first_visit)
    return token, session


def find(token: str) -> Session | None:
    """Return the live session of a cookie's token with its account, and note that it was seen."""
    session = Session.select(Session, Account).join(Account).where(Session.token_digest == digest(token)).first()
    now = utcnow()
    if session is None or now - session.seen_at > IDLE or now - session.created_at > ABSOLUTE:
        return None
    if now - session.seen_at > NOTED_EVERY:
        with write():
            Session.update(seen_at=now).where(Session.id == session.id).execute()
    return session


def end(session: Session) -> None:
    """End one session."""
    with write():
        Session.delete().where(Session.id == session.id).execute()


def end_first_visit(session: Session) -> None:
    """Note that the four steps are done, so that the pages no longer count them."""
    if not session.first_visit:
        return
    with write():
        Session.update(first_visit=False).where(Session.id == session.id).execute()


def forget_expired() -> int:
    """Delete the rows of sessions past their time; return how many."""
    now = utcnow()
    with write():
        return Session.delete().where((Session.seen_at < now - IDLE) | (Session.created_at < now - ABSOLUTE)).execute()
