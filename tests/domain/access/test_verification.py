"""Someone set apart opens her account with a code of hers, once; an account nobody was told of waits for the city."""

from datetime import timedelta

import pytest

from domain.access import identification, sign_up, verification
from domain.common import clock
from domain.people import household
from models import Account, Identification, Message, Person, SignUpCode, UnverifiedAccount, write
from tests.factories import make_household, make_person
from tests.walker import PASSWORD

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def apart(app) -> Person:
    """Someone the city set apart, with an e-mail that her former spouse reads too."""
    person = make_person(email="nous@example.com")
    household.keep_from_import(person, make_household(), make_household(), stays=False)
    return person


@pytest.fixture
def joins(city, letters):
    """Return what signs someone up."""

    def join(person: Person, code: str = "") -> Account:
        token = identification.identify(person.card_number, person.birth_date, "203.0.113.7", city, clock.today())
        return sign_up.join(token, f"code{person.id}", PASSWORD, "", letters, city, code)

    return join


def test_someone_set_apart_wants_a_code_and_nobody_else_nor_who_stays_in_both(apart):
    stays, other = make_person(), make_person()
    household.keep_from_import(stays, make_household(), make_household(), stays=True)
    assert [verification.wants_code(person) for person in (apart, stays, other)] == [True, False, False]


def test_her_own_code_opens_her_account_once_however_it_is_typed(apart, joins):
    code = verification.read_out(apart)
    others = verification.read_out(apart)
    account = joins(apart, f" {code.lower()} ")
    assert account.person == apart
    assert household.reads_contacts(account), "the counter saw her"
    for spent in (code, others):
        with pytest.raises(verification.BadCode):
            verification.check(apart, spent)


@pytest.mark.parametrize("wrong", ["", "ABCDE-FGHJK", "another's", "old"])
def test_without_it_nothing_is_made_and_nobody_is_told(apart, joins, wrong):
    code = verification.read_out(make_person() if wrong == "another's" else apart)
    if wrong == "old":
        SignUpCode.update(expires_at=clock.now() - timedelta(seconds=1)).execute()
    with pytest.raises(verification.BadCode):
        joins(apart, code if wrong in ("another's", "old") else wrong)
    assert not Account.select().exists()
    assert not Message.select().exists()
    assert Identification.select().exists(), "she may go on with the right one"


def test_codes_too_old_are_forgotten_and_none_is_kept_as_it_is_read(apart):
    code = verification.read_out(apart)
    assert SignUpCode.get().token_digest != code.replace("-", "")
    verification.forget_expired()
    assert SignUpCode.select().count() == 1
    SignUpCode.update(expires_at=clock.now() - timedelta(seconds=1)).execute()
    verification.forget_expired()
    assert SignUpCode.select().count() == 0


def test_an_account_whose_opening_was_told_to_nobody_waits_until_the_city_has_asked(joins):
    told, alone = joins(make_person(email="elle@example.com")), joins(make_person())
    assert [row.account for row in verification.owed()] == [alone]
    assert [household.reads_contacts(one) for one in (told, alone)] == [True, False]
    assert verification.verify(alone)
    assert not verification.verify(alone), "once"
    assert household.reads_contacts(alone)


def test_someone_who_died_is_not_asked_and_an_account_closed_goes_from_the_list(joins):
    gone, dead = joins(make_person()), joins(make_person())
    Person.update(status=Person.DECEASED).where(Person.id == dead.person_id).execute()
    with write():
        gone.delete_instance()
    assert verification.owed() == []
    assert UnverifiedAccount.select().count() == 1
