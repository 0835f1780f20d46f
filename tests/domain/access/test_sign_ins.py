"""Coming in: what is noted, which browser is new, and who is written to about it, once a day."""

from datetime import timedelta

import pytest

from domain.access import doors, refused_tries, sessions, sign_ins
from domain.access.credentials import WrongCredentials
from domain.common import clock
from models import Account, AuditEvent, KnownBrowser, Message, Person, Reminder, Separation, Session, write
from tests.factories import make_account, make_household, make_person

pytestmark = pytest.mark.usefixtures("stopped")
ADDRESS = "genevieve@example.com"
CHROME = "Chrome, Android"
A_DAY, A_YEAR = timedelta(days=1), timedelta(days=366)


@pytest.fixture
def mine(stopped, account) -> Account:
    """An account with a confirmed address."""
    Account.update(email=ADDRESS, email_key=ADDRESS, email_confirmed_at=clock.now()).execute()
    return Account.get()


@pytest.fixture
def enters(app, city, stopped):
    """Return what signs an account in, from a browser known by a token, a minute after whatever came before."""
    letters = app.extensions["portal"].letters

    def enter(account: Account, known_as: str = "", **how) -> sign_ins.Entry:
        stopped.shift(60)
        return sign_ins.enter(Account.get_by_id(account.id), CHROME, known_as, letters, city, **how)

    return enter


def told() -> list[str]:
    return [message.recipient for message in Message.select().where(Message.subject.contains("nouveau navigateur"))]


def noted() -> list[tuple[str, str]]:
    return [(one.action, one.subject) for one in AuditEvent.select().order_by(AuditEvent.id)]


def test_a_browser_is_new_once_and_the_confirmed_address_is_told(mine, enters):
    known_as = enters(mine).browser_token
    assert told() == [ADDRESS]
    assert enters(mine, known_as).browser_token == known_as
    assert told() == [ADDRESS]
    assert noted() == [("signed in, new browser", CHROME), ("signed in", CHROME)]


def test_the_letter_says_when_from_what_and_what_to_do_and_nothing_that_opens(mine, enters):
    enters(mine)
    body = Message.get().body.replace("\u00a0", " ")
    for words in ("23 novembre 2026", "Chrome sur Android", "/mon-dossier/acces/mot-de-passe", "une fois par jour"):
        assert words in body
    for secret in (mine.username, mine.person.card_number, mine.person.last_name):
        assert secret not in body


def test_the_visit_that_follows_sign_up_tells_nobody_and_its_browser_is_known(mine, enters):
    known_as = enters(mine, first_visit=True).browser_token
    enters(mine, known_as)
    assert told() == []
    assert noted() == [("signed in", CHROME)] * 2


def test_a_browser_that_keeps_no_cookies_is_told_of_once_a_day(mine, enters, stopped):
    for _ in range(5):
        enters(mine)
    assert len(told()) == 1
    stopped.shift(A_DAY)
    enters(mine)
    assert len(told()) == 2
    assert Reminder.select().count() == 1, "it does not grow"
    assert noted() == [("signed in, new browser", CHROME)] * 6, "all of them stand in the history"


@pytest.mark.parametrize("forged", ["", "x", "é" * 22, "x" * 4_000])
def test_what_no_cookie_of_ours_holds_is_no_browser_known(mine, enters, forged):
    entry = enters(mine, forged)
    assert (len(entry.browser_token), entry.browser_token != forged) == (22, True)


def test_one_browser_of_two_accounts_is_known_to_each_and_the_rows_do_not_tell(mine, enters):
    known_as = enters(mine).browser_token
    other = make_account()
    assert enters(other, known_as).browser_token == known_as
    keys = [row.key_digest for row in KnownBrowser.select()]
    assert len(set(keys)) == 2
    assert known_as not in keys
    assert noted()[-1][0] == "signed in, new browser", "new to that account"


def test_so_many_browsers_are_known_and_the_longest_unused_is_forgotten(mine, enters):
    first, second = enters(mine).browser_token, enters(mine).browser_token
    for _ in range(sign_ins.MOST_KNOWN - 2):
        enters(mine)
    enters(mine, first)
    enters(mine)
    assert KnownBrowser.select().count() == sign_ins.MOST_KNOWN
    enters(mine, first)
    assert noted()[-1][0] == "signed in"
    enters(mine, second)
    assert noted()[-1][0] == "signed in, new browser"


