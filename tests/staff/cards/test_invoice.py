"""A slip keyed in at the counter."""

from datetime import datetime

import pytest

from domain.billing import overpayments, payment_slips
from models import AuditEvent, Invoice, Overpayment, Payment, write
from tests.factories import make_household, make_invoice, pay_elsewhere, pay_too_much

PATH = "/personnel/facture"


def test_page_comes_whole_and_as_fragment(clerk):
    assert "Retrouver une facture" in clerk.client.get_page(PATH)


def with_spaces(number: str) -> str:
    return f"  {payment_slips.reference(number)} "


@pytest.mark.parametrize("typed", [payment_slips.reference, str, str.lower, with_spaces])
def test_a_reference_or_a_number_opens_the_invoice(clerk, typed):
    invoice = make_invoice(make_household(), 7_500)
    page = clerk.post(PATH, reference=typed(invoice.number)).text
    assert f'data-invoice="{invoice.number}" data-balance-cents="7500"' in page
    assert AuditEvent.get(AuditEvent.action == "invoice opened").subject == invoice.number


def test_a_mistyped_reference_is_said(clerk):
    number = make_invoice(make_household()).number
    right = payment_slips.reference(number)
    wrong = f"{right[:-2]}{(int(right[-2:]) + 1) % 100:02}"
    answer = clerk.post(PATH, reference=wrong)
    assert answer.status_code == 422
    assert "Relisez la référence" in answer.text


@pytest.mark.parametrize("wrong", ["", "F99999", "x" * 300, "a\0", "--", "é-00"])
def test_what_is_no_invoice_is_said(clerk, wrong):
    assert clerk.post(PATH, reference=wrong).status_code == 422
    assert not AuditEvent.select().where(AuditEvent.action == "invoice opened").exists()


def test_it_tells_not_to_take_money_while_it_is_paid_online(clerk, citizen):
    invoice = make_invoice(citizen.household, 5_000)
    citizen.joins()
    citizen.pays(invoice)
    page = clerk.post(PATH, reference=invoice.number).text
    assert "N’encaissez rien" in page
    assert "Encaissez dans" not in page


@pytest.mark.parametrize("how", ["paid", "cancelled"])
def test_what_owes_nothing_is_not_to_be_taken(clerk, how):
    invoice = make_invoice(make_household(), status=Invoice.CANCELLED if how == "cancelled" else Invoice.OPEN)
    if how == "paid":
        pay_elsewhere((invoice, invoice.total_cents))
    page = clerk.post(PATH, reference=invoice.number).text
    assert "Il n’y a rien à encaisser" in page
    assert "Encaissez" not in page


def test_what_owes_something_is_taken_in_the_citys_system(clerk):
    assert "Encaissez dans" in clerk.post(PATH, reference=make_invoice(make_household()).number).text


def test_a_paid_one_says_when_how_and_not_to_take_the_money(clerk):
    invoice = make_invoice(make_household(), 7_500)
    pay_elsewhere((invoice, 7_500), method="card", reference="P1", resolved_at=datetime(2026, 11, 23, 17))
    page = clerk.post(PATH, reference=invoice.number).text
    assert "Payé 75,00\u00a0$ le 23\u00a0novembre\u00a02026, carte de crédit, paiement P1." in page
    assert "ne prenez pas l’argent" in page


def test_what_is_owed_back_of_it_is_said_until_it_is_returned(clerk):
    invoice = make_invoice(make_household(), 7_500)
    pay_too_much(invoice, 10_000)
    assert "25,00\u00a0$ à rendre" in clerk.post(PATH, reference=invoice.number).text
    with write():
        overpayments.give_back(Overpayment.get(), 2_500, Payment.CASH)
    assert "à rendre" not in clerk.post(PATH, reference=invoice.number).text


def test_one_paid_in_part_says_what_was_paid_and_takes_the_rest(clerk):
    invoice = make_invoice(make_household(), 7_500)
    pay_elsewhere((invoice, 2_500), method="transfer")
    page = clerk.post(PATH, reference=invoice.number).text
    assert "Payé 25,00\u00a0$" in page
    assert "virement" in page
    assert "ne prenez pas l’argent" not in page
