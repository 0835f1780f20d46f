"""Mon profil: how one enters, and where one is signed in."""

import pytest

from models import Session
from tests.pages import CheckedClient
from tests.walker import Citizen

PHONE = "Mozilla/5.0 (Linux; Android 9; SM-J260) AppleWebKit/537.36 Chrome/74.0 Mobile Safari/537.36"
AGENTS = [
    (PHONE, "Chrome sur Android"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox sur Windows"),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
        "Safari sur iPhone",
    ),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge sur Windows"),
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


def test_recent_visits_say_when_from_what_and_whether_the_browser_was_new(app, member):
    elsewhere(app, member, PHONE)
    html = member.client.get_page("/mon-dossier/acces")
    visits = html[html.index("Connexions récentes") :]
    assert visits.count("Chrome sur Android") == 1
    assert visits.count("Nouveau navigateur") == 1, "not the one that signed up"
    assert "essai" not in visits


def test_ten_visits_stand_on_a_page_and_the_others_after(member):
    for _ in range(10):
        comes_again(member)
    first, second = (visits(member.client.get_page(f"/mon-dossier/acces?page={n}")) for n in (1, 2))
    assert (first.count("<li>"), second.count("<li>")) == (10, 1)
    assert "Page 1 de 2" in first


def comes_again(member) -> None:
    member.signs_out()
    assert member.signs_in().status_code == 303


def visits(html: str) -> str:
    return html[html.index("Connexions récentes") : html.index("Retour à Mon dossier")]


@pytest.mark.parametrize(("times", "said"), [(1, "1 essai refusé depuis"), (2, "2 essais refusés depuis")])
def test_refused_tries_since_the_last_visit_are_said_until_the_next(app, member, times, said):
    stranger = Citizen(app.test_client())
    for _ in range(times):
        stranger.signs_in(password="pas celui-là du tout")
    comes_again(member)
    assert said in member.client.get("/mon-dossier/acces").text
    comes_again(member)
    assert "essai" not in visits(member.client.get("/mon-dossier/acces").text)


def test_another_accounts_visits_and_tries_are_not_shown(app, member):
    stranger = Citizen(app.test_client())
    stranger.joins(username="luc")
    stranger.signs_in("luc", "pas celui-là du tout")
    html = visits(member.client.get("/mon-dossier/acces").text)
    assert html.count("<li>") == 1
    assert "essai" not in html
