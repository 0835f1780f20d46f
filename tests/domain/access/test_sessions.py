"""Signed-in browsers: half an hour without a page, twelve hours in all, and each can be ended."""

from datetime import timedelta

import pytest

from domain.access import sessions
from domain.common import clock
from models import Account, CartItem, Payment, Session
from tests.factories import make_account, make_group, make_invoice, make_payment_under_way

pytestmark = pytest.mark.usefixtures("stopped", "db")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def account(stopped, db) -> Account:
    return make_account()


def found(token: str) -> int | None:
    """Return the id of a token's live session: flask_login holds two sessions for equal unless they bear tokens."""
    session = sessions.find(token)
    return session and session.id


def listed(account: Account) -> list[int]:
    return [session.id for session in sessions.of(account)]


def left() -> set[int]:
    return {session.id for session in Session.select()}


def test_the_cookies_token_finds_its_session_and_is_not_kept(account):
    token, session = sessions.start(account, browser="Firefox, Windows")
    row = sessions.find(token)
    assert (row.id, row.account, row.browser) == (session.id, account, "Firefox, Windows")
    assert token not in str(Session.select().tuples().get())
    assert sessions.find("invented") is None


def test_half_an_hour_without_a_page_ends_it(stopped, account):
    token, session = sessions.start(account)
    stopped.shift(timedelta(minutes=30))
    assert found(token) == session.id
    sessions.note_seen()
    stopped.shift(timedelta(minutes=30) + SECOND)
    assert sessions.find(token) is None
    assert listed(account) == []


def test_a_page_seen_counts_before_it_is_written(stopped, account):
    token, session = sessions.start(account)
    unseen = sessions.start(account)[1]
    for _ in range(3):
        stopped.shift(timedelta(minutes=20))
        assert found(token) == session.id
    assert sessions.seen_at(session) == clock.now()
    assert Session.get_by_id(session.id).seen_at == clock.now() - timedelta(hours=1)
    sessions.note_seen()
    assert Session.get_by_id(session.id).seen_at == clock.now()
    assert Session.get_by_id(unseen.id).seen_at == clock.now() - timedelta(hours=1)


def test_a_page_within_the_minute_is_not_worth_a_note(stopped, account):
    token, _ = sessions.start(account)
    began = clock.now()
    for wait, noted in ((MINUTE, began), (SECOND, began + MINUTE + SECOND)):
        stopped.shift(wait)
        sessions.find(token)
        sessions.note_seen()
        assert Session.get().seen_at == noted


def test_twelve_hours_end_it_whatever_was_seen(stopped, account):
    token, session = sessions.start(account)
    for _ in range(24):
        stopped.shift(timedelta(minutes=30))
        assert found(token) == session.id
        sessions.note_seen()
    stopped.shift(SECOND)
    assert sessions.find(token) is None
    assert listed(account) == []


def test_ones_own_live_sessions_are_told_the_last_seen_first(stopped, account):
    sessions.start(account)
    stopped.shift(timedelta(minutes=31))
    token, older = sessions.start(account)
    stopped.shift(2 * MINUTE)
    newer = sessions.start(account)[1]
    sessions.start(make_account())
    assert listed(account) == [newer.id, older.id]
    stopped.shift(MINUTE)
    sessions.find(token)
    assert listed(account) == [older.id, newer.id]


def test_ending_one_ends_that_one(account):
    one, other = (sessions.start(account)[1] for _ in range(2))
    sessions.end(one)
    assert left() == {other.id}


def test_the_steps_are_counted_on_a_first_visit_until_something_is_paid(account):
    first, later = (sessions.start(account, first_visit=first)[1] for first in (True, False))
    household = account.person.memberships.get().household
    make_payment_under_way(make_invoice(household), account=account)
    make_payment_under_way(make_invoice(household), account=account, state=Payment.REFUSED)
    make_payment_under_way(make_invoice(household), account=make_account(), state=Payment.PAID)
    assert (sessions.counts_steps(first), sessions.counts_steps(later)) == (True, False)
    make_payment_under_way(make_invoice(household), account=account, state=Payment.PAID)
    assert not sessions.counts_steps(first)


@pytest.mark.parametrize("limit", ["IDLE", "ABSOLUTE"])
def test_rows_past_their_time_are_deleted(stopped, account, limit):
    session = sessions.start(account)[1]
    stopped.shift(getattr(sessions, limit))
    if limit == "ABSOLUTE":
        Session.update(seen_at=clock.now()).execute()
    assert sessions.forget_expired() == 0
    stopped.shift(SECOND)
    assert sessions.forget_expired() == 1
    assert session.id not in left()


@pytest.fixture
def opening(account):
    """A wish of the account's household, for what opens in two hours."""
    household = account.person.memberships.get().household
    group = make_group(opens_residents=clock.now() + timedelta(hours=2))
    CartItem.create(household=household, person=account.person, activity=group, state=CartItem.WISH)
    return clock.now() + timedelta(hours=2)


def test_around_an_opening_who_has_a_cart_is_not_put_out_by_idleness(stopped, account, opening):
    token, session = sessions.start(account)
    stopped.shift(timedelta(minutes=40))
    assert sessions.find(token) is None  # her half hour was over before the last one began
    token, session = sessions.start(account)
    for _ in range(2):  # seen last twenty minutes into it, then never until its end
        stopped.shift(timedelta(minutes=20))
        found(token)
    sessions.note_seen()
    assert sessions.ends_if_idle(account, clock.now()) == opening + timedelta(hours=1)
    stopped.shift(opening + timedelta(hours=1) - clock.now())
    assert sessions.forget_expired() == 1  # the one of before
    assert listed(account) == [session.id]
    assert found(token) == session.id


def test_it_ends_once_that_hour_is_over_and_one_without_a_cart_as_ever(stopped, account, opening):
    stopped.shift(timedelta(hours=2))
    token, _session = sessions.start(account)
    other, _ = sessions.start(make_account())
    stopped.shift(timedelta(minutes=45))
    assert found(token)
    assert not found(other)
    stopped.shift(timedelta(minutes=30) + SECOND)
    assert not found(token)
    assert sessions.forget_expired() == 2
