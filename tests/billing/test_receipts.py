"""Every receipt, and its credit notes."""

from domain.payments import refunds
from models import Payment
from tests.factories import make_invoice

PATH = "/mon-dossier/comptes/recus"


def test_receipts_and_credit_notes_stand_together(citizen, paying, gateway, context, simulator):
    citizen.joins()
    citizen.pays(make_invoice(citizen.household, 10_000))
    paying()
    simulator.ask("POST", "settle-all")
    refunds.advance(refunds.ask(Payment.get(), 2_500, 10_000, "absence").id, context)
    html = citizen.client.get_page(PATH)
    note = Payment.get().credit_notes.get()
    for words in ("R000001", "Remboursé en partie", note.number, "−25,00\u00a0$"):
        assert words in html


def test_there_may_be_none(citizen):
    citizen.joins()
    assert "après un paiement en ligne" in citizen.client.get_page(PATH)
