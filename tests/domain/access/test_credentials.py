"""User codes and passwords: which are good, which open, and what their absence must not tell."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from domain.access import credentials, identification
from domain.access.credentials import AccountExists, UsernameTaken, WeakPassword, WrongCredentials
from domain.common import clock
from models import Account, Identification, Person, digest
from settings import STRONG
from tests.factories import make_account, make_person
from tests.walker import PASSWORD

WORDS = ["magog", "memphrémagog", "loisirs"]
LONG = "chaloupe violette 27 " * 7  # 147 characters


def weakness(password: str) -> str:
    """Return why a password of Geneviève Trần, whose code is g.tran, is refused; nothing when it is not."""
    person = Person(first_name="Geneviève", last_name="Trần", card_number="QMAGB00117618")
    try:
        credentials.check_password(password, person, "g.tran", WORDS)
    except WeakPassword as weak:
        return weak.reason
    return ""


@pytest.fixture
def token(app) -> str:
    """The token of someone identified."""
    expires_at = clock.now() + identification.VALID_FOR
    Identification.create(token_digest=digest("token"), person=make_person(), expires_at=expires_at)
    return "token"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("chaloupe1", "short"),
        ("chaloupe12", ""),
        (LONG[:128], ""),
        (LONG[:129], "long"),
        ("password123", "common"),
        ("PassWord123", "common"),
        ("ababababab12", ""),
        ("abababababab", "common"),
        ("abcabcabcabc", "common"),
        ("magog2026!!", "city"),
        ("Memphremagog1", "city"),
        ("loisirsMAGOG", "city"),
        ("magogabcd2026", "city"),
        ("magogabcde2026", ""),
        ("genevieve2026", "own"),
        ("Tran genevieve", "own"),
        ("chaloupe 117618", "own"),
        ("chaloupe g.tran", "own"),
        ("chaloupe G.TRAN", "own"),
        ("chaloupe genevieve", ""),
        ("19283 74650!", ""),
        (PASSWORD, ""),
    ],
)
def test_a_password_others_would_guess_is_refused(password, reason):
    assert weakness(password) == reason


@pytest.mark.parametrize("typed", ["geneviève", "GENEVIÈVE", " Geneviève ", "Genevie\u0300ve"])
def test_one_text_typed_in_several_ways_is_one(typed):
    assert credentials.fold(typed) == "geneviève"


def test_an_account_spends_the_token_and_its_email_waits(token):
    account = credentials.create_account(token, " Geneviève ", "hash", " G@example.com ")
    kept = Account.get_by_id(account.id)
    assert (kept.username, kept.username_key, kept.email, kept.email_key) == (
        "Geneviève",
        "geneviève",
        "G@example.com",
        "g@example.com",
    )
    assert kept.confirmed_email == ""
    assert not Identification.select().exists()


def test_a_form_sent_twice_makes_one_account(token):
    credentials.create_account(token, "genevieve", "hash", "")
    with pytest.raises(AccountExists):
        credentials.create_account(token, "autre", "hash", "")
    assert Account.select().count() == 1


def test_a_code_that_is_taken_leaves_the_token_for_another(token):
    make_account(username="Marc")
    with pytest.raises(UsernameTaken):
        credentials.create_account(token, "MARC", "hash", "")
    assert credentials.create_account(token, "genevieve", "hash", "").username == "genevieve"


def test_a_card_has_one_account(token):
    make_account(Identification.get().person)
    with pytest.raises(AccountExists):
        credentials.create_account(token, "genevieve", "hash", "")
    assert Account.select().count() == 1


@pytest.mark.parametrize("login", ["genevieve", " GENEVIEVE ", "g@example.com", "G@Example.com"])
def test_the_code_or_the_confirmed_email_opens_with_the_password(account, login):
    Account.update(email="g@example.com", email_key="g@example.com", email_confirmed_at=clock.now()).execute()
    assert credentials.sign_in(login, PASSWORD) == account


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("genevieve", "Chaloupe violette 27"),
        ("genevieve", ""),
        ("personne", PASSWORD),
        ("", PASSWORD),
        ("g@example.com", PASSWORD),
    ],
)
def test_nothing_else_does_not_even_an_email_that_waits(account, login, password):
    Account.update(email="g@example.com", email_key="g@example.com").execute()
    with pytest.raises(WrongCredentials):
        credentials.sign_in(login, password)


def test_nobody_enters_as_someone_who_died(account):
    Person.update(status=Person.DECEASED).execute()
    with pytest.raises(WrongCredentials):
        credentials.sign_in("genevieve", PASSWORD)


def test_a_password_counts_whole(account):
    credentials.change_password(account, credentials.hash_password(LONG[:128]))
    assert credentials.sign_in("genevieve", LONG[:128]) == account
    with pytest.raises(WrongCredentials):
        credentials.sign_in("genevieve", LONG[:129])


def test_a_hash_of_other_parameters_is_made_anew_by_the_right_password_alone(account):
    old = credentials.HASHERS[STRONG].hash(PASSWORD)
    credentials.change_password(account, old)
    with pytest.raises(WrongCredentials):
        credentials.sign_in("genevieve", "not this one 12")
    assert Account.get().password_hash == old
    credentials.sign_in("genevieve", PASSWORD)
    assert Account.get().password_hash != old
    assert credentials.sign_in("genevieve", PASSWORD) == account


def test_a_password_voided_while_it_is_checked_stays_void(account):
    """The hash that is made anew does not undo what a separation or a reset did meanwhile."""
    credentials.change_password(account, credentials.HASHERS[STRONG].hash(PASSWORD))

    @contextmanager
    def meanwhile() -> Iterator[None]:
        yield
        credentials.change_password(account, "nobody's")

    with pytest.raises(WrongCredentials):
        credentials.sign_in("genevieve", PASSWORD, meanwhile)
    assert Account.get().password_hash == "nobody's"


def test_an_unknown_code_takes_as_long_as_a_wrong_password(strong_hashes, account):
    def work(login: str) -> float:
        began = time.process_time()
        with pytest.raises(WrongCredentials):
            credentials.sign_in(login, "not this one 12")
        return time.process_time() - began

    unknown, wrong = (min(work(login) for _ in range(3)) for login in ("personne", "genevieve"))
    assert unknown > wrong / 2
