"""Asking for a correction."""

import pytest

from domain.people import requests
from models import AuditEvent, ChangeRequest, Message

PATH = "/mon-dossier/renseignements/correction"
WORDS = "Mon nom s’écrit\nTrần"


@pytest.fixture
def member(citizen):
    citizen.person.email = "file@example.com"
    citizen.person.save()
    citizen.joins()
    Message.delete().execute()
    return citizen


def test_page_comes_whole_and_as_fragment(member):
    assert "Ce qui est à corriger" in member.client.get_page(PATH)


def test_it_reaches_the_city_and_both_sides_are_told(member, city):
    assert member.post(PATH, words=WORDS).status_code == 303
    assert ChangeRequest.get().words.replace("\r", "") == WORDS
    assert {message.recipient for message in Message.select()} == {"file@example.com", city.help.email}
    assert not any("Trần" in message.body for message in Message.select()), "mail does not carry the file"
    assert AuditEvent.select().where(AuditEvent.action == "correction asked").exists()
    assert "En attente" in member.client.get("/mon-dossier/renseignements").text


@pytest.mark.parametrize(
    ("words", "said"),
    [("", "Écrivez ce qui"), ("   \n ", "Écrivez ce qui"), ("x" * 2001, "trop long"), ("a\0b", "caractère invisible")],
)
def test_what_is_wrong_is_said_and_nothing_is_asked(member, words, said):
    answer = member.post(PATH, words=words)
    assert answer.status_code == 422
    assert said in answer.text
    assert not ChangeRequest.select().exists()


def test_enough_is_enough_and_the_text_stays(member):
    for number in range(requests.MOST_OPEN):
        member.post(PATH, words=f"{WORDS} {number}")
    answer = member.post(PATH, words="la sixième")
    assert answer.status_code == 422
    assert "la sixième" in answer.text
    assert ChangeRequest.select().count() == requests.MOST_OPEN


def test_the_same_words_sent_again_on_a_bad_line_are_one_request(member):
    for _ in range(2):
        assert member.post(PATH, words=WORDS).status_code == 303
    assert ChangeRequest.select().count() == 1
