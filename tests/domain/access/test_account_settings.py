"""A new password or user code: the present password first, everybody told, other browsers out."""

from dataclasses import replace

import pytest

from domain.access import account_settings, credentials, sessions
from domain.access.credentials import UsernameTaken, WeakPassword, WrongCredentials
from models import Account, AuditEvent, Membership, Message, Session
from tests.factories import make_account, make_person
from tests.walker import PASSWORD

NEW = "érable patient 81"


@pytest.fixture
def mine(account) -> Session:
    return sessions.start(account)[1]


@pytest.fixture
def change_password(mine, letters, city):
    """Return what changes the password from the session `mine`."""
    return lambda current=PASSWORD, new=NEW: account_settings.change_password(mine, current, new, letters, city)


@pytest.fixture
def change_username(account, letters, city):
    """Return what changes the user code."""

    def change(username: str, current: str = PASSWORD) -> None:
        account_settings.change_username(Account.get_by_id(account.id), current, username, letters, city)

    return change


def everything() -> list[tuple]:
    tables = (Account, Session, Message, AuditEvent)
    return [row for table in tables for row in table.select().order_by(table.id).tuples()]


def test_the_new_password_opens_and_the_one_before_does_not(account, change_password):
    change_password()
    assert credentials.sign_in("genevieve", NEW) == account
    with pytest.raises(WrongCredentials):
        credentials.sign_in("genevieve", PASSWORD)


def test_ones_other_browsers_are_out_and_nobody_elses(account, mine, change_password):
    sessions.start(account)
    other = sessions.start(make_account())[1]
    change_password()
    assert {session.id for session in Session.select()} == {mine.id, other.id}


def test_the_file_and_the_other_adult_are_told_and_the_trail_says_so(account, change_password):
    make_person(Membership.get(Membership.person == account.person).household, email="marc@example.com")
    change_password()
    assert {message.recipient for message in Message.select()} == {"file@example.com", "marc@example.com"}
    assert [(event.action, event.person_id) for event in AuditEvent.select()] == [
        ("password changed", account.person_id)
    ]


class Meanwhile(list[str]):
    """Refused words that are looked at once the present password was checked: the password is voided then."""

    def __iter__(self):
        Account.update(password_hash="nobody's").execute()
        return super().__iter__()


def test_voided_while_it_is_changed_the_password_stays_void(mine, letters, city):
    """Who knew it before a separation or a reset had begun to change it when that happened."""
    busy = replace(city, passwords=replace(city.passwords, refused=Meanwhile()))
    with pytest.raises(WrongCredentials):
        account_settings.change_password(mine, PASSWORD, NEW, letters, busy)
    assert Account.get().password_hash == "nobody's"
    assert not Message.select().exists()


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"current": "not this one 12"}, WrongCredentials),
        ({"current": NEW}, WrongCredentials),
        ({"new": "court"}, WeakPassword),
        ({"new": "magog magog 26"}, WeakPassword),
        ({"new": "mon code: genevieve"}, WeakPassword),
    ],
)
def test_a_wrong_or_a_weak_password_changes_nothing(account, change_password, wrong, refusal):
    sessions.start(account)
    before = everything()
    with pytest.raises(refusal):
        change_password(**wrong)
    assert everything() == before


def test_the_new_code_opens_however_it_is_typed_and_the_one_before_does_not(account, change_username):
    change_username("Geneviève.T")
    assert Account.get().username == "Geneviève.T"
    assert credentials.sign_in("GENEVIÈVE.T", PASSWORD) == account
    with pytest.raises(WrongCredentials):
        credentials.sign_in("genevieve", PASSWORD)
    assert [message.recipient for message in Message.select()] == ["file@example.com"]
    assert [event.action for event in AuditEvent.select()] == ["username changed"]


def test_ones_own_code_may_change_its_capitals(change_username):
    change_username("GeneVieve")
    assert Account.get().username == "GeneVieve"


def test_somebody_elses_code_is_taken_and_nobody_is_told(change_username):
    make_account(username="Marc")
    before = everything()
    with pytest.raises(UsernameTaken):
        change_username("MARC")
    assert everything() == before


def test_without_the_present_password_the_code_stays(change_username):
    before = everything()
    with pytest.raises(WrongCredentials):
        change_username("autre", "not this one 12")
    assert everything() == before
