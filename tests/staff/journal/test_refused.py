"""What the ways in refused: how many and whose, by the hour, and never what was typed."""

from domain.access import refused_tries
from domain.access.refused_tries import Way
from tests.factories import make_account

PATH = "/personnel/journal/essais-refuses"


def test_page_comes_whole_and_as_fragment(admin):
    assert "Aucun." in admin.client.get_page(PATH)


def test_it_says_how_many_and_whose(admin, app):
    account = make_account()
    for _ in range(3):
        refused_tries.note(Way.PASSWORD, account)
    refused_tries.note(Way.SECOND_FACTOR, staff=admin.account)
    refused_tries.note(Way.CARD)
    html = admin.client.get_page(PATH)
    for words in (
        "<strong>3</strong>",
        f"compte {account.id}",
        admin.username,
        "on ne sait de qui",
        "Code du téléphone",
    ):
        assert words in html


def test_a_user_code_that_nobody_has_is_counted_and_not_kept(admin, client):
    token = client.get("/connexion").text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    client.post("/connexion", data={"csrf_token": token, "username": "chaloupe violette 27", "password": "x"})
    html = admin.client.get_page(PATH)
    assert "on ne sait de qui" in html
    assert "chaloupe" not in html


def test_the_journal_leads_there(admin):
    assert f'href="{PATH}"' in admin.client.get("/personnel/journal").text
