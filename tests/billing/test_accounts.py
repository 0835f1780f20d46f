"""Comptes et reçus."""

import logging
import re

from domain.billing import household_credits
from domain.billing.household_credits import Brought
from domain.billing.listener import Listener
from domain.common import clock
from domain.common.money import Amounts
from domain.payments import refunds, settlement
from models import Invoice, InvoiceLine, Payment, write
from tests.factories import make_household, make_invoice, make_person


def test_each_invoice_can_be_read_by_scripts(citizen):
    due = make_invoice(citizen.household, 10_000, taxable=True)
    paid = make_invoice(citizen.household, 5_000, status="cancelled")
    citizen.joins()
    html = citizen.client.get_page("/mon-dossier/comptes")
    assert f'data-invoice="{due.number}" data-balance-cents="11498"' in html
    assert f'data-invoice="{paid.number}" data-balance-cents="0"' in html


def test_several_can_be_ticked_and_paid(citizen):
    numbers = {make_invoice(citizen.household).number for _ in range(3)}
    citizen.joins()
    html = citizen.client.get("/mon-dossier/comptes").text
    assert set(re.findall(r'name="facture" value="([^"]+)"', html)) == numbers


def test_another_households_invoices_are_not_there(citizen):
    other = make_invoice(make_household())
    citizen.joins()
    assert other.number not in citizen.client.get("/mon-dossier/comptes").text


def test_an_invoice_under_way_cannot_be_ticked(citizen):
    invoice, other = make_invoice(citizen.household), make_invoice(citizen.household)
    citizen.joins()
    payment = citizen.payment(citizen.pays(invoice))
    html = citizen.client.get_page("/mon-dossier/comptes")
    assert f'value="{invoice.number}"' not in html
    assert f'value="{other.number}"' in html
    assert payment.reference in html


def test_the_latest_settled_invoices_stand_here_and_all_of_them_by_pages_of_ten(citizen):
    for _ in range(25):
        make_invoice(citizen.household, status="cancelled")
    latest = make_invoice(citizen.household, status="cancelled", issued_on=clock.today())
    citizen.joins()
    html = citizen.client.get_page("/mon-dossier/comptes")
    assert html.count("data-invoice=") == 5
    assert f'data-invoice="{latest.number}"' in html
    pages = [citizen.client.get(f"/mon-dossier/comptes/factures?page={n}").text for n in (1, 2, 3, 99)]
    assert [page.count("data-invoice=") for page in pages] == [10, 10, 6, 0]


def test_the_number_of_queries_does_not_grow_with_the_rows(citizen, app):
    citizen.joins()
    make_invoice(citizen.household, person=citizen.person)
    few = count_queries(lambda: citizen.client.get("/mon-dossier/comptes"))
    for _ in range(15):
        make_invoice(citizen.household, person=make_person(citizen.household))
    assert count_queries(lambda: citizen.client.get("/mon-dossier/comptes")) == few


def count_queries(act) -> int:
    """Return how many queries Peewee logs while acting."""
    seen = []
    handler = logging.Handler()
    handler.emit = seen.append
    logger = logging.getLogger("peewee")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        act()
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    return len(seen)


def test_a_name_with_markup_is_shown_as_text(citizen):
    make_invoice(citizen.household, description="<script>alert(1)</script>")
    citizen.joins()
    html = citizen.client.get("/mon-dossier/comptes").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_rentals_are_contracts(citizen):
    make_invoice(citizen.household, description="Salle Ovila-Bergeron")
    InvoiceLine.update(category="rental").execute()
    citizen.joins()
    assert "Contrats de location" in citizen.client.get("/mon-dossier/comptes").text


def test_a_contract_that_is_due_is_not_a_second_debt(citizen):
    due, busy, settled = (make_invoice(citizen.household, cents) for cents in (1_111, 2_222, 3_333))
    InvoiceLine.update(category="rental").execute()
    Invoice.update(status="cancelled").where(Invoice.id == settled.id).execute()
    citizen.joins()
    citizen.pays(busy)
    html = citizen.client.get_page("/mon-dossier/comptes")
    contracts = html[html.index("Contrats de location") : html.index("factures réglées")]
    assert all(invoice.number in contracts for invoice in (due, busy, settled))
    assert "À payer, voir plus haut" in contracts
    assert "Paiement en cours" in contracts
    assert "Annulée" in contracts
    assert "11,11" not in contracts
    assert "22,22" not in contracts
    assert "33,33" in contracts


def test_what_came_back_or_was_given_back_is_not_called_paid(citizen, simulator, paying, gateway, context):
    citizen.joins()
    for number in ("F-BACK", "F-PART", "F-GONE"):
        citizen.pays(make_invoice(citizen.household, 10_000, number=number))
    paying()
    whole, part, gone = Payment.select().order_by(Payment.id)
    refunds.advance(refunds.ask(whole, 10_000, 10_000, "absence").id, context)
    simulator.ask("POST", "settle-all")
    refunds.advance(refunds.ask(part, 2_500, 10_000, "absence").id, context)
    simulator.ask("POST", f"transactions/{gone.gateway_id}/status", status="settlement_declined")
    settlement.follow(gone.gateway_id, context.because("webhook"))
    html = citizen.client.get_page("/mon-dossier/comptes")
    for words in ("Remboursée", "Payée, en partie remboursée", "Remboursé en partie", ">Annulé<"):
        assert words in html
    assert 'name="facture" value="F-GONE"' in html


def test_a_credit_left_is_told_and_goes_with_the_next_invoice(citizen):
    amounts, nets = Amounts(-4_000, 0, 0, -4_000), [("4100", -4_000)]
    credit = Brought("NC-1", citizen.household.id, clock.today(), amounts, nets, "[]")
    with write():
        household_credits.bring(credit, Listener())
    citizen.joins()
    assert 'data-credit-cents="4000"' in citizen.client.get_page("/mon-dossier/comptes")
    invoice = make_invoice(citizen.household, 4_000)
    assert "data-credit-cents" not in citizen.client.get("/mon-dossier/comptes").text
    html = citizen.client.get_page(f"/mon-dossier/comptes/{invoice.number}")
    assert "C000001" in html
    assert 'data-balance-cents="0"' in html
