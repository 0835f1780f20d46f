"""An address counts once its button is pressed."""

from datetime import timedelta

import pytest

from domain.access import email_confirmation
from domain.common import clock
from models import Account, EmailConfirmation
from tests.factories import make_invoice
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
