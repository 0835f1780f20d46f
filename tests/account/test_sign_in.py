"""J'ai déjà un dossier."""

import re

import pytest
from argon2 import PasswordHasher

from domain.access.credentials import hash_password
from domain.common import clock
from models import Account, Session
from tests.walker import PASSWORD

VAGUE = "ne vont pas ensemble"


@pytest.fixture
def member(citizen):
    citizen.joins()
    citizen.signs_out()
    return citizen


def test_page_comes_whole_and_as_fragment(client):
    html = client.get_page("/connexion")
    assert "J’ai déjà un dossier" in html
    assert "819\u00a0843-1330" in html


def test_creating_an_account_comes_first_at_launch(client, city):
    assert city.launch_notice
    html = client.get("/connexion").text
    assert html.index("Créer mon compte") < html.index("J’ai déjà un dossier")


def test_the_right_code_and_password_open_the_dossier(member):
    response = member.signs_in("GENEVIEVE")
    assert response.status_code == 303
    assert response.location == "/mon-dossier"


@pytest.mark.parametrize(("username", "password"), [("genevieve", "chaloupe violette 28"), ("personne", "x" * 12)])
def test_every_failure_has_one_vague_message(member, username, password):
    response = member.signs_in(username, password)
    assert response.status_code == 422
    assert VAGUE in response.text
    assert f'value="{username}"' in response.text
    assert password not in response.text


def test_a_confirmed_email_works_in_place_of_the_code(member):
    row = Account.get()
    row.email = row.email_key = "g@example.com"
    row.email_confirmed_at = clock.now()
    row.save()
    assert member.signs_in("G@Example.com").status_code == 303


def test_one_is_sent_back_where_one_wanted_to_go(member):
    assert member.client.get("/mon-dossier/comptes?page=2").location == "/connexion?suite=/mon-dossier/comptes?page%3D2"
    assert member.signs_in(suite="/mon-dossier/comptes").location == "/mon-dossier/comptes"


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/%0d%0aX: y"]
)
def test_one_is_never_sent_elsewhere(member, evil):
    location = member.signs_in(suite=evil).location
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_signing_in_starts_a_new_session(member):
    member.client.get("/connexion")
    with member.client.session_transaction() as cookie:
        before = cookie["csrf_token"]
        cookie["planted"] = "by someone else"
    member.signs_in()
    member.client.get("/mon-dossier")
    with member.client.session_transaction() as cookie:
        assert cookie["csrf_token"] != before
        assert "planted" not in cookie


def test_a_password_is_checked_whole(member):
    longest = "chaloupe violette 27 " * 6 + "xy"
    assert len(longest) == 128
    Account.update(password_hash=hash_password(longest)).execute()
    assert member.signs_in(password=longest + "z").status_code == 422
    assert member.signs_in(password=longest).status_code == 303


def test_signing_in_again_ends_the_session_before(member):
    member.signs_in()
    before = Session.get().token_digest
    assert member.post("/connexion", "/mon-dossier", username="genevieve", password=PASSWORD).status_code == 303
    [after] = Session.select()
    assert after.token_digest != before


def test_a_forged_form_signs_nobody_in(member):
    response = member.client.post("/connexion", data={"username": "genevieve", "password": "chaloupe violette 27"})
    assert response.status_code == 422
    assert not Session.select().exists()


def test_a_failed_sign_in_marks_the_password_too_and_stays_in_sight(member):
    html = member.signs_in(password="x" * 12).text
    [box] = re.findall(r'<input[^>]*id="password"[^>]*>', html)
    assert 'aria-invalid="true"' in box
    assert 'aria-describedby="username-error"' in box
    assert html.index("J’ai déjà un dossier") < html.index("Première visite")


def test_the_password_can_be_shown(client):
    assert 'data-reveal="password"' in client.get("/connexion").text


def test_a_hash_of_weaker_parameters_is_made_anew(strong_hashes, citizen):
    account = citizen.joins()
    citizen.signs_out()
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    Account.update(password_hash=weak).execute()
    assert citizen.signs_in().status_code == 303
    kept = Account.get_by_id(account.id).password_hash
    assert "m=19456,t=2,p=1" in kept
    citizen.signs_out()
    assert citizen.signs_in().status_code == 303


def test_a_browser_is_known_by_a_cookie_that_no_script_reads_and_that_opens_nothing(member, app):
    cookie = next(one for one in member.signs_in().headers.getlist("Set-Cookie") if one.startswith("appareil="))
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert "; Path=/" in cookie
    assert f"; Max-Age={366 * 24 * 3600}" in cookie
    assert len(cookie.partition(";")[0]) == len("appareil=") + 22
    alone = app.test_client()
    alone.set_cookie("appareil", cookie.partition(";")[0].partition("=")[2])
    assert alone.get("/mon-dossier").status_code == 303


def test_it_outlives_signing_out_and_is_the_same_at_the_next_visit(member):
    known = member.client.get_cookie("appareil").value
    member.signs_in()
    member.signs_out()
    member.signs_in()
    assert member.client.get_cookie("appareil").value == known


def test_someone_who_failed_has_no_cookie_of_a_browser(app, member):
    stranger = app.test_client()
    stranger.post("/connexion", data={"username": "genevieve", "password": "x"})
    assert stranger.get_cookie("appareil") is None


def test_a_form_left_open_in_another_tab_leads_on_to_the_dossier(citizen):
    """Its token is of the session before."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', citizen.client.get("/connexion").text)[1]
    citizen.joins()
    typed = {"csrf_token": token, "username": "genevieve", "password": PASSWORD}
    answer = citizen.client.post("/connexion?suite=/mon-dossier/famille", data=typed)
    assert (answer.status_code, answer.location) == (303, "/mon-dossier/famille")
