"""Step 2 as one thing: the account, and everyone concerned told, or neither."""

from datetime import date

import pytest

from city import City
from domain.access import credentials, email_confirmation, identification, sign_up
from domain.common import clock
from models import Account, AuditEvent, EmailConfirmation, Identification, Membership, Message, Person
from tests.factories import make_account, make_person
from tests.walker import PASSWORD


class NoPaper:
    """Letters that fail at the one that confirms an address."""

    def __init__(self, letters) -> None:
        self.letters = letters

    def write(self, name: str, **values: object) -> tuple[str, str]:
        if name == "confirm_address":
            raise OSError(name)
        return self.letters.write(name, **values)


@pytest.fixture
def person(app) -> Person:
    person = make_person(email="file@example.com")
    home = Membership.get(Membership.person == person).household
    make_person(home, first_name="Luc", email="luc@example.com")
    make_person(home, first_name="Léa", email="lea@example.com", birth_date=date(2018, 1, 1))
    return person


@pytest.fixture
def token(person, city: City) -> str:
    return identification.identify(person.card_number, person.birth_date, "203.0.113.7", city, clock.today())


def written() -> list[int]:
    return [table.select().count() for table in (Account, Message, AuditEvent, EmailConfirmation)]


def test_the_account_opens_with_what_was_chosen(person, token, letters, city):
    account = sign_up.join(token, "genevieve", PASSWORD, "", letters, city)
    assert account.person == person
    assert credentials.sign_in("genevieve", PASSWORD) == account
    assert PASSWORD not in account.password_hash


def test_the_file_and_the_other_adults_are_told_each_in_her_words(token, letters, city):
    account = sign_up.join(token, "genevieve", PASSWORD, "", letters, city)
    bodies = {message.recipient: message.body for message in Message.select()}
    assert set(bodies) == {"file@example.com", "luc@example.com"}
    assert "avec votre carte de citoyen" in bodies["file@example.com"]
    assert "de votre famille, a créé son compte" in bodies["luc@example.com"]
    assert [(event.action, event.actor) for event in AuditEvent.select()] == [("account created", str(account.id))]


def test_an_email_is_sent_the_link_that_confirms_it_and_the_file_hears_too(token, letters, city):
    account = sign_up.join(token, "genevieve", PASSWORD, "new@example.com", letters, city)
    assert {message.recipient for message in Message.select()} == {
        "file@example.com",
        "luc@example.com",
        "new@example.com",
    }
    link = Message.get(Message.recipient == "new@example.com").body.partition("/courriel/")[2].split()[0]
    assert email_confirmation.confirm(link, letters, city).account_id == account.id


def test_another_adult_is_written_to_where_she_confirmed(token, letters, city):
    luc = Person.get(Person.first_name == "Luc")
    make_account(luc, email="prive@example.com", email_key="prive@example.com", email_confirmed_at=clock.now())
    sign_up.join(token, "genevieve", PASSWORD, "", letters, city)
    assert {message.recipient for message in Message.select()} == {"file@example.com", "prive@example.com"}


def test_what_fails_half_way_leaves_neither_account_nor_letter_and_can_be_done_again(token, letters, city):
    with pytest.raises(OSError, match="confirm_address"):
        sign_up.join(token, "genevieve", PASSWORD, "new@example.com", NoPaper(letters), city)
    assert written() == [0] * 4
    assert Identification.select().count() == 1
    assert sign_up.join(token, "genevieve", PASSWORD, "new@example.com", letters, city)


def test_a_code_that_is_taken_tells_nobody(token, letters, city):
    make_account(username="genevieve")
    with pytest.raises(credentials.UsernameTaken):
        sign_up.join(token, "genevieve", PASSWORD, "", letters, city)
    assert written() == [1, 0, 0, 0]


def test_the_form_sent_twice_tells_once(token, letters, city):
    sign_up.join(token, "genevieve", PASSWORD, "", letters, city)
    once = written()
    with pytest.raises(credentials.AccountExists):
        sign_up.join(token, "genevieve", PASSWORD, "", letters, city)
    assert written() == once
