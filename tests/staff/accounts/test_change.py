"""Changing roles, resetting, closing: never one's own, never the last administration."""

import re

import pytest

from domain.staff import accounts
from models import AuditEvent, StaffAccount

WRONG = [
    {"act": "god"},
    {"act": ""},
    {"code": "000000"},
    {"act": "roles"},
    {"act": "roles", "role": ["counter", "maire"]},
    {"act": "roles", "role": "finance", "code": "000000"},
]


def changes(admin, username="agent.magog", **fields):
    path = f"/personnel/comptes/{username}"
    return admin.post(path, **{"act": "finance", "code": admin.code(), **fields})


def roles_of(username: str) -> tuple[str, ...]:
    return StaffAccount.get(StaffAccount.username == username).roles


def test_page_comes_whole_and_as_fragment(admin, clerk):
    assert "Comptoir" in admin.client.get_page("/personnel/comptes/agent.magog")


def test_others_may_not(clerk):
    assert clerk.client.get("/personnel/comptes/agent.magog").status_code == 403


def test_the_page_shows_the_roles_as_they_are(admin, hires):
    hires("counter", "programming", username="deux.roles")
    page = admin.client.get("/personnel/comptes/deux.roles").text
    assert "Comptoir, Programmation" in page
    assert re.findall(r'<input checked[^>]*value="(\w+)"', page) == ["counter", "programming"]
    assert page.count("<legend>") == 2


@pytest.mark.parametrize(
    ("sent", "given"),
    [
        ({"act": "finance"}, ("finance",)),
        ({"act": "agent"}, ("counter",)),
        ({"act": "programming", "role": ["counter", "admin"]}, ("programming",)),
        ({"act": "roles", "role": "finance"}, ("finance",)),
        ({"act": "roles", "role": ["finance", "agent"]}, ("counter", "finance")),
    ],
)
def test_new_roles_count_from_the_next_sign_in(admin, clerk, sent, given):
    assert changes(admin, **sent).status_code == 303
    assert roles_of("agent.magog") == given
    assert clerk.client.get("/personnel").status_code == 303
    event = AuditEvent.get(AuditEvent.action == "staff role")
    assert (event.actor, event.subject) == (admin.username, f"agent.magog {' '.join(given)}")


def test_a_reset_shows_a_password_and_ends_what_is_open(admin, clerk):
    assert "Mot de passe temporaire" in changes(admin, act="reset").text
    assert clerk.client.get("/personnel").status_code == 303
    assert clerk.gives_password().status_code == 422


def test_a_closed_account_is_gone_and_its_name_is_not_given_again(admin, clerk):
    assert changes(admin, act="close").status_code == 303
    assert clerk.gives_password().status_code == 422
    with pytest.raises(accounts.NameTaken):
        accounts.add("agent.magog", "agent")


@pytest.mark.parametrize("act", ["agent", "roles", "reset", "close"])
def test_not_ones_own(admin, act):
    answer = changes(admin, "admin.magog", act=act, role=["counter"])
    assert answer.status_code == 422
    assert "son propre compte" in answer.text
    assert roles_of("admin.magog") == ("admin",)


def test_somebody_must_be_left(admin):
    with pytest.raises(accounts.LastAdmin):
        accounts.close("admin.magog")
    assert roles_of("admin.magog") == ("admin",)
    assert accounts.everyone()


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_changes_nothing(admin, clerk, wrong):
    assert changes(admin, **wrong).status_code == 422
    assert roles_of("agent.magog") == ("counter",)
    assert clerk.client.get("/personnel").status_code == 200


def test_nobody_of_that_name(admin):
    assert admin.client.get("/personnel/comptes/personne").status_code == 404
