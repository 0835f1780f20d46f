"""Refunds by staff: the role, the code, the amount seen."""

import pytest

from models import AuditEvent, Payment, Refund
from tests.factories import make_household, make_invoice, pay_elsewhere

PATH = "/personnel/remboursement"


@pytest.fixture
def paid(citizen, simulator, paying) -> Payment:
    citizen.joins()
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household)))
    paying()
    return Payment.get_by_id(payment.id)


def refunds(treasurer, paid, **fields):
    values = {"amount": "12,50", "reason": "annulé", "seen_left_cents": "10000"}
    page = f"{PATH}?paiement={paid.reference}"
    fields = {"paiement": paid.reference, "code": treasurer.code(), **values, **fields}
    return treasurer.post(PATH, page, **fields)


def test_page_comes_whole_and_as_fragment(treasurer):
    assert "Référence du paiement" in treasurer.client.get_page(PATH)


def test_an_agent_may_not(clerk):
    answer = clerk.client.get(PATH)
    assert answer.status_code == 403
    assert "Votre rôle ne permet pas cela" in answer.text


def test_a_payment_opened_is_noted(treasurer, paid):
    assert "100,00" in treasurer.client.get_page(f"{PATH}?paiement={paid.reference.lower()}")
    assert AuditEvent.get(AuditEvent.action == "payment opened").person_id == paid.payer_id


def test_an_unknown_reference_is_said(treasurer):
    answer = treasurer.client.get(f"{PATH}?paiement=PXXX-0000")
    assert answer.status_code == 404
    assert "Aucun paiement" in answer.text


def test_it_is_committed_once_with_who_asked(treasurer, paid):
    assert refunds(treasurer, paid).status_code == 303
    answer = refunds(treasurer, paid)
    assert answer.status_code == 422
    assert "vient d’être fait" in answer.text
    assert Refund.get().amount_cents == 1250
    assert AuditEvent.get(AuditEvent.action == "refund asked").actor == treasurer.username


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"code": "000000"}, "Ce code ne va pas"),
        ({"code": ""}, "Écrivez le code"),
        ({"amount": "100,01"}, "plus que ce qui reste"),
        ({"amount": "-5"}, "Écrivez un montant"),
        ({"amount": "0"}, "Écrivez un montant"),
        ({"amount": "1e3"}, "Écrivez un montant"),
        ({"amount": ""}, "Écrivez le montant"),
        ({"reason": ""}, "Écrivez la raison"),
        ({"seen_left_cents": "9999999"}, "vient d’être fait"),
        ({"seen_left_cents": "x"}, "plus que ce qui reste"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_goes(treasurer, paid, wrong, words):
    answer = refunds(treasurer, paid, **wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Refund.select().exists()


def test_money_taken_elsewhere_is_not_offered(treasurer):
    payment = pay_elsewhere((make_invoice(make_household()), 10_000))
    page = treasurer.client.get_page(f"{PATH}?paiement={payment.reference}")
    assert "ne se rembourse pas ici" in page
    assert "Montant à rembourser" not in page
