"""À traiter opens to every role, and shows what those of the person may settle."""

import pytest

from commands.import_kinds import KINDS
from domain.common import alerts
from domain.common.alerts import Kind
from models import Alert, ChangeRequest, Payment, UnmatchedCharge, write
from tests.factories import make_invoice, make_person


def test_page_comes_whole_and_as_fragment_when_nothing_waits(clerk):
    assert clerk.client.get_page("/personnel").count('<p class="muted">Aucun') == 4


@pytest.fixture
def one_of_each(app):
    """An alert and a request."""
    with write():
        alerts.raise_alert(Kind.GUESSING, "2026")
        return ChangeRequest.create(kind=ChangeRequest.CORRECTION, person=make_person(), words="Mon nom")


@pytest.mark.parametrize(
    ("roles", "money", "requests"),
    [
        (["counter"], True, True),
        (["finance"], True, False),
        (["programming"], False, False),
        (["admin"], True, False),
        (["programming", "finance"], True, False),
        (["admin", "counter"], True, True),
    ],
)
def test_a_role_sees_what_it_may_settle(hires, one_of_each, roles, money, requests):
    page = hires(*roles).client.get_page("/personnel")
    assert ("beaucoup" in page) is money
    assert ("Paiements dont l’issue est inconnue" in page) is money
    assert (f"/personnel/demandes/{one_of_each.id}" in page) is requests
    assert ("Demandes à décider" in page) is requests
    assert ("Rien ici ne dépend de vous" in page) is not (money or requests)


def test_it_names_uncertain_payments_alerts_and_requests(clerk, citizen):
    citizen.joins()
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household)))
    Payment.update(state=Payment.UNKNOWN, submitted_at=payment.created_at).execute()
    with write():
        alerts.raise_alert(Kind.GUESSING, "2026")
        asked = ChangeRequest.create(kind=ChangeRequest.CORRECTION, person=make_person(), words="Mon nom")
    page = clerk.client.get_page("/personnel")
    assert payment.reference in page
    assert "Quelqu’un devine peut-être des cartes" in page
    assert f"/personnel/demandes/{asked.id}" in page
    assert "Trần" not in page, "the list does not open anybody's file"
    Payment.update(state=Payment.CREATED, submitted_at=None).execute()


def test_an_alert_says_what_it_is_about_with_its_money_as_quebec_writes_it(clerk):
    told = {"reference": "P222-3333", "amount_cents": 160_000, "reason": UnmatchedCharge.NOT_OWED}
    with write():
        alerts.raise_alert(Kind.UNMATCHED_CHARGE, "abc", **told)
    page = clerk.client.get_page("/personnel").replace("\u00a0", " ")
    assert "P222-3333 : 1 600,00 $, ces factures n’étaient plus à payer" in page


def test_one_that_was_written_as_a_sentence_still_reads(clerk):
    Alert.create(kind=Kind.REFUND_REFUSED, subject="refund 1", details="PAAA-0001 : rien trouvé")
    page = clerk.client.get_page("/personnel")
    assert "Remboursement refusé" in page
    assert "PAAA-0001 : rien trouvé" in page


def test_every_kind_of_file_has_its_kind_of_alert():
    assert {f"import {kind}" for kind in KINDS} <= set(Kind)
