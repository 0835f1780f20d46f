"""At the counter: a file opened is noted, a code is read out, a card unblocked."""

import re
from datetime import timedelta

import pytest

from domain.common import rate_limits
from models import Account, AuditEvent, Message, Person
from settings import LIMITS
from tests.factories import make_invoice, make_person
from tests.walker import PASSWORD

PATH = "/personnel/carte"


def test_page_comes_whole_and_as_fragment(clerk):
    assert "Au comptoir" in clerk.client.get_page(PATH)


def test_a_file_opened_is_shown_and_noted(clerk):
    person = make_person()
    page = clerk.post(PATH, card_number=person.card_number[5:].lower()).text
    assert "Geneviève" in page
    assert "Aucun" in page
    event = AuditEvent.get(AuditEvent.action == "file opened")
    assert (event.actor, event.person_id) == (clerk.username, person.id)


@pytest.mark.parametrize("wrong", ["", "QMAGB99999999", "x", "9" * 300, "a\0"])
def test_no_such_card_is_said(clerk, wrong):
    assert clerk.post(PATH, card_number=wrong).status_code == 422
    assert not AuditEvent.select().where(AuditEvent.action == "file opened").exists()


def test_a_code_read_out_opens_a_new_password(clerk, citizen):
    citizen.joins()
    citizen.signs_out()
    page = clerk.post(PATH, card_number=citizen.person.card_number, act="code", code=clerk.code()).text
    code = re.search(r"lire\s*:\s(\w{5}-\w{5})", page)[1]
    answer = citizen.post("/oubli/code-recu", one_time_code=code)
    assert answer.status_code == 303
    assert citizen.signs_in(password=PASSWORD).status_code == 303, "the old one goes on until there is a new one"
    assert AuditEvent.get(AuditEvent.action == "one-time code").person_id == citizen.person.id


@pytest.mark.parametrize("code", ["", "000000"])
def test_no_code_is_read_out_without_the_telephones(clerk, citizen, code):
    citizen.joins()
    page = clerk.post(PATH, card_number=citizen.person.card_number, act="code", code=code).text
    assert not re.search(r"lire\s*:\s(\w{5}-\w{5})", page)
    assert citizen.person.name in page
    assert not AuditEvent.select().where(AuditEvent.action == "one-time code").exists()


def test_who_has_a_code_read_out_hears_of_it_at_once(clerk, citizen):
    citizen.person.email = "file@example.com"
    citizen.person.save()
    citizen.joins()
    clerk.post(PATH, card_number=citizen.person.card_number, act="code", code=clerk.code())
    message = Message.select().order_by(Message.id.desc()).get()
    assert (message.recipient, message.priority) == ("file@example.com", 1)
    assert "Un code a été lu" in message.subject
    assert not re.search(r"\w{5}-\w{5}", message.body)


def test_a_card_without_an_account_gets_no_code(clerk):
    assert (
        "pas de compte" in clerk.post(PATH, card_number=make_person().card_number, act="code", code=clerk.code()).text
    )


def test_a_card_is_unblocked(clerk, citizen):
    for days in range(1, LIMITS[rate_limits.CARD].most + 1):
        citizen.identifies(born=citizen.person.birth_date + timedelta(days=days))
    assert citizen.identifies().status_code == 422
    page = clerk.post(PATH, card_number=citizen.person.card_number, act="unblock").text
    assert "5 mauvaises dates oubliées" in page
    assert citizen.identifies().status_code == 303


def test_a_lost_phone_is_signed_out(clerk, citizen):
    citizen.joins()
    page = clerk.post(PATH, card_number=citizen.person.card_number, act="sessions").text
    assert "1 appareil déconnecté" in page
    assert citizen.client.get("/mon-dossier").status_code == 303
    assert AuditEvent.get(AuditEvent.action == "sessions ended").person_id == citizen.person.id


def test_who_shares_a_mailbox_with_whom_she_was_set_apart_is_to_be_called(clerk, citizen, app):
    Person.update(email="famille@example.org").where(Person.id == citizen.person.id).execute()
    make_person(citizen.household, first_name="Marc", email="famille@example.org")
    assert "joindre par téléphone" not in clerk.post(PATH, card_number=citizen.person.card_number).text
    assert app.test_cli_runner().invoke(args=["household", "split", citizen.person.card_number]).exit_code == 0
    assert "joindre par téléphone" in clerk.post(PATH, card_number=citizen.person.card_number).text


def test_a_strangers_account_under_way_to_pay_is_closed_later_and_who_has_none_is_said(clerk, citizen):
    invoice = make_invoice(citizen.household)
    citizen.joins()
    citizen.pays(invoice)
    asked = {"card_number": citizen.person.card_number, "act": "close"}
    assert "paiement de ce compte est en cours" in clerk.post(PATH, **asked, code=clerk.code()).text
    assert Account.select().exists()
    asked["card_number"] = make_person().card_number
    assert "pas de compte" in clerk.post(PATH, **asked, code=clerk.code()).text
