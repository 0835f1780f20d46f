"""A forgotten user code: a message to the e-mail on file, and one answer for everybody."""

from domain.access import help_asked
from domain.common import clock
from models import Account, Message
from tests.factories import make_account, make_person


def asks(client_of, path: str, person, **changed):
    born = person.birth_date
    fields = {
        "card_number": person.card_number,
        "birth_year": born.year,
        "birth_month": born.month,
        "birth_day": born.day,
    }
    answer = client_of.post(path, **(fields | changed))
    answer_asked(client_of)
    return answer


def by_email(client_of, email: str):
    answer = client_of.post("/oubli/code", "/oubli/code?par=courriel", email=email)
    answer_asked(client_of)
    return answer


def answer_asked(client_of) -> None:
    """Do the worker's part."""
    portal = client_of.client.application.extensions["portal"]
    help_asked.answer_due(portal.letters, portal.city)


def test_page_comes_whole_and_as_fragment_by_card_and_by_email(client):
    assert "Numéro de carte" in client.get_page("/oubli/code")
    assert "Courriel confirmé" in client.get_page("/oubli/code?par=courriel")


def test_the_code_goes_to_the_email_on_file(citizen):
    person = make_person(email="file@example.com")
    make_account(person, username="marie.roy")
    answer = asks(citizen, "/oubli/code", person)
    assert answer.status_code == 303
    message = Message.get()
    assert message.recipient == "file@example.com"
    assert "marie.roy" in message.body


def test_a_confirmed_email_comes_before_the_citys(citizen):
    person = make_person(email="file@example.com")
    confirmed = {"email": "new@example.com", "email_key": "new@example.com", "email_confirmed_at": clock.now()}
    make_account(person, **confirmed)
    asks(citizen, "/oubli/code", person)
    assert Message.get().recipient == "new@example.com"
    by_email(citizen, "NEW@example.com ")
    assert Message.select().count() == 2


def test_an_email_not_confirmed_receives_nothing(citizen):
    make_account(make_person(), email="typed@example.com", email_key="typed@example.com")
    by_email(citizen, "typed@example.com")
    assert not Message.select().exists()


def test_the_answer_is_the_same_whether_an_account_exists_or_not(citizen):
    known = make_account(make_person(email="file@example.com")).person
    cases = {
        "known": asks(citizen, "/oubli/code", known),
        "no account": asks(citizen, "/oubli/code", make_person()),
        "no card": asks(citizen, "/oubli/code", known, card_number="QMAGB99999999"),
        "wrong date": asks(citizen, "/oubli/code", known, birth_day="3"),
        "unknown e-mail": by_email(citizen, "nobody@example.com"),
    }
    assert {(answer.status_code, answer.location) for answer in cases.values()} == {(303, "/oubli/envoye")}
    assert Message.select().count() == 1


def test_someone_cannot_be_flooded(citizen):
    person = make_account(make_person(email="file@example.com")).person
    for _ in range(6):
        assert asks(citizen, "/oubli/code", person).status_code == 303
    assert Message.select().count() == 3


def test_a_deceased_persons_file_is_not_written_to(citizen):
    person = make_account(make_person(email="file@example.com", status="deceased")).person
    asks(citizen, "/oubli/code", person)
    assert not Message.select().exists()
    assert Account.select().exists()
