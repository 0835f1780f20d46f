"""A person looks again at what the site refused, and answers."""

import pytest

from domain.people.reviews import Decision
from models import ReviewRequest
from tests.factories import make_person


@pytest.fixture
def asked(app) -> ReviewRequest:
    return ReviewRequest.create(
        decision=Decision.CARD_EXPIRED, person=make_person(), phone="819 843-0000", words="Renouvelée\nhier"
    )


def path(asked: ReviewRequest) -> str:
    return f"/personnel/revisions/{asked.id}"


def test_it_waits_in_a_traiter_and_leads_there(clerk, asked):
    page = clerk.client.get_page("/personnel")
    assert f'href="{path(asked)}"' in page
    assert "Carte de citoyen expirée" in page


def test_others_do_not_see_it(treasurer, asked):
    assert "revisions" not in treasurer.client.get("/personnel").text
    assert treasurer.client.get(path(asked)).status_code == 403


def test_page_comes_whole_and_as_fragment_and_says_what_was_used(clerk, asked):
    page = clerk.client.get_page(path(asked))
    for words in ("la date de fin de votre carte", "Renouvelée", "819\u00a0843-0000", asked.person.name):
        assert words in page


def test_answered_it_waits_no_more(clerk, asked):
    fields = {"answer": "Vous aviez raison.", "outcome": "changed"}
    assert clerk.post(path(asked), **fields).status_code == 303
    kept = ReviewRequest.get()
    assert (kept.answer, kept.outcome, kept.decided_by) == ("Vous aviez raison.", "changed", clerk.username)
    assert "revisions" not in clerk.client.get("/personnel").text
    assert "Déjà répondu" in clerk.client.get(path(asked)).text


def test_a_colleague_who_was_faster_is_named_by_nothing_written_twice(clerk, asked):
    clerk.post(path(asked), answer="Un.", outcome="kept")
    clerk.post(path(asked), "/personnel", answer="Deux.", outcome="changed")
    assert ReviewRequest.get().answer == "Un."


@pytest.mark.parametrize(
    "fields", [{"answer": "", "outcome": "kept"}, {"answer": "x"}, {"answer": "x", "outcome": "z"}]
)
def test_what_is_missing_is_said_and_nothing_is_written(clerk, asked, fields):
    assert clerk.post(path(asked), **fields).status_code == 422
    assert not ReviewRequest.get().decided_at


def test_what_nobody_asked_is_not_found(clerk):
    assert clerk.client.get("/personnel/revisions/7").status_code == 404
