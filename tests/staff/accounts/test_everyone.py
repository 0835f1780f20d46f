"""Opening accounts."""

import re

import pytest

from models import AuditEvent, StaffAccount
from tests.staff.conftest import Clerk

PATH = "/personnel/comptes"


def adds(admin, **fields):
    return admin.post(PATH, **{"username": "nouvel.agent", "role": "counter", "code": admin.code(), **fields})


def test_page_comes_whole_and_as_fragment(admin):
    assert "admin.magog" in admin.client.get_page(PATH)


@pytest.mark.parametrize("role", ["counter", "finance", "programming"])
def test_others_may_not(hires, role):
    assert hires(role).client.get(PATH).status_code == 403


def test_a_new_account_opens_with_the_password_shown(app, admin):
    password = re.search(r"<strong>(\w{5}-\w{5}-\w{5})</strong>", adds(admin).text)[1]
    new = Clerk.__new__(Clerk)
    new.client, new.username = app.test_client(), "nouvel.agent"
    assert new.gives_password(password).location.endswith("/personnel")
    assert StaffAccount.get(StaffAccount.username == "nouvel.agent").roles == ("counter",)
    assert AuditEvent.get(AuditEvent.action == "staff added", AuditEvent.actor == admin.username)


@pytest.mark.parametrize(
    ("sent", "given"),
    [
        ("agent", ("counter",)),
        (["programming"], ("programming",)),
        (["admin", "counter", "counter"], ("counter", "admin")),
        (["counter", "finance", "programming", "admin"], ("counter", "finance", "programming", "admin")),
    ],
)
def test_an_account_may_have_several_roles(admin, sent, given):
    assert adds(admin, role=sent).status_code == 200
    assert StaffAccount.get(StaffAccount.username == "nouvel.agent").roles == given


def test_the_page_has_a_named_group_of_checkboxes_and_lists_roles(admin, hires):
    hires("counter", "finance", username="deux.roles")
    page = admin.client.get(PATH).text
    assert "Comptoir, Finances" in page
    assert "<legend>Rôles</legend>" in page
    assert page.count('type="checkbox"') == 4


def test_what_was_checked_stays_checked_when_something_is_wrong(admin):
    page = adds(admin, role=["finance", "programming"], code="000000").text
    checked = re.findall(r'<input checked[^>]*value="(\w+)"', page)
    assert checked == ["finance", "programming"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"username": "ADMIN.magog"}, "est ou a été"),
        ({"username": "a b"}, "sans espace"),
        ({"role": "maire"}, "Choisissez un rôle"),
        ({"role": ""}, "Choisissez un rôle"),
        ({"role": []}, "Choisissez un rôle"),
        ({"role": ["counter", "maire"]}, "Choisissez un rôle"),
        ({"code": "000000"}, "Ce code ne va pas"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(admin, wrong, words):
    answer = adds(admin, **wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert StaffAccount.select().count() == 1
