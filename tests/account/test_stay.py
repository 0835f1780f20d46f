"""A session's end is told before it comes, and what was typed is kept across it."""

import re
from datetime import timedelta

import pytest

from domain.common import clock
from models import Identification, Session, UnsentForm
from tests.factories import make_invoice
from tests.walker import Citizen

EMAIL = "/mon-dossier/acces/courriel"


@pytest.fixture
def member(citizen):
    citizen.joins()
    return citizen


def token(client, path=EMAIL) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)[1]


def ends_while_typing(member, **fields):
    """Open the e-mail form, let the session end, and send the form."""
    csrf = token(member.client)
    Session.update(seen_at=clock.now() - timedelta(hours=1)).execute()
    return member.client.post(EMAIL, data={"csrf_token": csrf, "email": "neuf@example.com", **fields})


def test_every_page_of_the_dossier_says_when_it_closes(member):
    for path in ("/mon-dossier", EMAIL):
        assert re.search(r'data-limit="1[78]\d\d" data-stay="/session"', member.client.get(path).text)
    assert re.search(r"se ferme à \d+\sh", member.client.get("/mon-dossier").text)


def test_pages_without_a_session_say_nothing_of_it(client):
    assert "data-limit" not in client.get("/connexion").text


def test_step_two_says_its_hour(citizen):
    citizen.identifies()
    Identification.update(created_at=clock.now() - timedelta(minutes=50)).execute()
    page = citizen.client.get("/compte/identifiants").text
    assert re.search(r'data-limit="(59\d|600)" data-stay=""', page)


def test_near_the_absolute_limit_nothing_prolongs(member):
    Session.update(created_at=clock.now() - timedelta(hours=11, minutes=50)).execute()
    assert re.search(r'data-limit="(59\d|600)" data-stay=""', member.client.get("/mon-dossier").text)


def test_staying_is_being_seen(member):
    Session.update(seen_at=clock.now() - timedelta(minutes=29)).execute()
    assert member.client.get("/session").status_code == 204
    Session.update(seen_at=clock.now() - timedelta(hours=2)).execute()


def test_staying_too_late_does_not_bring_it_back(member):
    Session.update(seen_at=clock.now() - timedelta(minutes=31)).execute()
    assert member.client.get("/session").status_code == 303


def test_what_was_typed_stands_there_again_but_no_secret(member):
    answer = ends_while_typing(member, current="chaloupe violette 27")
    assert answer.location.startswith("/connexion")
    assert "chaloupe" not in UnsentForm.get().fields
    back = member.signs_in(suite=EMAIL)
    assert back.location == EMAIL
    page = member.client.get(EMAIL).text
    assert 'value="neuf@example.com"' in page
    assert "Voici ce que vous aviez écrit" in page
    assert not UnsentForm.select().exists()
    assert "neuf@example.com" not in member.client.get(EMAIL).text


def test_another_resident_at_the_same_browser_does_not_see_it(member, app):
    ends_while_typing(member)
    other = Citizen(member.client)
    other.joins(username="autre.personne")
    assert "neuf@example.com" not in other.client.get(EMAIL).text
    other.signs_out()
    member.signs_in()
    assert "neuf@example.com" not in member.client.get(EMAIL).text


def test_a_form_that_is_not_ours_is_not_kept(member):
    Session.update(seen_at=clock.now() - timedelta(hours=1)).execute()
    member.client.post(EMAIL, data={"csrf_token": "forged", "email": "mal@example.com"})
    assert not UnsentForm.select().exists()


def test_after_log_out_nothing_is_kept(member):
    csrf = token(member.client)
    member.signs_out()
    member.client.post(EMAIL, data={"csrf_token": csrf, "email": "neuf@example.com"})
    assert not UnsentForm.select().exists()


def test_the_invoices_chosen_are_still_chosen(member):
    invoice = make_invoice(member.household)
    csrf = token(member.client, "/compte/aide-memoire")
    Session.update(seen_at=clock.now() - timedelta(hours=1)).execute()
    data = {"csrf_token": csrf, "facture": invoice.number, "amount_seen_cents": 1, "payment_method_nonce": "x"}
    answer = member.client.post("/mon-dossier/payer", data=data)
    assert f"payer?facture%3D{invoice.number}" in answer.location.replace("%3F", "?")


def test_a_huge_form_is_not_kept_and_harms_nothing(member):
    assert ends_while_typing(member, more="x" * 30_000).status_code == 303
    assert not UnsentForm.select().exists()
