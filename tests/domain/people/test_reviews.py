"""Somebody whom the site refused asks that a person look again: once, and answered once."""

import pytest

from domain.people import reviews
from domain.people.reviews import AlreadyAnswered, Decision
from models import AuditEvent, Message, ReviewRequest
from tests.factories import make_account, make_person, make_staff

PHONE = "819 843-0000"


@pytest.fixture
def letters(app):
    return app.extensions["portal"].letters


@pytest.fixture
def asks(db, letters, city):
    def ask(words: str = "Je suis née en 1984", account=None, decision=Decision.IDENTIFICATION) -> None:
        reviews.ask(decision, "", PHONE, words, account, letters, city)

    return ask


@pytest.mark.parametrize("decision", Decision)
def test_it_waits_and_the_city_is_written_to(asks, city, decision):
    asks(decision=decision)
    [waiting] = reviews.waiting()
    assert (waiting.decision, waiting.phone, waiting.person) == (decision, PHONE, None)
    [letter] = Message.select()
    assert letter.recipient == city.help.email
    assert f"/personnel/revisions/{waiting.id}" in letter.body
    assert PHONE not in letter.body


def test_the_same_twice_is_one_until_it_is_answered(asks, letters):
    asks()
    asks()
    asks("autre chose")
    assert ReviewRequest.select().count() == 2
    staff = make_staff()
    for asked in reviews.waiting():
        reviews.answer(staff, asked, "kept", "non", letters)
    asks()
    assert ReviewRequest.select().count() == 3


def test_who_was_signed_in_reads_the_answer_and_is_told(asks, letters):
    account = make_account(make_person(email="g@example.com"))
    asks(account=account)
    Message.delete().execute()
    [asked] = reviews.by(account.person)
    reviews.answer(make_staff("agente"), asked, "changed", "Vous aviez raison.", letters)
    [answered] = reviews.by(account.person)
    assert (answered.outcome, answered.answer, answered.decided_by) == ("changed", "Vous aviez raison.", "agente")
    assert Message.get().recipient == "g@example.com"
    assert reviews.waiting() == []
    acts = {(row.action, row.person_id) for row in AuditEvent.select()}
    assert acts == {("review asked", account.person_id), ("review answered", account.person_id)}


def test_it_is_answered_once(asks, letters):
    asks()
    [asked] = reviews.waiting()
    reviews.answer(make_staff(), asked, "kept", "non", letters)
    with pytest.raises(AlreadyAnswered):
        reviews.answer(make_staff("autre"), asked, "changed", "oui", letters)
    assert reviews.find(asked.id).answer == "non"


def test_a_number_of_nothing_finds_nothing(db):
    assert reviews.find(7) is None
