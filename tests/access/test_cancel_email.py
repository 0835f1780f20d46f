"""An address that waits to be confirmed is told in Mon profil, and cancelled there."""

import re

import pytest

from domain.common import clock
from models import Account, EmailConfirmation, Message
from tests.walker import PASSWORD

PATH = "/mon-dossier/acces/courriel/annuler"
PROFILE = "/mon-dossier/acces"


@pytest.fixture
def member(citizen):
    citizen.joins(email="old@example.com")
    Account.update(email_confirmed_at=clock.now()).execute()
    citizen.post("/mon-dossier/acces/courriel", email="thief@example.com", current=PASSWORD)
    return citizen


def test_both_addresses_are_told(member):
    page = member.client.get_page(PROFILE)
    assert "old@example.com" in page
    assert "thief@example.com" in page


def test_cancelled_its_link_opens_nothing(member):
    link = re.search(r"/courriel/\S+", Message.get(Message.recipient == "thief@example.com").body)[0]
    assert member.post(PATH, PROFILE).status_code == 303
    page = member.client.get(PROFILE).text
    assert "C’est annulé" in page
    assert "thief@example.com" not in page
    assert member.client.get(link).status_code == 404


def test_a_forged_form_cancels_nothing(member):
    member.client.post(PATH)
    assert EmailConfirmation.select().where(EmailConfirmation.used_at.is_null()).exists()
