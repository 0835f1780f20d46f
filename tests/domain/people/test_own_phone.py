"""One's own telephone: at once, told to oneself alone, kept from the nightly file; never of an account not verified."""

import pytest

from domain.access import separation
from domain.common import clock
from domain.common.letter_limits import TooManyLetters
from domain.people import own_phone
from models import Account, AuditEvent, LocalChange, Membership, Message, Person, UnverifiedAccount
from tests.factories import make_account, make_person

NEW = "819 555-0142 poste 24"


@pytest.fixture
def account(app) -> Account:
    person = make_person(email="fiche@example.com", phone="819 555-0101")
    confirmed = {"email": "moi@example.com", "email_key": "moi@example.com", "email_confirmed_at": clock.now()}
    make_person(Membership.get(Membership.person == person).household, email="marc@example.com")
    return make_account(person, **confirmed)


def test_it_is_written_remembered_noted_and_told_to_oneself_alone(account, letters, city):
    own_phone.change(account, NEW, letters, city)
    assert Person.get_by_id(account.person_id).phone == NEW
    [kept] = LocalChange.select()
    assert (kept.key, kept.field, kept.file_value, kept.value) == (
        account.person.card_number, "phone", "819 555-0101", NEW
    )  # fmt: skip
    assert [event.action for event in AuditEvent.select()] == ["phone changed"]
    assert {message.recipient for message in Message.select()} == {"moi@example.com", "fiche@example.com"}
    assert not any("555" in message.body for message in Message.select())


def test_the_same_number_again_is_nothing(account, letters, city):
    own_phone.change(account, "819 555-0101", letters, city)
    for table in (LocalChange, AuditEvent, Message):
        assert not table.select().exists()


def test_what_is_told_to_nobody_any_more_is_not_done(account, letters, city):
    numbers = iter(range(10, 99))

    def change_for_ever() -> None:
        for number in numbers:
            own_phone.change(account, f"819 555-01{number}", letters, city)

    with pytest.raises(TooManyLetters):
        change_for_ever()
    last = LocalChange.get().value
    assert Person.get_by_id(account.person_id).phone == last
    assert AuditEvent.select().count() == int(last[-2:]) - 9


def test_the_number_by_which_the_city_asks_whose_an_account_is_is_not_hers_to_change(account, letters, city):
    UnverifiedAccount.create(account=account, at=clock.now())
    with pytest.raises(own_phone.NotVerified):
        own_phone.change(account, NEW, letters, city)
    assert Person.get_by_id(account.person_id).phone == "819 555-0101"


def told() -> set[str]:
    return {message.recipient for message in Message.select()}


def test_a_mailbox_that_another_adult_reads_too_does_not_hear_of_it_beside_her_own(account, letters, city):
    make_person(email="Fiche@example.com")
    own_phone.change(account, NEW, letters, city)
    assert told() == {"moi@example.com"}


def test_set_apart_only_an_address_confirmed_since_hears_of_it(account, letters, city):
    spouse = Person.get(Person.email == "marc@example.com")
    separation.split([spouse], [], letters, city)
    Message.delete().execute()
    own_phone.change(account, NEW, letters, city)
    assert told() == set(), "he may read what counted before"
    Account.update(email_confirmed_at=clock.now()).where(Account.id == account.id).execute()
    own_phone.change(Account.get_by_id(account.id), "819 555-0143", letters, city)
    assert told() == {"moi@example.com"}
