"""A one-time code, read out by someone who has checked who asks."""

import pytest

from domain.access import password_reset
from domain.common import rate_limits
from models import Account, Attempt
from settings import LIMITS


@pytest.fixture
def member(citizen):
    citizen.joins()
    citizen.signs_out()
    return citizen


def test_page_comes_whole_and_as_fragment(client):
    assert "Dix lettres ou chiffres" in client.get_page("/oubli/code-recu")


def test_the_code_read_out_opens_a_new_password_however_it_is_typed(member, app):
    result = app.test_cli_runner().invoke(args=["recovery-code", member.person.card_number])
    code = result.output.split()[0]
    answer = member.post("/oubli/code-recu", one_time_code=f" {code.lower().replace('-', ' ')} ")
    assert answer.status_code == 303
    assert "nouveau mot de passe" in member.client.get(answer.location).text


def test_a_wrong_code_is_refused_and_counted(member):
    answer = member.post("/oubli/code-recu", one_time_code="ABCDE-FGHJK")
    assert answer.status_code == 422
    assert "ne sert pas" in answer.text
    assert Attempt.select().where(Attempt.kind == rate_limits.WRONG_CODES[0]).count() == 1


def test_past_the_limit_even_the_right_code_waits(member):
    code = password_reset.read_out(Account.get())
    wrong = {"kind": rate_limits.WRONG_CODES[0], "key": rate_limits.kept("127.0.0.1")}
    Attempt.insert_many([wrong] * LIMITS[rate_limits.WRONG_CODES[0]].most).execute()
    assert member.post("/oubli/code-recu", one_time_code=code).status_code == 422
    assert member.client.get(f"/mot-de-passe/{password_reset.plain(code)}").status_code == 404


def test_a_card_without_account_gets_no_code(citizen, app):
    result = app.test_cli_runner().invoke(args=["recovery-code", citizen.person.card_number])
    assert result.exit_code == 1
    assert "peut en créer un" in result.output


def test_old_links_opened_one_after_another_close_no_valid_one(member):
    """At the library everybody has one address."""
    for n in range(LIMITS[rate_limits.WRONG_CODES[0]].most * 2):
        assert member.client.get(f"/mot-de-passe/{'x' * 40}{n}").status_code == 404
    token = password_reset.open_link(Account.get())
    assert member.client.get(f"/mot-de-passe/{token}").status_code == 200
    assert not Attempt.select().where(Attempt.kind == rate_limits.WRONG_CODES[0]).exists()
