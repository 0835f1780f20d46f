"""Leaving."""

from models import StaffSession


def test_it_ends_at_the_server_too(clerk):
    cookie = clerk.client.get_cookie("portail").value
    assert clerk.signs_out().status_code == 303
    assert not StaffSession.select().exists()
    clerk.client.set_cookie("portail", cookie)
    assert clerk.client.get("/personnel").status_code == 303


def test_it_wants_the_forms_token(clerk):
    clerk.client.post("/personnel/deconnexion")
    assert clerk.client.get("/personnel").status_code == 200
