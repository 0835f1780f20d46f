"""Mon profil: how one enters, and where one is signed in."""

import pytest

from models import Session
from tests.pages import CheckedClient
from tests.walker import Citizen

PHONE = "Mozilla/5.0 (Linux; Android 9; SM-J260) AppleWebKit/537.36 Chrome/74.0 Mobile Safari/537.36"
AGENTS = [
    (PHONE, "Chrome, Android"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
        "Safari, iPhone",
    ),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
    ("<script>alert(1)</script>", "Un navigateur"),
]


@pytest.fixture
def member(citizen):
    citizen.joins(email="g@example.com")
    return citizen


def elsewhere(app, member, agent: str) -> Citizen:
    """Sign the same person in from another browser."""
    app.test_client_class = CheckedClient
    other = Citizen(app.test_client(), member.household)
    other.client.environ_base["HTTP_USER_AGENT"] = agent
    other.signs_in()
    return other


def test_page_shows_code_email_and_this_device(member):
    html = member.client.get_page("/mon-dossier/acces")
    for words in ("genevieve", "g@example.com", "À confirmer", "Celui-ci", "30 minutes"):
        assert words in html
    assert "Fermer les autres" not in html


@pytest.mark.parametrize(("agent", "named"), AGENTS)
def test_browsers_are_named_as_a_person_would(app, member, agent, named):
    elsewhere(app, member, agent)
    html = member.client.get("/mon-dossier/acces").text
    assert named in html
    assert "alert(1)" not in html


def test_a_stranger_is_asked_to_sign_in(client):
    for path in ("/mon-dossier/acces", "/mon-dossier/acces/mot-de-passe", "/mon-dossier/acces/courriel"):
        assert client.get(path).location == f"/connexion?suite={path}"


def test_another_households_sessions_are_not_shown(app, member):
    Session.update(browser="Mine").execute()
    stranger = Citizen(app.test_client())
    stranger.joins(username="luc")
    assert "Mine" not in stranger.client.get("/mon-dossier/acces").text
