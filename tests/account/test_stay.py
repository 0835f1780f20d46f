"""A session's end is told before it comes, and what was typed is kept across it."""

import re
from datetime import timedelta

import pytest

from domain.common import clock
from models import Identification, Payment, Session, UnsentForm
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
    assert "neuf@example.com" not in member.client.get(EMAIL).text, "once"


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
    answer = ends_while_typing(member, more="x" * 30_000)
    assert not UnsentForm.select().exists()
    assert "vous attend" not in member.client.get(answer.location).text


def ends_before(member, path: str, **fields):
    """Let the session end, send a form, and return what the sign-in page then says."""
    csrf = token(member.client)
    Session.update(seen_at=clock.now() - timedelta(hours=1)).execute()
    answer = member.client.post(path, data={"csrf_token": csrf, **fields})
    assert answer.location.startswith("/connexion")
    return member.client.get(answer.location).text


@pytest.mark.parametrize(
    ("how", "again"),
    [
        ({"payment_method_nonce": "x"}, "écrivez la carte de nouveau"),
        ({"payment_method": "guichet-1"}, "choisissez la"),
    ],
)
def test_who_pressed_pay_too_late_is_told_that_nothing_was_taken(member, how, again):
    invoice = make_invoice(member.household)
    page = ends_before(member, "/mon-dossier/payer", facture=invoice.number, amount_seen_cents=10_000, **how)
    for words in ("Vous étiez déconnecté", "rien n’a été pris sur votre carte", again):
        assert words in page
    assert page.index('id="deja"') < page.index("Première visite")
    assert not Payment.select().exists()


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("/mon-dossier/coffre/ajouter", {"payment_method_nonce": "x"}, "la carte n’est pas ajoutée"),
        (EMAIL, {"email": "neuf@example.com"}, "ce que vous aviez écrit vous attend"),
        ("/mon-dossier/acces/mot-de-passe", {"password": "secret et long"}, "rien n’a été enregistré"),
        ("/mon-dossier/acces/rappels", {"wanted": "1"}, "rien n’a été enregistré"),
    ],
)
def test_whatever_came_too_late_the_sign_in_page_says_what_became_of_it(member, path, fields, said):
    page = ends_before(member, path, **fields)
    assert "Vous étiez déconnecté" in page
    assert said in page
    assert "pris sur votre carte" not in page


def test_another_sites_form_leaves_no_word_and_no_cookie(member, app):
    answer = app.test_client().post("/mon-dossier/payer", data={"facture": "F1"})
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers


def test_who_only_opened_a_page_is_shown_her_way_in_first_and_a_visitor_is_not(member, app):
    Session.update(seen_at=clock.now() - timedelta(hours=1)).execute()
    back = member.client.get("/connexion").text
    assert back.index('id="deja"') < back.index("Première visite")
    new = app.test_client().get("/connexion").text
    assert new.index("Première visite") < new.index('id="deja"')
