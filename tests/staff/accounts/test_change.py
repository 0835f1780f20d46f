"""Changing roles, resetting, closing: never one's own, never the last administration."""

import pytest

from domain.staff import accounts
from models import StaffAccount


def changes(admin, username="agent.magog", **fields):
    path = f"/personnel/comptes/{username}"
    return admin.post(path, **{"act": "finance", "code": admin.code(), **fields})


def role_of(username: str) -> str:
    return StaffAccount.get(StaffAccount.username == username).role


def test_page_comes_whole_and_as_fragment(admin, clerk):
    assert "Comptoir" in admin.client.get_page("/personnel/comptes/agent.magog")


def test_others_may_not(clerk):
    assert clerk.client.get("/personnel/comptes/agent.magog").status_code == 403


def test_a_new_role_counts_from_the_next_sign_in(admin, clerk):
    assert changes(admin).status_code == 303
    assert role_of("agent.magog") == "finance"
    assert clerk.client.get("/personnel").status_code == 303


def test_a_reset_shows_a_password_and_ends_what_is_open(admin, clerk):
    assert "Mot de passe temporaire" in changes(admin, act="reset").text
    assert clerk.client.get("/personnel").status_code == 303
    assert clerk.gives_password().status_code == 422


def test_a_closed_account_is_gone_and_its_name_is_not_given_again(admin, clerk):
    assert changes(admin, act="close").status_code == 303
    assert clerk.gives_password().status_code == 422
    with pytest.raises(accounts.NameTaken):
        accounts.add("agent.magog", "agent")


@pytest.mark.parametrize("act", ["agent", "reset", "close"])
def test_not_ones_own(admin, act):
    answer = changes(admin, "admin.magog", act=act)
    assert answer.status_code == 422
    assert "son propre compte" in answer.text
    assert role_of("admin.magog") == "admin"


def test_somebody_must_be_left(admin):
    with pytest.raises(accounts.LastAdmin):
        accounts.close("admin.magog")
    assert role_of("admin.magog") == "admin"
    assert accounts.everyone()


@pytest.mark.parametrize("wrong", [{"act": "god"}, {"act": ""}, {"code": "000000"}])
def test_what_is_wrong_changes_nothing(admin, clerk, wrong):
    assert changes(admin, **wrong).status_code == 422
    assert role_of("agent.magog") == "agent"


def test_nobody_of_that_name(admin):
    assert admin.client.get("/personnel/comptes/personne").status_code == 404
