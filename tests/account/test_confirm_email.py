"""An address counts once its button is pressed."""

from datetime import timedelta

import pytest

from domain.access import email_confirmation
from domain.common import clock
from models import Account, EmailConfirmation
from tests.factories import make_account, make_invoice
from tests.walker import PASSWORD


@pytest.fixture
def link(citizen):
    account = citizen.joins(email="genevieve@example.com")
    return "/courriel/" + email_confirmation.ask_confirmation(account, account.email)


def test_opening_the_link_confirms_nothing(citizen, link):
    assert "Voulez-vous recevoir" in citizen.client.get_page(link)
    assert Account.get().email_confirmed_at is None


def test_pressing_its_button_confirms_the_address(citizen, link):
    assert "est confirmé" in citizen.post(link).text
    assert Account.get().confirmed_email == "genevieve@example.com"


def test_signed_out_it_asks_for_the_password_and_says_when_it_is_wrong(app, citizen, link):
    citizen.post("/deconnexion", "/mon-dossier")
    assert "account_password" in citizen.client.get_page(link)
    for wrong in ("", "pas celui-là 12"):
        answer = citizen.post(link, account_password=wrong)
        assert answer.status_code == 422
        assert "pas votre mot de passe" in answer.text
    assert Account.get().email_confirmed_at is None
    assert "est confirmé" in citizen.post(link, account_password=PASSWORD).text


def test_the_password_is_not_guessed_there(app, citizen, link):
    citizen.post("/deconnexion", "/mon-dossier")
    for _ in range(30):
        answer = citizen.post(link, account_password="pas celui-là 12")
    assert "Trop d’essais" in answer.text
    assert "Trop d’essais" in citizen.post(link, account_password=PASSWORD).text
    assert Account.get().email_confirmed_at is None


def test_a_link_works_once(citizen, link):
    citizen.post(link)
    assert citizen.client.get(link).status_code == 404


def test_a_link_too_old_or_invented_opens_nothing(citizen, link):
    EmailConfirmation.update(expires_at=clock.now() - timedelta(seconds=1)).execute()
    assert citizen.client.get(link).status_code == 404
    assert citizen.client.get("/courriel/invented").status_code == 404
    assert Account.get().email_confirmed_at is None


def test_the_notice_stays_until_the_address_is_confirmed(citizen, simulator, paying):
    citizen.joins(email="g@example.com")
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household)))
    paying()
    pages = (f"/mon-dossier/paiements/{payment.reference}", "/mon-dossier")
    assert all("Confirmez votre courriel" in citizen.client.get_page(page) for page in pages)
    Account.update(email_confirmed_at=clock.now()).execute()
    assert not any("Confirmez votre courriel" in citizen.client.get(page).text for page in pages)


def test_without_an_address_there_is_nothing_to_confirm(citizen):
    citizen.joins()
    assert "Confirmez votre courriel" not in citizen.client.get("/mon-dossier").text


def test_a_couple_sharing_a_mailbox_is_told_that_it_confirms_one_account(citizen, link):
    make_account(email="genevieve@example.com", email_key="genevieve@example.com", email_confirmed_at=clock.now())
    answer = citizen.post(link)
    assert answer.status_code == 422
    assert "déjà confirmée pour un autre compte" in answer.text
    assert "a déjà servi" not in answer.text
    assert Account.get(Account.person == citizen.person).email_confirmed_at is None
    citizen.signs_out()
    wrong = citizen.post(link, account_password="pas celui-là 12")
    assert "autre compte" not in wrong.text, "whoever has not the password learns nothing of it"
