"""Opening accounts."""

import re

import pytest

from models import AuditEvent, StaffAccount
from tests.staff.conftest import Clerk

PATH = "/personnel/comptes"


def adds(admin, **fields):
    return admin.post(PATH, **{"username": "nouvel.agent", "role": "agent", "code": admin.code(), **fields})


def test_page_comes_whole_and_as_fragment(admin):
    assert "admin.magog" in admin.client.get_page(PATH)


@pytest.mark.parametrize("role", ["agent", "finance"])
def test_others_may_not(hires, role):
    assert hires(role).client.get(PATH).status_code == 403


def test_a_new_account_opens_with_the_password_shown(app, admin):
    password = re.search(r"<strong>(\w{5}-\w{5}-\w{5})</strong>", adds(admin).text)[1]
    new = Clerk.__new__(Clerk)
    new.client, new.username = app.test_client(), "nouvel.agent"
    assert new.gives_password(password).location.endswith("/personnel")
    assert StaffAccount.get(StaffAccount.username == "nouvel.agent").role == "agent"
    assert AuditEvent.get(AuditEvent.action == "staff added", AuditEvent.actor == admin.username)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"username": "ADMIN.magog"}, "est ou a été"),
        ({"username": "a b"}, "sans espace"),
        ({"role": "maire"}, "Choisissez un rôle"),
        ({"role": ""}, "Choisissez un rôle"),
        ({"code": "000000"}, "Ce code ne va pas"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(admin, wrong, words):
    answer = adds(admin, **wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert StaffAccount.select().count() == 1
