"""Coming in and going out: each is noted, and a browser that never came in before is told to the account's holder.

A browser is known by a cookie of its own, which opens nothing: a random token, whose digest stands here.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import ModelSelect

from city import City
from domain.access import credentials, refused_tries, sessions
from domain.common import audit, clock, outbox, pages
from domain.common.letters import Letters, Told
from domain.people import household
from models import Account, AuditEvent, KnownBrowser, Reminder, Session, digest, write

KNOWN_FOR = timedelta(days=366)  # without coming in
MOST_KNOWN = 20  # browsers of an account; the longest unused is forgotten first
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")  # 128 bits
PAGE_ROWS = 10
NEW_BROWSER = "new browser"  # the letter, and the reminder that tells that it was written today


@dataclass(frozen=True)
class Entry:
    """A browser that has just come in: its session's token and row, and what it is known by from now on."""

    token: str
    session: Session
    browser_token: str


def enter(
    account: Account, browser: str, known_as: str, letters: Letters, city: City, *, first_visit: bool = False
) -> Entry:
    """Open a session in a browser, which says what it is (`browser`) and what it is known by (`known_as`).

    Of the visit that follows sign-up nobody is written to: those concerned have just been. Raises: WrongCredentials,
    when the password was voided since it was checked.
    """
    browser_token = known_as if TOKEN.fullmatch(known_as) else secrets.token_urlsafe(16)
    with write():
        credentials.want_unchanged(account)
        token, session = sessions.start(account, browser=browser, first_visit=first_visit)
        is_new = not _know(account, browser_token, session.created_at) and not first_visit
        act = audit.Act.SIGNED_IN_ANEW if is_new else audit.Act.SIGNED_IN
        audit.by_resident(account, act, subject=browser)
        if is_new:
            _tell(account, browser, letters, city)
    return Entry(token, session, browser_token)


def forget_expired() -> None:
    """Forget the browsers that have not come in for too long."""
    with write():
        KnownBrowser.delete().where(KnownBrowser.seen_at < clock.now() - KNOWN_FOR).execute()


def leave(session: Session) -> None:
    """End a session that somebody signs out of."""
    with write():
        sessions.end(session)
        audit.by_resident(session.account, audit.Act.SIGNED_OUT)


def _know(account: Account, browser_token: str, now: datetime) -> bool:
    """Remember a browser, in the caller's transaction; tell whether it came into this account within a year."""
    mine, key = KnownBrowser.account == account, digest(f"{account.id} {browser_token}")
    lately = (KnownBrowser.key_digest == key) & (KnownBrowser.seen_at > now - KNOWN_FOR)
    was_known = bool(KnownBrowser.update(seen_at=now).where(mine, lately).execute())
    if not was_known:
        KnownBrowser.insert(account=account, key_digest=key, seen_at=now).on_conflict(
            conflict_target=[KnownBrowser.account, KnownBrowser.key_digest], update={KnownBrowser.seen_at: now}
        ).execute()
        kept = KnownBrowser.select(KnownBrowser.id).where(mine).order_by(KnownBrowser.seen_at.desc()).limit(MOST_KNOWN)
        KnownBrowser.delete().where(mine, KnownBrowser.id.not_in(list(kept.scalars()))).execute()
    return was_known


def _tell(account: Account, browser: str, letters: Letters, city: City) -> None:
    """Write to the account's confirmed address, once a day: a browser that keeps no cookies is new every time."""
    if not account.confirmed_email or household.is_read_by_who_is_apart(account, city):
        return
    about, today = (Reminder.account == account) & (Reminder.kind == NEW_BROWSER), clock.today().isoformat()
    Reminder.delete().where(about, Reminder.subject != today).execute()
    first = Reminder.insert(account=account, kind=NEW_BROWSER, subject=today).on_conflict_ignore()
    if first.as_rowcount().execute():
        told: dict[str, Told] = {"person": account.person, "moment": clock.now(), "browser": browser}
        outbox.write(account.confirmed_email, *letters.write("new_browser", **told))


def page(account: Account, number: int) -> tuple[list[AuditEvent], int]:
    """Return a page of the entries into an account, the latest first, and how many pages there are."""
    return pages.page_of(_entries(account).order_by(AuditEvent.id.desc()), number, PAGE_ROWS)


def refused_since_last_visit(mine: Session) -> int:
    """Return how many tries at an account were refused since the entry before this session's."""
    before = _entries(mine.account).where(AuditEvent.at < mine.created_at).order_by(AuditEvent.id.desc()).first()
    return refused_tries.count_since(mine.account, before.at if before else refused_tries.EVER)


def _entries(account: Account) -> "ModelSelect[AuditEvent]":
    return AuditEvent.select().where(AuditEvent.person == account.person_id, AuditEvent.action.in_(audit.ENTRIES))
