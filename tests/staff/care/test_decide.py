"""A request for accompaniment waits in À traiter with its day, is read, and decided once."""

from datetime import date

import pytest

from models import Accompaniment
from tests.factories import make_accompaniment, make_person


@pytest.fixture
def asked(app):
    parent = make_person(email="parent@example.com")
    child = make_person(parent.memberships.get().household, first_name="Zoé", birth_date=date(2019, 5, 1))
    return make_accompaniment(child)


def path(asked) -> str:
    return f"/personnel/accompagnements/{asked.id}"


@pytest.mark.parametrize(("role", "shown"), [("counter", 1), ("programming", 1), ("finance", 0), ("admin", 0)])
def test_it_stands_in_what_is_to_settle_with_its_day_and_no_name(hires, asked, role, shown):
    html = hires(role).client.get_page("/personnel")
    assert (path(asked) in html) is bool(shown)
    assert ("à décider avant le" in html) is bool(shown)
    assert "Zoé" not in html


def test_it_is_read_and_decided_once(clerk, asked):
    html = clerk.client.get_page(path(asked))
    assert "Quelqu’un à ses côtés" in html
    for decision in ("granted", "refused"):
        clerk.post(path(asked), "/personnel/mot-de-passe", decision=decision, answer="Oui, avec Julie")
    kept = Accompaniment.get()
    assert (kept.decision, kept.answer, kept.decided_by) == ("granted", "Oui, avec Julie", clerk.username)
    assert "Déjà décidée" in clerk.client.get_page(path(asked))
    assert path(asked) not in clerk.client.get_page("/personnel")


@pytest.mark.parametrize("wrong", [{"decision": ""}, {"decision": "maybe"}, {"answer": " "}, {"answer": "x" * 2001}])
def test_what_is_wrong_is_said_and_nothing_is_decided(clerk, asked, wrong):
    fields = {"decision": "granted", "answer": "Oui"} | wrong
    assert clerk.post(path(asked), "/personnel/mot-de-passe", **fields).status_code == 422
    assert Accompaniment.get().decided_at is None


def test_one_that_does_not_exist_is_not_found(clerk):
    assert clerk.client.get("/personnel/accompagnements/99").status_code == 404
