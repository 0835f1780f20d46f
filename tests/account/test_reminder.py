"""Mon aide-mémoire."""

from tests.walker import PASSWORD


def test_it_shows_the_address_the_code_and_the_help_never_the_password(citizen):
    citizen.joins()
    html = citizen.client.get_page("/compte/aide-memoire")
    assert "http://127.0.0.1:5000" in html
    assert "genevieve" in html
    assert "843" in html
    assert PASSWORD not in html


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get("/compte/aide-memoire").location == "/connexion?suite=/compte/aide-memoire"
