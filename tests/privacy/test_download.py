"""Everything held, to take along."""

import csv
import io
import json
import re
from datetime import datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from domain.common import clock
from models import Account, AuditEvent, Payment, Person, Session
from tests.factories import make_account, make_invoice, make_person, pay_elsewhere
from views.messages.held_words import SECTIONS

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


def table(member) -> list[dict[str, str]]:
    text = member.client.get(f"{PATH}csv").get_data().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


def book(member) -> CalamineWorkbook:
    answer = member.client.get(f"{PATH}xlsx")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert answer.headers["Cache-Control"] == "no-store"
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data))


def sheet(found: CalamineWorkbook, title: str) -> list[dict[str, object]]:
    header, *rows = found.get_sheet_by_name(title).to_python()
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_table_holds_the_same_in_french_and_no_formula(member):
    held = json.loads(member.client.get(f"{PATH}json").text)
    rows = table(member)
    assert list(rows[0]) == ["Sujet", "Numéro", "Renseignement", "Valeur"]
    assert {row["Sujet"] for row in rows} == {SECTIONS[name] for name, items in held.items() if items}
    said = {(row["Sujet"], row["Renseignement"]): row["Valeur"] for row in rows}
    assert said["Lignes des factures", "Description"] == "'=cmd()"
    assert said["Paiements", "Montant ($)"] == f"{Decimal(held['payments'][0]['amount_cents']) / 100:.2f}".replace(
        ".", ","
    )
    assert (said["Paiements", "État"], said["Paiements", "Mode"]) == ("payé", "carte de crédit")
    assert said["Ma fiche", "Naissance"] == held["person"][0]["birth_date"]
    made_at = clock.local(datetime.fromisoformat(held["payments"][0]["created_at"]))
    assert said["Paiements", "Fait le"] == f"{made_at:%Y-%m-%d %H:%M}"


def test_the_workbook_has_a_sheet_a_section_days_amounts_and_no_formula(member):
    held, found = json.loads(member.client.get(f"{PATH}json").text), book(member)
    counted = {SECTIONS[name]: len(items) for name, items in held.items() if items}
    counted["Qui a vu ou changé mon dossier"] += 1  # the first download
    assert {title: len(sheet(found, title)) for title in found.sheet_names} == counted
    assert found.sheet_names[0] == "Ma fiche"
    [mine] = sheet(found, "Ma fiche")
    assert mine["Naissance"] == member.person.birth_date
    assert mine["État"] == "carte valide"
    [paid] = sheet(found, "Paiements")
    assert paid["Montant ($)"] == held["payments"][0]["amount_cents"] / 100
    assert isinstance(paid["Fait le"], datetime)
    assert sheet(found, "Lignes des factures")[0]["Description"] == "=cmd()"


def test_what_people_read_names_no_key_of_a_table(member):
    """No word with an underscore, no moment in UTC: neither headings nor values are the house's own."""
    found = book(member)
    rows = [row for name in found.sheet_names for row in found.get_sheet_by_name(name).to_python()]
    cells = [str(cell) for row in rows for cell in row]
    cells += [text for line in table(member) for text in line.values()]
    assert [cell for cell in cells if "_" in cell or re.match(r"\d{4}-\d\d-\d\dT", cell)] == []


def test_another_adults_contacts_and_cards_are_not_in_it(member):
    other = make_person(member.household, first_name="Marc", email="marc@example.com", phone="819 555-0199")
    make_account(other, "marc")
    payment = pay_elsewhere((make_invoice(member.household), 10_000))
    Payment.update(payer=other, card_last_four="9876").where(Payment.id == payment.id).execute()
    text = member.client.get(f"{PATH}json").text
    assert "Marc" in text
    for secret in ("marc@example.com", "555-0199", '"9876"'):  # a moment's microseconds may hold the digits
        assert secret not in text
    Payment.update(card_last_four="").where(Payment.id == payment.id).execute()


def test_it_is_noted(member):
    member.client.get(f"{PATH}json")
    assert AuditEvent.get(AuditEvent.action == "data downloaded").person_id == member.person.id


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_nobody_else_gets_it(client, kind):
    assert client.get(PATH + kind).status_code == 303
    assert client.get(f"{PATH}xml").status_code == 404
    assert not Person.select().exists()
