"""Signed-in browsers: each is a row, so that log-out and a new password end it everywhere."""

import secrets
from datetime import datetime, timedelta

from domain.common import clock
from models import Account, AccountUse, Payment, Session, digest, write

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)  # a write for every page would cost more than it tells

# When each session was last seen, until `note_seen` writes it: reading a page must not wait for a long import.
_seen: dict[str, datetime] = {}  # by the token's digest: ids come again after a restore


def start(account: Account, *, browser: str = "", first_visit: bool = False) -> tuple[str, Session]:
    """Open a session for an account; return the token for the cookie and the row."""
    token = secrets.token_urlsafe(32)
    with write():
        session = Session.create(token_digest=digest(token), account=account, browser=browser, first_visit=first_visit)
        _note_use(account)
    return token, session


def _note_use(account: Account) -> None:
    """Note, in the caller's transaction, that an account is in use: it will not be closed for want of it."""
    now = clock.now()
    AccountUse.insert(account=account, used_at=now).on_conflict(
        conflict_target=[AccountUse.account], update={AccountUse.used_at: now, AccountUse.told_at: None}
    ).execute()


def find(token: str) -> Session | None:
    """Return the live session of a cookie's token with its account, and remember that it was seen. Only reads."""
    session = Session.select(Session, Account).join(Account).where(Session.token_digest == digest(token)).first()
    if session is None:
        return None
    now = clock.now()
    if now - seen_at(session) > IDLE or now - session.created_at > ABSOLUTE:
        return None
    if now - session.seen_at > NOTED_EVERY:
        _seen[session.token_digest] = now
    return session


def note_seen() -> None:
    """Write when the sessions were last seen."""
    if not _seen:
        return
    with write():
        for key in list(_seen):
            Session.update(seen_at=_seen.pop(key)).where(Session.token_digest == key).execute()


def of(account: Account) -> list[Session]:
    """Return an account's live sessions, the last seen first."""
    now = clock.now()
    rows = Session.select().where(
        Session.account == account, Session.seen_at > now - IDLE, Session.created_at > now - ABSOLUTE
    )
    return sorted(rows, key=seen_at, reverse=True)


def seen_at(session: Session) -> datetime:
    """Return when a session was last seen, in UTC."""
    return max(session.seen_at, _seen.get(session.token_digest, session.seen_at))


def end(session: Session) -> None:
    """End one session."""
    with write():
        Session.delete().where(Session.id == session.id).execute()


def counts_steps(session: Session) -> bool:
    """Tell whether the four steps are still under way: on a first visit, until something is paid. Only reads."""
    if not session.first_visit:
        return False
    paid = Payment.select().where(Payment.account == session.account_id, Payment.state.in_(Payment.BOOKED_STATES))
    return not paid.exists()


def forget_expired() -> int:
    """Delete the rows of sessions past their time; return how many."""
    now = clock.now()
    with write():
        return Session.delete().where((Session.seen_at < now - IDLE) | (Session.created_at < now - ABSOLUTE)).execute()
