"""A tax receipt's PDF: every mandatory word, to the person who paid, kept when it is cancelled."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from domain.common import clock
from models import Allocation, InvoiceLine, Person, TaxReceipt, write
from tests.factories import make_activity, make_place, make_registration
from tests.taxes.conftest import LAST_YEAR
from tests.walker import Citizen


def text_of(answer) -> str:
    assert answer.mimetype == "application/pdf", answer.status_code
    assert len(answer.data) <= 40_000
    reader = PdfReader(io.BytesIO(answer.data))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "fr-CA"
    words = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(words.replace("\u00a0", " ").split())


def open_pdf(member, receipt) -> str:
    return text_of(member.client.get(f"/mon-dossier/recus-fiscaux/{receipt.number}.pdf"))


def test_a_gift_has_every_mandatory_word(online, pays, issuing):
    pays("donation", 5_000)
    (receipt,) = issuing()
    text = open_pdf(online, receipt)
    for words in (
        "Reçu officiel aux fins de l’impôt sur le revenu",
        "Ville de Magog",
        "7, rue Principale Est",
        "D000001",
        "Magog (Québec)",
        f"Don reçu le : 12 mars {LAST_YEAR}",
        f"{clock.today().year}.",
        "Geneviève Trần",
        "12, rue Merry Nord",
        "J1X 2B6",
        "Montant du don, en argent 50,00 $",
        "Avantage reçu en échange (aucun) 0,00 $",
        "Montant admissible du don aux fins de l’impôt 50,00 $",
        "Signature autorisée : Trésorier",
        "Agence du revenu du Canada",
        "canada.ca/organismes-bienfaisance-dons",
        f"règles fiscales de {LAST_YEAR}",
    ):
        assert words in text


def test_child_care_names_the_child_the_days_and_the_place_and_is_no_rl24(online, pays, issuing):
    camp = make_activity(
        make_place(name="École des Deux-Soleils"),
        category="child_care",
        starts_on=date(LAST_YEAR, 7, 1),
        ends_on=date(LAST_YEAR, 7, 14),
        weekdays="lun mar mer jeu ven",
        cancelled_on=f"{LAST_YEAR}-07-09",
    )
    make_registration(online.child, camp)
    pays("child_care", 12_345)
    (receipt,) = issuing()
    text = open_pdf(online, receipt)
    days = sum(date(LAST_YEAR, 7, n).weekday() < 5 and n != 9 for n in range(1, 15))
    for words in (
        f"Reçu pour frais de garde d’enfants, {LAST_YEAR}",
        "Pour : Léa",
        f"naissance le 4 mai {LAST_YEAR - 6}",
        f"Jours de garde : {days}, du",
        "École des Deux-Soleils",
        "Club été, semaine 3",
        "123,45 $",
        "n’est pas un relevé 24",
        "Année incomplète",
    ):
        assert words in text
    assert "RL-24" not in text


def test_a_rebate_is_no_service(online, pays, issuing):
    payment = pays("child_care")
    rebate = InvoiceLine.get()
    with write():
        InvoiceLine.create(
            **{
                **rebate.__data__,
                "id": None,
                "position": 2,
                "description": "Rabais",
                "net_cents": 0,
                "unit_price_cents": -1,
            }
        )
        Allocation.create(payment=payment, line=InvoiceLine.get(InvoiceLine.position == 2), amount_cents=0)
    (receipt,) = issuing()
    assert "Rabais" not in open_pdf(online, receipt)


def test_activities_have_theirs(online, pays, issuing):
    camp = make_activity(category="child_care", starts_on=date(LAST_YEAR, 7, 1), ends_on=date(LAST_YEAR, 7, 14))
    make_registration(online.child, camp)
    pays("activity", 4_500)
    (receipt,) = issuing()
    assert receipt.number == "A000001"
    text = open_pdf(online, receipt)
    assert f"Reçu pour activités, {LAST_YEAR}" in text
    assert "garde" not in text


def test_without_consent_it_does_not_open(member, pays, issuing):
    pays("donation")
    (receipt,) = issuing()
    answer = member.client.get(f"/mon-dossier/recus-fiscaux/{receipt.number}.pdf")
    assert answer.location == f"/mon-dossier/recus-fiscaux?annee={LAST_YEAR}"
    assert "Acceptez d’abord" in member.client.get(answer.location).text


@pytest.mark.parametrize("who", ["stranger", "other adult"])
def test_another_persons_is_not_found(online, pays, issuing, app, who):
    pays("donation")
    (receipt,) = issuing()
    other = Citizen(app.test_client(), online.household if who == "other adult" else None)
    other.joins(username="luc")
    other.post("/mon-dossier/recus-fiscaux/consentement", "/mon-dossier/recus-fiscaux", wanted="1")
    assert other.client.get(f"/mon-dossier/recus-fiscaux/{receipt.number}.pdf").status_code == 404


@pytest.mark.parametrize("number", ["D999999", "x", "%00", "é" * 300])
def test_a_number_that_is_none_is_not_found(online, number):
    assert online.client.get(f"/mon-dossier/recus-fiscaux/{number}.pdf").status_code == 404


def test_a_cancelled_one_opens_marked_and_names_what_replaces_it(online, pays, issuing):
    payment = pays("donation", 5_000)
    (first,) = issuing()
    TaxReceipt.update(amount_cents=6_000).execute()  # as if less had been paid since
    pays("activity")
    issuing()
    second = TaxReceipt.get(TaxReceipt.replaces == first)
    assert payment.reference == second.subject
    text = open_pdf(online, first)
    assert "ANNULÉ le" in text
    assert f"remplacé par le reçu {second.number}" in text
    assert f"Ce reçu remplace le reçu {first.number}" in open_pdf(online, second)


def test_what_was_printed_stays_when_the_file_changes(online, pays, issuing):
    pays("donation")
    (receipt,) = issuing()
    before = open_pdf(online, receipt)
    Person.update(address="1, ailleurs", last_name="Autre").where(Person.id == online.person.id).execute()
    assert open_pdf(online, receipt) == before