def test_a_year_unused_it_is_new_again(mine, enters, stopped):
    known_as = enters(mine).browser_token
    stopped.shift(A_YEAR + A_DAY)
    enters(mine, known_as)
    assert noted()[-1][0] == "signed in, new browser"
    assert KnownBrowser.select().count() == 1


def test_closing_every_door_makes_every_browser_new_but_the_one_that_stays(mine, enters):
    one, other = enters(mine), enters(mine)
    with write():
        doors.close(mine, but=Session.get_by_id(one.session.id))
    enters(mine, one.browser_token)
    assert noted()[-1][0] == "signed in"
    enters(mine, other.browser_token)
    assert noted()[-1][0] == "signed in, new browser"
    with write():
        doors.close(mine)
    assert not KnownBrowser.select().exists()


def test_nobody_is_told_where_no_address_is_confirmed(mine, enters):
    Account.update(email_confirmed_at=None).execute()
    enters(mine)
    assert not Message.select().exists()


def leaves(person: Person) -> None:
    home = person.memberships.get().household
    Separation.create(person=person, household=home, apart=make_household(), at=clock.now())


def test_an_address_that_counted_before_she_left_is_not_told_and_one_of_since_is(mine, enters, stopped):
    leaves(mine.person)
    enters(mine)
    assert told() == []
    stopped.shift(A_DAY)
    Account.update(email_confirmed_at=clock.now()).execute()
    enters(mine)
    assert told() == [ADDRESS]


@pytest.mark.parametrize("who", ["she", "the other", "nobody"])
def test_an_address_on_anothers_card_is_told_only_while_nobody_left(mine, enters, who, stopped):
    other = make_person(mine.person.memberships.get().household, email=ADDRESS.upper())
    if who != "nobody":
        leaves({"she": mine.person, "the other": other}[who])
        stopped.shift(A_DAY)
        Account.update(email_confirmed_at=clock.now()).execute()
    enters(mine)
    assert told() == ([ADDRESS] if who == "nobody" else [])


def test_leaving_ends_the_session_and_is_noted(mine, enters):
    sign_ins.leave(enters(mine).session)
    assert not Session.select().exists()
    assert noted()[-1] == ("signed out", "")


def test_the_latest_ten_stand_on_the_first_page_and_the_rest_after(mine, enters):
    stranger = make_account()
    for _ in range(12):
        enters(mine)
    enters(stranger)
    first, pages = sign_ins.page(mine, 1)
    second, _pages = sign_ins.page(mine, 2)
    assert (len(first), len(second), pages) == (10, 2, 2)
    assert first[0].at > first[-1].at > second[0].at
    assert {event.person_id for event in first + second} == {mine.person_id}


def test_tries_refused_since_the_visit_before_are_counted_and_no_others(mine, enters, stopped):
    def fails(times: int) -> None:
        for _ in range(times):
            stopped.shift(1)
            refused_tries.note(refused_tries.Way.PASSWORD, mine)
            refused_tries.note(refused_tries.Way.PASSWORD, make_account())

    fails(3)
    first = enters(mine).session
    assert sign_ins.refused_since_last_visit(first) == 3, "before she first came"
    fails(2)
    second = enters(mine).session
    assert sign_ins.refused_since_last_visit(second) == 2, "within the hour in which she mistyped herself"
    stopped.shift(A_DAY)
    fails(1)
    assert sign_ins.refused_since_last_visit(second) == 3
    third = enters(mine).session
    assert sign_ins.refused_since_last_visit(third) == 1


def test_all_of_it_goes_with_the_account(mine, enters):
    enters(mine)
    refused_tries.note(refused_tries.Way.PASSWORD, mine)
    mine.delete_instance()
    left = (KnownBrowser, refused_tries.RefusedTry, Reminder, Session)
    assert [table.select().count() for table in left] == [0, 0, 0, 0]
    assert sessions.of(mine) == []


def test_a_browser_that_stays_away_for_a_year_is_forgotten(db):
    account = make_account()
    KnownBrowser.create(account=account, key_digest="old", seen_at=clock.now() - sign_ins.KNOWN_FOR - timedelta(days=1))
    KnownBrowser.create(account=account, key_digest="new", seen_at=clock.now())
    sign_ins.forget_expired()
    assert [row.key_digest for row in KnownBrowser.select()] == ["new"]


def test_a_password_voided_since_it_was_checked_opens_no_session(mine, app, city):
    checked = Account.get_by_id(mine.id)
    Account.update(password_hash="nobody's").execute()
    with pytest.raises(WrongCredentials):
        sign_ins.enter(checked, CHROME, "", app.extensions["portal"].letters, city)
    assert not Session.select().exists()
    assert not noted()
