"""A request is read, decided once, and its reading is noted."""

import pytest

from models import AuditEvent, ChangeRequest
from tests.factories import make_person

ANSWER = "C’est corrigé.\nMerci."


@pytest.fixture
def asked(app):
    return ChangeRequest.create(kind=ChangeRequest.CORRECTION, person=make_person(), words="Mon nom est\n<b>mal</b>")


def path(asked):
    return f"/personnel/demandes/{asked.id}"


def test_page_comes_whole_and_as_fragment_and_reading_is_noted(clerk, asked):
    page = clerk.client.get_page(path(asked))
    assert "Trần" in page
    assert "&lt;b&gt;mal" in page
    event = AuditEvent.get(AuditEvent.action == "request read")
    assert (event.actor, event.person_id) == (clerk.username, asked.person_id)


def test_it_is_decided_with_an_answer_once(clerk, asked):
    for decision in ("accepted", "refused"):
        clerk.post(path(asked), "/personnel/mot-de-passe", decision=decision, answer=ANSWER)
    kept = ChangeRequest.get()
    assert (kept.decision, kept.decided_by) == ("accepted", clerk.username)
    assert kept.answer.replace("\r", "") == ANSWER
    assert "Déjà décidée" in clerk.client.get(path(asked)).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"decision": ""}, "Choisissez une décision"),
        ({"decision": "erased"}, "Choisissez une décision"),
        ({"answer": " "}, "Écrivez une réponse"),
        ({"answer": "x" * 2001}, "trop long"),
        ({"answer": "a\0b"}, "caractère invisible"),
    ],
)
def test_what_is_wrong_is_said_and_kept(clerk, asked, wrong, words):
    fields = {"decision": "accepted", "answer": ANSWER} | wrong
    answer = clerk.post(path(asked), "/personnel/mot-de-passe", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert ChangeRequest.get().decided_at is None


def test_one_that_does_not_exist_is_not_found(clerk):
    assert clerk.client.get("/personnel/demandes/99").status_code == 404
