"""Closing one's account: the way in goes, the books stay."""

import re

import pytest
from peewee import fn

from domain.common import clock
from models import Account, AuditEvent, Message, Payment, PaymentEvent, Receipt, Session, UnsentForm
from tests.factories import make_invoice
from tests.walker import PASSWORD, Citizen

PATH = "/mon-dossier/renseignements/fermer"


@pytest.fixture
def member(citizen):
    citizen.joins()
    Account.update(email="genevieve@example.com", email_confirmed_at=clock.now()).execute()
    return citizen


def test_page_comes_whole_and_as_fragment(member):
    assert "Ce qui part" in member.client.get_page(PATH)


def test_the_account_goes_the_payments_stay(member, simulator, paying):
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    Message.delete().execute()
    answer = member.post(PATH, current=PASSWORD)
    assert answer.location == "/"
    assert "Votre compte est fermé" in member.client.get("/").text
    assert not Account.select().exists()
    assert not Session.select().exists()
    assert (Payment.get().account_id, Payment.get().payer_id) == (None, member.person.id)
    assert Receipt.get().payment_id == payment.id
    assert Message.get().recipient == "genevieve@example.com"
    assert AuditEvent.get(AuditEvent.action == "account closed").person_id == member.person.id


def test_a_new_one_can_be_made_with_the_card(member):
    member.post(PATH, current=PASSWORD)
    member.joins()
    assert member.client.get("/mon-dossier").status_code == 200


@pytest.mark.parametrize(
    ("current", "said"), [("", "Écrivez votre mot de passe"), ("autre 12345", "pas votre mot de passe")]
)
def test_the_password_is_wanted(member, current, said):
    answer = member.post(PATH, current=current)
    assert answer.status_code == 422
    assert said in answer.text
    assert Account.select().exists()


def test_not_while_a_payment_is_under_way(member, simulator, paying):
    member.pays(make_invoice(member.household))
    answer = member.post(PATH, current=PASSWORD)
    assert answer.status_code == 422
    assert "Un de vos paiements est en cours" in answer.text
    paying()
    assert member.post(PATH, current=PASSWORD).status_code == 303
    assert PaymentEvent.select().exists()


def test_twice_is_once(member):
    member.post(PATH, current=PASSWORD)
    assert member.client.post(PATH, data={"current": PASSWORD}).status_code == 303


def test_103_what_she_had_typed_is_not_given_to_who_gets_her_accounts_number(citizen, app):
    path, words = "/mon-dossier/renseignements/correction", "Ma nouvelle adresse est secrète"
    citizen.joins()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', citizen.client.get(path).text)[1]
    elsewhere = Citizen(app.test_client(), citizen.household)
    elsewhere.signs_in()
    Session.delete().where(Session.id == Session.select(fn.MIN(Session.id))).execute()  # it ended at the library
    assert citizen.client.post(path, data={"csrf_token": token, "words": words}).status_code == 303
    assert UnsentForm.select().exists()
    elsewhere.post(PATH, current=PASSWORD)
    next_there = Citizen(citizen.client)
    next_there.joins(username="autre")  # SQLite gives the number anew
    assert words not in next_there.client.get_page(path)
    assert not UnsentForm.select().exists()
