"""Giving another e-mail: it counts once confirmed, and the one before is told."""

import re

import pytest

from domain.common import clock
from models import Account, Message
from tests.walker import PASSWORD

PATH = "/mon-dossier/acces/courriel"


@pytest.fixture
def member(citizen):
    citizen.joins(email="old@example.com")
    Account.update(email_confirmed_at=clock.now()).execute()
    Message.delete().execute()
    return citizen


def asks(member, email="new@example.com", current=PASSWORD):
    return member.post(PATH, email=email, current=current)


def link() -> str:
    body = next(m.body for m in Message.select().order_by(Message.id.desc()) if "/courriel/" in m.body)
    return re.search(r"/courriel/\S+", body)[0]


def test_page_comes_whole_and_as_fragment(member):
    assert "Nouveau courriel" in member.client.get_page(PATH)


def test_until_it_is_confirmed_the_one_before_counts_and_is_told(member):
    assert asks(member).status_code == 303
    assert Account.get().confirmed_email == "old@example.com"
    assert {message.recipient for message in Message.select()} == {"new@example.com", "old@example.com"}


def test_once_confirmed_it_counts(member):
    asks(member)
    member.post(link())
    assert Account.get().confirmed_email == "new@example.com"


def test_only_the_last_one_asked_for_can_be_confirmed(member):
    asks(member, "first@example.com")
    first = link()
    asks(member, "second@example.com")
    assert member.client.get(first).status_code == 404
    member.post(link())
    assert Account.get().confirmed_email == "second@example.com"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"current": "not this one 12"}, "pas votre mot de passe actuel"), ({"email": "x"}, "ne semble pas complet")],
)
def test_what_is_wrong_is_said_and_nothing_changes(member, wrong, words):
    answer = asks(member, **wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Message.select().exists()
