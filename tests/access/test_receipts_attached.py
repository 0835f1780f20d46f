"""The switch that has receipts attached to their letters."""

from domain.common import clock
from domain.payments import attached_receipts
from models import Account
from tests.factories import make_person

PATH = "/mon-dossier/acces/recus"
PAGE = "/mon-dossier/acces"


def test_it_is_off_until_it_is_asked_for_and_says_what_that_means(citizen):
    citizen.joins(email="genevieve@example.com")
    page = citizen.client.get_page(PAGE)
    assert "Joindre le reçu en PDF aux courriels" in page
    assert "n’est pas chiffré d’un bout à l’autre" in page
    assert not attached_receipts.are_wanted(Account.get())


def test_one_switch_has_them_and_has_them_no_more(citizen):
    citizen.joins()
    for _ in range(2):
        assert citizen.post(PATH, PAGE, wanted="1").status_code == 303
    assert attached_receipts.are_wanted(Account.get())
    assert "Ne plus joindre" in citizen.client.get(PAGE).text
    citizen.post(PATH, PAGE, wanted="0")
    assert not attached_receipts.are_wanted(Account.get())


def test_who_shares_her_mailbox_is_told_that_it_gets_none(citizen):
    citizen.joins(email="genevieve@example.com")
    citizen.post(PATH, PAGE, wanted="1")
    assert "n’est pas joint" not in citizen.client.get(PAGE).text
    Account.update(email_confirmed_at=clock.now()).execute()
    make_person(citizen.household, first_name="Marc", email="Genevieve@example.com")
    assert "n’est pas joint" in citizen.client.get(PAGE).text


def test_without_a_token_nothing_changes(citizen):
    citizen.joins()
    citizen.client.post(PATH, data={"wanted": "1"})
    assert not attached_receipts.are_wanted(Account.get())
