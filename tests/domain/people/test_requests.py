"""What residents ask the city to correct: once, a few at a time, and never behind anyone's back."""

from datetime import date

import pytest

from domain.common import clock
from domain.people import requests
from models import Account, AuditEvent, ChangeRequest, Membership, Message, Person
from tests.factories import make_account, make_person


@pytest.fixture
def account(app) -> Account:
    return make_account(make_person(email="genevieve@example.com"))


@pytest.fixture
def child(account) -> Person:
    home = Membership.get(Membership.person == account.person).household
    make_person(home, first_name="Marc", email="marc@example.com")
    return make_person(home, first_name="Zoé", birth_date=date(2018, 5, 1), email="zoe@example.com")


@pytest.fixture
def ask(account, letters, city):
    """Return what asks for a correction."""
    return lambda person, words: requests.ask_correction(account, person, words, letters, city)


def written() -> list[int]:
    return [table.select().count() for table in (ChangeRequest, Message, AuditEvent)]


def test_it_waits_and_both_sides_and_the_other_adults_are_told(account, child, ask, city):
    ask(child, "Son nom est Zoé-Rose")
    asked = ChangeRequest.get()
    assert (asked.kind, asked.person_id, asked.words) == (ChangeRequest.CORRECTION, child.id, "Son nom est Zoé-Rose")
    assert asked.decided_at is None
    assert {message.recipient: message.subject for message in Message.select()} == {
        "genevieve@example.com": "Votre demande est reçue",
        "marc@example.com": "Une demande de changement dans votre famille",
        city.help.email: "Une demande attend",
    }
    event = AuditEvent.get()
    assert (event.actor, event.action, event.subject) == (str(account.id), "correction asked", str(asked.id))


def test_the_letters_do_not_repeat_what_was_asked(child, ask):
    ask(child, "Elle vit rue Sherbrooke")
    assert not any("Sherbrooke" in message.body for message in Message.select())


def test_the_same_words_twice_are_one_request_until_it_is_decided(child, ask):
    ask(child, "a")
    once = written()
    ask(child, "a")
    assert written() == once
    ChangeRequest.update(decided_at=clock.now()).execute()
    ask(child, "a")
    assert ChangeRequest.select().count() == 2


def test_the_same_words_for_another_person_are_another_request(account, child, ask):
    ask(child, "a")
    ask(account.person, "a")
    assert ChangeRequest.select().count() == 2


def test_past_the_most_that_may_wait_for_someone_nothing_is_written(account, child, ask):
    for number in range(requests.MOST_OPEN):
        ask(child, f"{number}")
    full = written()
    with pytest.raises(requests.TooManyRequests):
        ask(child, "une de trop")
    assert written() == full
    ask(child, "0")
    assert written() == full, "words that wait already are no request more"
    ask(account.person, "une pour moi")
    ChangeRequest.update(decided_at=clock.now()).where(ChangeRequest.words == "0").execute()
    ask(child, "une de plus")


def test_words_go_to_who_wrote_them_the_latest_first(account, child, ask):
    for person, words in ((child, "a"), (account.person, "b"), (child, "c")):
        ask(person, words)
    ChangeRequest.update(decided_at=clock.now()).where(ChangeRequest.words == "a").execute()
    assert [request.words for request in requests.by(account.person)] == ["c", "b", "a"]
    assert requests.by(child) == []
