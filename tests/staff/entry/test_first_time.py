"""The first visit: a password of one's own, a phone, codes to keep."""

import re

import pytest

from domain.staff import accounts
from models import AuditEvent, StaffAccount, StaffRecoveryCode
from tests.staff.conftest import PASSWORD, Clerk


@pytest.fixture
def new(app):
    return Clerk(app, "nouvelle", "agent")


def test_page_comes_whole_and_as_fragment_and_shows_the_secret_twice(new):
    assert new.gives_password(new.temporary).status_code == 303
    page = new.client.get_page("/personnel/premiere-fois")
    assert "<svg" in page
    assert new.account.totp_secret in page


def test_it_opens_and_the_codes_are_kept_as_digests(new):
    answer = new.sets_up()
    codes = re.findall(r"<strong>(\w{5}-\w{5})</strong>", answer.text)
    assert len(codes) == 10
    assert not StaffRecoveryCode.select().where(StaffRecoveryCode.code_digest.in_(codes)).exists()
    assert new.client.get("/personnel").status_code == 200
    assert AuditEvent.get(AuditEvent.action == "second factor set up").actor == "nouvelle"


def test_a_recovery_code_stands_for_the_phone_once(new):
    code = re.search(r"<strong>(\w{5}-\w{5})</strong>", new.sets_up().text)[1]
    for expected in (303, 422):
        new.signs_out()
        new.gives_password()
        assert new.post("/personnel/code", code=code.lower()).status_code == expected


def test_the_temporary_password_is_gone(new):
    new.sets_up()
    new.signs_out()
    assert new.gives_password(new.temporary).status_code == 422
    assert new.gives_password(PASSWORD).status_code == 303


def test_the_temporary_password_cannot_be_kept(new):
    answer = new.sets_up(password=new.temporary, password_again=new.temporary)
    assert "mot de passe temporaire" in answer.text
    assert new.account.password_expires_at


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password": "court"}, "trop court"),
        ({"password": "nouvelle nouvelle"}, "contient votre nom"),
        ({"password": "magog magog 2026"}, "mots de la ville"),
        ({"code": "000000"}, "Ce code ne va pas"),
        ({"code": ""}, "Écrivez le code"),
        ({"password_again": "autre chose"}, "différents"),
    ],
)
def test_what_is_wrong_is_said_and_the_temporary_password_goes_on(new, wrong, words):
    answer = new.sets_up(**{"password_again": wrong.get("password", PASSWORD), **wrong})
    assert answer.status_code == 422
    assert words in answer.text
    assert new.client.get("/personnel").status_code == 303
    assert new.gives_password(new.temporary).status_code == 303


def test_it_is_not_done_twice(clerk):
    secret = StaffAccount.get().totp_secret
    assert clerk.client.get("/personnel/premiere-fois").status_code == 303
    assert StaffAccount.get().totp_secret == secret


def test_a_reset_sets_everything_up_anew(clerk):
    before = StaffAccount.get().totp_secret
    clerk.temporary = accounts.reset(clerk.username)
    assert clerk.client.get("/personnel").status_code == 303
    assert clerk.sets_up(password="une autre phrase 8", password_again="une autre phrase 8").status_code == 200
    assert StaffAccount.get().totp_secret != before


def test_whoever_entered_before_with_the_temporary_password_learns_nothing(app, new):
    thief = Clerk.__new__(Clerk)
    thief.client, thief.username, thief.temporary = app.test_client(), new.username, new.temporary
    thief.gives_password(new.temporary)
    thief.client.get("/personnel/premiere-fois")
    seen = new.account.totp_secret
    assert new.sets_up().status_code == 200
    assert new.account.totp_secret != seen
    assert thief.client.get("/personnel/premiere-fois").location.endswith("/personnel/connexion")
