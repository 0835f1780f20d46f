"""The receipt to print: the invoice's number and what was paid, nothing that stands on it."""

import io
import re
from datetime import timedelta

import time_machine
from pypdf import PdfReader

from domain.common import clock
from domain.payments import refunds, settlement
from models import Message, Refund
from tests.factories import make_invoice
from tests.guest.conftest import PATH, Guest


def test_it_tells_who_paid_what_and_nothing_of_the_household(guest, invoice, paying):
    guest.finds(invoice)
    guest.pays(name="Club de hockey de Magog")
    reference = guest.payment().reference
    assert guest.client.get(f"{PATH}/recus/{reference}.pdf").status_code == 404, "not paid yet"
    paying()
    answer = guest.client.get(f"{PATH}/recus/{reference}.pdf")
    words = " ".join(PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
    for expected in ("Reçu R000001", "Club de hockey de Magog", f"Facture {invoice.number}", "100,00 $", reference):
        assert expected in words
    for secret in ("Zoé-Secrète", "Camp confidentiel", "Merry"):
        assert secret not in words


def test_it_comes_by_mail_with_a_link_that_lasts_and_opens_that_payment_alone(guest, invoice, app, paying):
    guest.finds(invoice)
    address = guest.pays(payer_email=" club@example.com ").location
    paying()
    message = Message.get(Message.recipient == "club@example.com")
    assert "R000001" in message.subject
    link = re.search(r"/payer-une-facture/paiements/\S+", message.body)[0]
    assert "Le reçu sera envoyé à club@example.com" in guest.client.get(address).text
    assert link.replace("&", "&amp;") in guest.client.get(address).text
    later = Guest(app).client
    with time_machine.travel(clock.now() + timedelta(days=90), tick=True):
        page = later.get_page(link)
        assert 'data-state="paid"' in page
        for secret in ("Zoé-Secrète", "Camp confidentiel", "club@example.com", "Merry"):
            assert secret not in page
        pdf = link.replace("/paiements/", "/recus/").replace("?", ".pdf?")
        assert later.get(pdf).data.startswith(b"%PDF")
    key = link.partition("cle=")[2]
    assert len(key) >= 32
    other = make_invoice(invoice.household, 5_000)
    guest.finds(other, amount="50,00")
    reference = guest.pays(5_000).location.rpartition("/")[2]
    for wrong in (f"{PATH}/paiements/{reference}?cle={key}", link[:-1], link.partition("?")[0], f"{link}x"):
        assert later.get(wrong).status_code == 404, wrong


def test_a_guests_refund_tells_the_same_story(guest, invoice, simulator, paying, context):
    guest.finds(invoice)
    address = guest.pays(payer_email="club@example.com").location
    paying()
    simulator.ask("POST", "settle-all")
    refund = refunds.ask(guest.payment(), 10_000, 10_000, "absence")
    assert "Remboursement demandé" in guest.client.get_page(address)
    refunds.advance(refund.id, context)
    page = guest.client.get_page(address)
    assert "100,00\u00a0$ remboursés" in page
    assert "Remboursement demandé" not in page
    simulator.ask("POST", f"transactions/{Refund.get().gateway_id}/status", status="settlement_declined")
    settlement.follow_refunds_due(context, now=clock.now() + timedelta(days=2))
    assert "n’est pas arrivé" in guest.client.get_page(address)
    subjects = [message.subject for message in Message.select().where(Message.recipient == "club@example.com")]
    assert len(subjects) == 3
    assert "n’est pas arrivé" in subjects[-1]
