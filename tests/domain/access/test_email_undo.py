"""An address that was changed is put back by whoever reads it: once, within a week, and all doors close."""

from datetime import timedelta

import pytest

from domain.access import credentials, email_confirmation, email_undo, password_reset, sessions
from domain.access.email_undo import BadUndo
from domain.common import clock
from models import Account, Message, PreviousEmail, Separation
from tests.factories import make_account, make_household, make_person
from tests.walker import PASSWORD

WEEK = timedelta(days=7)


@pytest.fixture
def changes(account, letters, city):
    """Return what gives the account another confirmed address; it has old@example.com."""
    values = {"email": "old@example.com", "email_key": "old@example.com", "email_confirmed_at": clock.now()}
    Account.update(**values).where(Account.id == account.id).execute()

    def change(email: str) -> None:
        now = Account.get_by_id(account.id)
        email_confirmation.confirm(email_confirmation.ask_confirmation(now, email), letters, city)

    return change


def links() -> list[tuple[str, str]]:
    """Return the links that put addresses back, each with where it was sent."""
    sent = Message.select().where(Message.body.contains("/retablir-courriel/")).order_by(Message.id)
    return [(one.recipient, one.body.partition("/retablir-courriel/")[2].split()[0]) for one in sent]


def address() -> str:
    return Account.get(Account.username == "genevieve").confirmed_email


def test_the_address_before_is_told_and_its_link_puts_it_back(changes):
    changes("thief@example.com")
    [(recipient, token)] = links()
    assert recipient == "old@example.com"
    assert email_undo.waiting(token).email == "old@example.com"
    email_undo.undo(token)
    assert address() == "old@example.com"
    with pytest.raises(BadUndo):
        email_undo.undo(token)


def test_the_password_of_before_opens_nothing_and_a_new_one_is_chosen(account, changes, letters, city):
    browser = sessions.start(account)[0]
    changes("thief@example.com")
    new = email_undo.undo(links()[0][1])
    assert sessions.find(browser) is None
    with pytest.raises(credentials.WrongCredentials):
        credentials.sign_in("genevieve", PASSWORD)
    password_reset.set_password(new, "tartine des érables 4", letters, city)
    assert credentials.sign_in("old@example.com", "tartine des érables 4") == account


def test_addresses_given_since_have_their_links_void_and_earlier_ones_do_not(changes):
    for email in ("thief@example.com", "thief2@example.com"):
        changes(email)
    (_, first), (recipient, second) = links()
    assert recipient == "thief@example.com"
    email_undo.undo(first)
    with pytest.raises(BadUndo):
        email_undo.waiting(second)
    changes("third@example.com")
    changes("fourth@example.com")
    tokens = [token for _, token in links()]
    email_undo.undo(tokens[-1])
    assert address() == "third@example.com"
    email_undo.undo(tokens[-2])
    assert address() == "old@example.com"


def test_the_link_serves_for_a_week(stopped, changes):
    changes("thief@example.com")
    token = links()[0][1]
    stopped.shift(WEEK)
    with pytest.raises(BadUndo):
        email_undo.undo(token)
    assert address() == "thief@example.com"
    email_undo.forget_expired()
    assert not PreviousEmail.select().exists()


def test_the_first_address_and_the_same_one_again_offer_nothing(account, letters, city):
    for _ in range(2):
        now = Account.get_by_id(account.id)
        email_confirmation.confirm(email_confirmation.ask_confirmation(now, "a@example.com"), letters, city)
    assert links() == []


def test_an_address_somebody_else_confirmed_meanwhile_is_not_taken_back(account, changes):
    changes("new@example.com")
    values = {"email": "old@example.com", "email_key": "old@example.com", "email_confirmed_at": clock.now()}
    make_account(**values)
    with pytest.raises(BadUndo):
        email_undo.undo(links()[0][1])
    assert address() == "new@example.com"


@pytest.mark.parametrize(("stays", "sent"), [(False, 0), (True, 1)])
def test_nothing_goes_to_a_mailbox_that_someone_set_apart_leaves(account, changes, stays, sent):
    homes = {"household": make_household(), "apart": make_household()}
    Separation.create(person=account.person, stays=stays, **homes)
    changes("new@example.com")
    assert len(links()) == sent


def test_an_address_on_another_adults_card_gets_no_link_that_opens_the_account(account, changes):
    make_person(email="Old@example.com")
    changes("elle@example.com")
    assert links() == []
