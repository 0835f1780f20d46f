"""Money that no card takes back stands in À traiter until somebody says how it was given: once, noted and told."""

from datetime import timedelta

import pytest

from domain.common import clock
from domain.common.audit import Act
from models import Account, AuditEvent, HandedBack, Payment, UnmatchedCharge
from tests.factories import make_declined_charge, make_invoice, make_payment_under_way

CHEQUE = {"method": "cheque", "reference": "412", "amount_seen_cents": 4_200}
GONE = "Quelqu’un l’a déjà rendu, ou le montant a changé"


@pytest.fixture
def payment(citizen) -> Payment:
    citizen.joins()
    made = make_payment_under_way(make_invoice(citizen.household, 4_200))
    mine = {"account": Account.get(), "payer": Account.get().person, "state": Payment.UNEXPECTED}
    Payment.update(**mine).where(Payment.id == made.id).execute()
    made.invoice_links.model.update(is_open=False).execute()
    return Payment.get_by_id(made.id)


@pytest.fixture
def owed(payment) -> UnmatchedCharge:
    return make_declined_charge(payment)


def path(owed: UnmatchedCharge) -> str:
    return f"/personnel/debits/{owed.id}"


def today() -> dict[str, str]:
    return {"given_on": clock.today().isoformat()}


def test_it_stands_there_and_its_page_says_what_it_is(clerk, owed, payment):
    listed = clerk.client.get_page("/personnel")
    for words in (payment.reference, "42,00", owed.gateway_id, path(owed)):
        assert words in listed
    page = clerk.client.get_page(path(owed))
    for words in (
        payment.reference,
        "42,00",
        owed.gateway_id,
        "deuxième débit",
        "Par chèque",
        clock.today().isoformat(),
    ):
        assert words in page


def test_once_sent_back_it_does_not_stand_there(clerk, payment):
    owed = make_declined_charge(payment, times=1)
    assert path(owed) not in clerk.client.get("/personnel").text
    assert GONE in clerk.client.get(path(owed), follow_redirects=True).text


@pytest.mark.parametrize(
    ("method", "reference", "words"),
    [
        ("cheque", " 412 ", "rendu par chèque"),
        ("cash", "", "rendu comptant"),
        ("transfer", "V-9", "rendu par virement"),
        ("other", "carte-cadeau", "rendu autrement que sur la carte"),
    ],
)
def test_how_it_was_given_is_kept_once_noted_and_told_on_the_payments_page(
    clerk, citizen, owed, payment, method, reference, words
):
    page = citizen.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
    assert "Votre carte ne reprend pas cet argent" in page
    assert "Cet argent vous est dû" in page
    fields = {"method": method, "reference": reference, "amount_seen_cents": 4_200} | today()
    for _ in range(2):
        assert clerk.post(path(owed), "/personnel", **fields).status_code == 303
    kept = HandedBack.get()
    assert (kept.method, kept.reference, kept.given_by) == (method, reference.strip(), clerk.username)
    [noted] = AuditEvent.select().where(AuditEvent.action == Act.CHARGE_HANDED_BACK)
    assert (noted.person_id, noted.subject) == (payment.payer_id, payment.reference)
    assert owed.gateway_id not in clerk.client.get("/personnel").text
    page = citizen.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
    assert words in page
    assert reference.strip() in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"method": ""}, "Dites comment l’argent a été rendu."),
        ({"method": "card"}, "Dites comment l’argent a été rendu."),
        ({"reference": " "}, "Écrivez le numéro du chèque, ou une autre référence."),
        ({"given_on": ""}, "Écrivez une date"),
        ({"given_on": "9999-12-31"}, "Écrivez une année"),
        ({"given_on": (clock.today() + timedelta(days=1)).isoformat()}, "Cette date est dans le futur."),
        ({"given_on": (clock.today() - timedelta(days=2)).isoformat()}, "la date ne peut pas être avant"),
    ],
)
def test_what_does_not_fit_is_said_and_gives_nothing_back(clerk, owed, fields, said):
    answer = clerk.post(path(owed), path(owed), **(CHEQUE | today() | fields))
    assert answer.status_code == 422
    assert said in answer.text
    assert UnmatchedCharge.get().state == "owed"


@pytest.mark.parametrize("seen", ["4199", "x", "", "9" * 30])
def test_an_amount_that_was_not_the_one_seen_gives_nothing_back(clerk, owed, seen):
    fields = CHEQUE | today() | {"amount_seen_cents": seen}
    assert clerk.post(path(owed), path(owed), **fields).status_code == 303
    assert GONE in clerk.client.get("/personnel").text
    assert UnmatchedCharge.get().state == "owed"


def test_one_that_does_not_exist_changes_nothing(clerk, owed):
    assert clerk.post("/personnel/debits/99999999", path(owed), **CHEQUE, **today()).status_code == 303
    assert UnmatchedCharge.get().state == "owed"


@pytest.mark.parametrize(("role", "gives"), [("finance", True), ("programming", False), ("admin", False)])
def test_only_counter_and_finance_are_shown_it_and_give_it_back(hires, owed, role, gives):
    someone = hires(role)
    assert (owed.gateway_id in someone.client.get_page("/personnel")) is gives
    answer = someone.post(path(owed), "/personnel/mot-de-passe", **CHEQUE, **today())
    assert answer.status_code == (303 if gives else 403)
    assert (UnmatchedCharge.get().state == "returned") is gives
