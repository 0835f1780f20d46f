"""`flask staff`: accounts made and changed at the server, their roles above all."""

import pytest

from domain.staff import accounts
from models import StaffAccount


def roles_of(username: str) -> tuple[str, ...]:
    return StaffAccount.get(StaffAccount.username == username).roles


def asked(*roles: str) -> list[str]:
    return [word for role in roles for word in ("--role", role)]


@pytest.mark.parametrize(
    ("said", "given"),
    [
        (["counter"], ("counter",)),
        (["agent"], ("counter",)),
        (["finance"], ("finance",)),
        (["programming"], ("programming",)),
        (["admin"], ("admin",)),
        (["finance", "agent", "counter"], ("counter", "finance")),
        (["admin", "programming", "finance", "counter"], accounts.ROLES),
    ],
)
def test_an_account_opens_with_its_roles_and_a_temporary_password(flask, said, given):
    result = flask("staff", "add", "lucie.b", *asked(*said))
    assert result.exit_code == 0
    assert accounts.sign_in("lucie.b", result.output.strip())
    assert roles_of("lucie.b") == given


@pytest.mark.parametrize("words", [[], ["--role", "maire"], ["--role", "counter", "--role", "maire"], ["--role", ""]])
def test_without_a_role_of_ours_nobody_is_added(flask, words):
    assert flask("staff", "add", "lucie.b", *words).exit_code
    assert not StaffAccount.select().exists()


@pytest.mark.parametrize("name", ["ab", "x" * 51, "  a  ", "a\nb\nc"])
def test_a_name_that_is_none_is_refused(flask, name):
    assert "3 à 50" in flask("staff", "add", name, *asked("counter")).output
    assert not StaffAccount.select().exists()


def test_a_name_is_given_once(flask):
    flask("staff", "add", "lucie.b", *asked("counter"))
    result = flask("staff", "add", "LUCIE.B", *asked("admin"))
    assert result.exit_code == 1
    assert "quelqu’un" in result.output
    assert roles_of("lucie.b") == ("counter",)


def test_roles_are_set_as_a_whole_and_listed(flask):
    flask("staff", "add", "chef", *asked("admin"))
    flask("staff", "add", "lucie.b", *asked("counter", "finance"))
    assert flask("staff", "role", "lucie.b", *asked("programming", "agent")).exit_code == 0
    assert flask("staff", "list").output.splitlines() == ["chef  admin", "lucie.b  counter programming"]


def test_the_last_admin_stays(flask):
    flask("staff", "add", "chef", *asked("admin", "counter"))
    for words in (["role", "chef", *asked("counter")], ["close", "chef"]):
        result = flask("staff", *words)
        assert result.exit_code == 1
        assert "au moins un compte d’administration" in result.output
    assert roles_of("chef") == ("counter", "admin")


def test_a_reset_gives_another_password_and_a_closed_account_is_not_listed(flask):
    flask("staff", "add", "chef", *asked("admin"))
    first = flask("staff", "add", "lucie.b", *asked("counter")).output.strip()
    second = flask("staff", "reset", "lucie.b").output.strip()
    assert first != second
    assert accounts.sign_in("lucie.b", second)
    assert flask("staff", "close", "lucie.b").exit_code == 0
    assert flask("staff", "list").output.splitlines() == ["chef  admin"]


@pytest.mark.parametrize("words", [["reset", "personne"], ["close", "personne"], ["role", "personne", *asked("admin")]])
def test_nobody_of_that_name_is_said(flask, words):
    result = flask("staff", *words)
    assert result.exit_code == 1
    assert "aucun compte ouvert" in result.output
