"""Attack 72: a credit card number told in a sentence, to be called back or to have a file changed."""

import json

import pytest

from domain.common.credit_cards import holds_credit_card
from models import ChangeRequest, Message, Session, UnsentForm

CARD = "4111 1111 1111 1111"  # the test number of every gateway


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        f"Ma carte est {CARD}, exp. 12/27",
        "carte 4111-1111-1111-1111 merci",
        "carte 4111\u00a01111\u202f1111\u20111111",
        "carte:4111.1111.1111.1111.",
        "Amex 3782 822463 10005",
        f"{CARD} 12 2027 123",
        f"tél. 819 843-0000 {CARD}",
        "5555555555554444 ou 819 843-0000",
        "visa 4222222222222",
        "UnionPay 6200 1234 5678 9012 347",
    ],
)
def test_a_card_is_seen_in_a_sentence(text):
    assert holds_credit_card(text)


@pytest.mark.parametrize(
    "text",
    [
        "819 843-0000",
        "819 843-0000 819 843-3333",
        "1 819 843-0000, 1 450 555-1212",
        "Du 2026-11-23 2026-11-24",
        "F00012, F00013 et 2026-000123",
        "QMAGB00000001",
        "4111 1111 1111 1112",
        "12 rue Principale 4, J1X 2B6, 819 843-0000 123",
    ],
)
def test_what_people_write_every_day_is_none(text):
    assert not holds_credit_card(text)


def test_no_telephone_with_an_extension_or_another_beside_it_is_ever_taken_for_a_card():
    numbers = (f"{area} {n:03}-{n * 7 % 10000:04}" for area in (819, 450, 514, 438) for n in range(200, 400))
    texts = [f"{one} {extra}" for one in numbers for extra in ("123", "4567", "12345", "450 555-0199")]
    assert not [text for text in texts if holds_credit_card(text)]


def test_no_typed_field_keeps_logs_or_mails_it(citizen, caplog):
    citizen.joins()
    Message.delete().execute()
    said = f"Rappelez-moi, ma carte est {CARD}"
    answers = [
        citizen.post("/rappelez-moi", phone="819 843-0000", best_time=said),
        citizen.post("/mon-dossier/renseignements/correction", words=said),
        citizen.post(f"/mon-dossier/famille/{citizen.person.id}/urgence", name=said, phone="819 843-0000"),
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert "ressemble à un numéro de carte de crédit" in answer.text
        assert CARD not in answer.text
    assert CARD not in caplog.text
    assert not ChangeRequest.select().exists()
    assert not Message.select().exists()


def test_as_a_password_it_is_refused_alone_and_taken_within_a_sentence(citizen):
    citizen.identifies()
    answer = citizen.chooses(password=CARD)
    assert answer.status_code == 422
    assert "ressemble à un numéro de carte de crédit" in answer.text
    assert citizen.chooses(password=f"chaloupe {CARD}").status_code == 303


def test_a_form_kept_for_whoever_comes_back_keeps_none(citizen):
    citizen.joins()
    page = citizen.client.get("/mon-dossier/renseignements/correction").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    Session.delete().execute()
    citizen.client.post("/mon-dossier/renseignements/correction", data={"csrf_token": token, "words": f"voici {CARD}"})
    kept = [json.loads(row.fields) for row in UnsentForm.select()]
    assert CARD not in str(kept)
    assert kept
