"""A forgotten user code or password: mail to the file's e-mail, a way that serves once, and no word on who has one."""

from datetime import timedelta

import pytest

from domain.access import credentials, password_reset, sessions
from domain.access.password_reset import PASSWORD as NEW_PASSWORD
from domain.access.password_reset import USERNAME, BadReset
from domain.common import clock, rate_limits
from domain.common.codes import READABLE
from models import Account, Attempt, AuditEvent, Message, PasswordReset, Person, Session
from settings import LIMITS
from tests.factories import make_account, make_person
from tests.walker import PASSWORD

NEW = "érable patient 81"
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
MOST = LIMITS[rate_limits.RECOVERIES].most


@pytest.fixture
def set_password(letters, city):
    """Return what gives an account a new password."""
    return lambda secret, password=NEW: password_reset.set_password(secret, password, letters, city)


def link() -> str:
    """Return the token of the last letter."""
    return Message.select().order_by(Message.id.desc()).get().body.partition("/mot-de-passe/")[2].split()[0]


def test_an_email_finds_the_account_that_confirmed_it(account):
    Account.update(email="g@example.com", email_key="g@example.com").execute()
    make_account(email_confirmed_at=clock.now())
    assert password_reset.account_of_email("g@example.com") is None
    Account.update(email_confirmed_at=clock.now()).where(Account.id == account.id).execute()
    assert password_reset.account_of_email(" G@Example.com ") == account
    assert password_reset.account_of_email(" ") is None


def test_the_counter_finds_the_account_by_the_card_alone(account):
    assert password_reset.account_of_holder(account.person.card_number) == account
    assert password_reset.account_of_holder(make_person().card_number) is None


def test_a_forgotten_code_is_written_to_the_file_and_opens_nothing(account, letters, city):
    password_reset.help_with(USERNAME, account, letters, city)
    message = Message.get()
    assert (message.recipient, message.subject) == ("file@example.com", "Votre code d’utilisateur")
    assert "genevieve" in message.body
    assert not PasswordReset.select().exists()


def test_a_forgotten_password_gets_a_link_that_serves_for_half_an_hour(stopped, account, letters, city):
    password_reset.help_with(NEW_PASSWORD, account, letters, city)
    assert Message.get().recipient == "file@example.com"
    stopped.shift(timedelta(minutes=30) - SECOND)
    assert password_reset.waiting(link()).account == account
    stopped.shift(SECOND)
    with pytest.raises(BadReset):
        password_reset.waiting(link())


def test_past_the_limit_no_letter_leaves_for_an_hour_and_only_for_that_account(stopped, account, letters, city):
    other = make_account(make_person(email="marc@example.com"))
    for _ in range(MOST + 2):
        password_reset.help_with(NEW_PASSWORD, account, letters, city)
    assert (Message.select().count(), PasswordReset.select().count()) == (MOST, MOST)
    password_reset.help_with(USERNAME, other, letters, city)
    assert Message.select().count() == MOST + 1
    stopped.shift(timedelta(hours=1))
    password_reset.help_with(NEW_PASSWORD, account, letters, city)
    assert Message.select().count() == MOST + 2


def test_nobodys_account_is_written_to_and_counted_all_the_same(app, letters, city):
    password_reset.help_with(NEW_PASSWORD, None, letters, city)
    assert not Message.select().exists()
    assert Attempt.get().kind == rate_limits.RECOVERIES


def test_a_code_is_read_out_in_two_halves_and_understood_however_it_is_typed(stopped, account):
    code = password_reset.read_out(account)
    assert (len(code), code[5]) == (11, "-")
    assert set(code) <= {*READABLE, "-"}
    for typed in (code, code.lower(), code.replace("-", " "), f" {code.replace('-', '')} "):
        assert password_reset.waiting(password_reset.plain(typed)).account == account
    stopped.shift(timedelta(minutes=30))
    with pytest.raises(BadReset):
        password_reset.waiting(password_reset.plain(code))


def test_a_links_token_is_taken_as_it_is():
    assert password_reset.plain("aB-cD_eFgHiJ") == "aB-cD_eFgHiJ"


def test_neither_a_link_nor_a_code_is_kept_as_it_is(account, letters, city):
    code = password_reset.read_out(account)
    password_reset.help_with(NEW_PASSWORD, account, letters, city)
    kept = str(list(PasswordReset.select().tuples()))
    assert link() not in kept
    assert password_reset.plain(code) not in kept


def test_the_new_password_opens_every_session_ends_and_the_file_is_told(account, set_password):
    sessions.start(account)
    other = sessions.start(make_account())[1]
    assert set_password(password_reset.plain(password_reset.read_out(account))) == account
    assert credentials.sign_in("genevieve", NEW) == account
    with pytest.raises(credentials.WrongCredentials):
        credentials.sign_in("genevieve", PASSWORD)
    assert [session.id for session in Session.select()] == [other.id]
    assert Message.get().recipient == "file@example.com"
    assert AuditEvent.get().action == "password recovered"


def test_one_way_taken_closes_all_the_others_of_that_account_alone(account, set_password):
    ways = [password_reset.plain(password_reset.read_out(account)) for _ in range(2)]
    others = password_reset.plain(password_reset.read_out(make_account()))
    set_password(ways[0])
    for way in ways:
        with pytest.raises(BadReset):
            password_reset.waiting(way)
        with pytest.raises(BadReset):
            set_password(way, "another one 12")
    assert credentials.sign_in("genevieve", NEW)
    assert password_reset.waiting(others)


def test_ways_past_their_time_are_deleted(stopped, account):
    password_reset.read_out(account)
    stopped.shift(password_reset.CODE_VALID_FOR)
    password_reset.forget_expired()
    assert PasswordReset.select().exists()
    stopped.shift(SECOND)
    password_reset.forget_expired()
    assert not PasswordReset.select().exists()


@pytest.mark.parametrize("what", [USERNAME, NEW_PASSWORD])
@pytest.mark.parametrize("confirmed", [True, False])
def test_an_address_on_two_adults_cards_is_nobodys_way_in_a_childs_card_is_nothing(
    account, letters, city, what, confirmed
):
    if confirmed:
        Account.update(email="Nous@Example.com", email_key="nous@example.com", email_confirmed_at=clock.now()).execute()
    Person.update(email="nous@example.com").execute()
    make_person(email="nous@example.com", birth_date=clock.today() - 3_000 * DAY)
    make_person(email="nous@example.com", status=Person.DECEASED)
    password_reset.help_with(what, Account.get(), letters, city)
    assert Message.select().count() == 1
    make_person(email="NOUS@example.com")
    password_reset.help_with(what, Account.get(), letters, city)
    assert Message.select().count() == 1
    assert Attempt.select().where(Attempt.kind == rate_limits.RECOVERIES).count() == 2, "as much is counted"
    assert password_reset.waiting(password_reset.plain(password_reset.read_out(account))).account == account
