"""À régler shows what waits for a person, whatever her role."""

from domain.common import alerts
from models import ChangeRequest, Payment, write
from tests.factories import make_invoice, make_person


def test_page_comes_whole_and_as_fragment_when_nothing_waits(clerk):
    assert clerk.client.get_page("/personnel").count('<p class="muted">Aucun') == 3


def test_it_names_uncertain_payments_alerts_and_requests(clerk, citizen):
    citizen.joins()
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household)))
    Payment.update(state=Payment.UNKNOWN, submitted_at=payment.created_at).execute()
    with write():
        alerts.raise_alert("guessing", "2026", "beaucoup")
        asked = ChangeRequest.create(kind=ChangeRequest.CORRECTION, person=make_person(), words="Mon nom")
    page = clerk.client.get_page("/personnel")
    assert payment.reference in page
    assert "Quelqu’un devine peut-être des cartes" in page
    assert f"/personnel/demandes/{asked.id}" in page
    assert "Trần" not in page, "the list does not open anybody's file"
    Payment.update(state=Payment.CREATED, submitted_at=None).execute()
