"""Signed-in browsers: each is a row, so that log-out and a new password end it everywhere."""

import secrets
from datetime import datetime, timedelta

from peewee import ModelSelect

from domain.common import clock
from models import Account, AccountUse, Activity, CartItem, Membership, Payment, Session, built_once, digest, write

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
AROUND_AN_OPENING = timedelta(hours=1)  # before and after: who has a cart waits, and touches nothing
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
    session: Session | None = next(iter(_of_token(digest(token))), None)
    now = clock.now()
    if session is None or not _is_live(session, now):
        return None
    if now - session.seen_at > NOTED_EVERY:
        _seen[session.token_digest] = now
    return session


@built_once
def _of_token(token_digest: str) -> "ModelSelect[Session]":
    return Session.select(Session, Account).join(Account).where(Session.token_digest == token_digest)


def _is_live(session: Session, now: datetime) -> bool:
    if now - session.created_at > ABSOLUTE:
        return False
    return now - seen_at(session) <= IDLE or now <= ends_if_idle(session.account, seen_at(session))


def ends_if_idle(account: Account, seen: datetime) -> datetime:
    """Return when a session last seen at a moment ends by idleness: not while what is in the cart is about to open.

    From an hour before an opening to an hour after it none ends; it then ends when that hour is over.
    """
    ends = seen + IDLE
    mine = Membership.select(Membership.household).where(Membership.person == account.person_id)
    hours = Activity.opens_residents, Activity.opens_neighbours, Activity.opens_everyone
    rows = CartItem.select(*hours).join(Activity).distinct()
    of_cart = rows.where(CartItem.household.in_(mine), CartItem.state.in_(CartItem.IN_CART)).tuples().iterator()
    for opening in sorted({hour for row in of_cart for hour in row if hour}):
        if opening - AROUND_AN_OPENING <= ends < opening + AROUND_AN_OPENING:
            ends = opening + AROUND_AN_OPENING
    return ends


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
    rows = Session.select(Session, Account).join(Account).where(Session.account == account)
    return sorted((row for row in rows if _is_live(row, now)), key=seen_at, reverse=True)


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
    idle = Session.select(Session, Account).join(Account).where(Session.seen_at < now - IDLE)
    waiting = [one.id for one in idle.where(Account.person.in_(_about_to_open(now))) if _is_live(one, now)]
    over = (Session.seen_at < now - IDLE) & Session.id.not_in(waiting)
    with write():
        return Session.delete().where(over | (Session.created_at < now - ABSOLUTE)).execute()


def _about_to_open(now: datetime) -> "ModelSelect[Membership]":
    """Select the people of the households in whose cart something opens, or opened, within the hour."""
    hours = Activity.opens_residents, Activity.opens_neighbours, Activity.opens_everyone
    soon = [hour.between(now - AROUND_AN_OPENING, now + AROUND_AN_OPENING) for hour in hours]
    items = CartItem.select(CartItem.household).join(Activity)
    households = items.where(CartItem.state.in_(CartItem.IN_CART), soon[0] | soon[1] | soon[2])
    return Membership.select(Membership.person).where(Membership.household.in_(households))
