"""The link sent to an address that was changed: a button puts it back, and a new password is chosen."""

import re

import pytest

from domain.access import email_confirmation
from domain.common import clock
from models import Account, Message
from tests.walker import PASSWORD


@pytest.fixture
def link(app, citizen) -> str:
    letters, city = app.extensions["portal"].letters, app.extensions["portal"].city
    account = citizen.joins(email="old@example.com")
    Account.update(email_confirmed_at=clock.now()).execute()
    account = Account.get_by_id(account.id)
    token = email_confirmation.ask_confirmation(account, "new@example.com")
    email_confirmation.confirm(token, letters, city)
    return re.search(r"/retablir-courriel/\S+", Message.get(Message.subject == "Votre courriel a été changé").body)[0]


def test_opening_it_changes_nothing(citizen, link):
    assert "old@example.com" in citizen.client.get_page(link)
    assert Account.get().confirmed_email == "new@example.com"


def test_its_button_puts_the_address_back_and_leads_to_a_new_password(citizen, link):
    answer = citizen.post(link)
    assert answer.status_code == 303
    assert Account.get().confirmed_email == "old@example.com"
    assert "nouveau mot de passe" in citizen.client.get(answer.location).text.casefold()
    assert citizen.client.get("/mon-dossier").status_code == 303, "her session ended"
    assert citizen.signs_in(password=PASSWORD).status_code == 422


def test_used_or_invented_it_opens_nothing(citizen, link):
    citizen.post(link)
    for path in (link, "/retablir-courriel/invente"):
        assert citizen.client.get(path).status_code == 404
        assert citizen.post(path, "/connexion").status_code == 404
