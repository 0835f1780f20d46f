"""Déconnexion."""

from models import Session


def test_signing_out_ends_the_session_at_the_server(citizen):
    citizen.joins()
    assert Session.select().count() == 1
    answer = citizen.signs_out()
    assert answer.status_code == 303
    assert "Vous êtes déconnecté." in citizen.client.get_page(answer.location)
    assert "Vous êtes déconnecté." not in citizen.client.get_page(answer.location)
    assert not Session.select().exists()
    assert citizen.client.get("/mon-dossier").status_code == 303


def test_a_cookie_kept_from_before_is_worth_nothing(citizen):
    citizen.joins()
    with citizen.client.session_transaction() as cookie:
        kept = dict(cookie)
    citizen.signs_out()
    with citizen.client.session_transaction() as cookie:
        cookie.update(kept)
    assert citizen.client.get("/mon-dossier").status_code == 303


def test_an_address_typed_does_not_sign_out(citizen):
    citizen.joins()
    assert citizen.client.get("/deconnexion").status_code == 405
    assert citizen.client.get("/mon-dossier").status_code == 200


def test_leaving_works_from_a_page_left_open(citizen):
    citizen.joins()
    assert citizen.client.post("/deconnexion", data={"csrf_token": "of another day"}).status_code == 303
    assert citizen.client.get("/mon-dossier").status_code == 303
