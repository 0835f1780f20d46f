"""Everything held, to take along."""

import csv
import io
import json

import pytest

from models import Account, AuditEvent, Payment, Person, Session
from tests.factories import make_account, make_invoice, make_person, pay_elsewhere

PATH = "/mon-dossier/renseignements."


@pytest.fixture
def member(citizen, simulator, paying):
    citizen.joins(email="genevieve@example.com")
    citizen.payment(citizen.pays(make_invoice(citizen.household, description="=cmd()")))
    paying()
    return citizen


def test_json_holds_every_section_and_no_secret(member):
    answer = member.client.get(f"{PATH}json")
    held = json.loads(answer.text)
    assert held["person"][0]["card_number"] == member.person.card_number
    assert held["payments"][0]["card_last_four"]
    assert held["receipts"][0]["payment"] == held["payments"][0]["reference"]
    assert held["invoice_lines"]
    assert {event["action"] for event in held["file_events"]} >= {"account created"}
    for secret in (Account.get().password_hash, Session.get().token_digest):
        assert secret not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_csv_holds_the_same_and_no_formula(member):
    held = json.loads(member.client.get(f"{PATH}json").text)
    answer = member.client.get(f"{PATH}csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {row["section"] for row in rows} == {name for name, items in held.items() if items}
    assert next(row["value"] for row in rows if row["field"] == "description") == "'=cmd()"


def test_another_adults_contacts_and_cards_are_not_in_it(member):
    other = make_person(member.household, first_name="Marc", email="marc@example.com", phone="819 555-0199")
    make_account(other, "marc")
    payment = pay_elsewhere((make_invoice(member.household), 10_000))
    Payment.update(payer=other, card_last_four="9876").where(Payment.id == payment.id).execute()
    text = member.client.get(f"{PATH}json").text
    assert "Marc" in text
    for secret in ("marc@example.com", "555-0199", "9876"):
        assert secret not in text
    Payment.update(card_last_four="").where(Payment.id == payment.id).execute()


def test_it_is_noted(member):
    member.client.get(f"{PATH}json")
    assert AuditEvent.get(AuditEvent.action == "data downloaded").person_id == member.person.id


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_nobody_else_gets_it(client, kind):
    assert client.get(PATH + kind).status_code == 303
    assert client.get(f"{PATH}xml").status_code == 404
    assert not Person.select().exists()
