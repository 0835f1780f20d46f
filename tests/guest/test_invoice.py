"""Paying without an account: what opens an invoice's balance, and how often one may try."""

import pytest

from domain.billing import payment_slips
from models import Attempt, Invoice
from settings import LIMITS
from tests.factories import make_invoice, pay_elsewhere
from tests.guest.conftest import PATH, Guest


def test_page_comes_whole_and_as_fragment_a_number_already_in_it(guest):
    assert "Payer une facture sans compte" in guest.client.get_page(PATH)
    assert 'value="F21000"' in guest.client.get(f"{PATH}?facture=F21000").text


@pytest.mark.parametrize(
    "paper", [{}, {"amount": "100.00 $"}, {"amount": "100"}, {"postal_code": "J1X 2B6"}, {"postal_code": " j1x-2b6 "}]
)
def test_number_amount_and_postal_code_open_the_balance(guest, invoice, paper):
    assert guest.finds(invoice, **paper).location == f"{PATH}/payer"


def test_what_is_left_of_it_counts_as_its_amount(guest, invoice):
    pay_elsewhere((invoice, 4_000))
    assert guest.finds(invoice, amount="60,00").status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"invoice_number": "F99999"},
        {"amount": "99,99"},
        {"postal_code": "J1X 1A1"},
        {"postal_code": "---"},
        {"invoice_number": ""},
        {"amount": "beaucoup"},
        {"amount": "1e5"},
        {"postal_code": "x" * 300},
        {"invoice_number": "a\0"},
        {"invoice_number": "4111 1111 1111 1111"},
    ],
)
def test_anything_else_opens_nothing(guest, invoice, wrong):
    answer = guest.finds(invoice, **wrong)
    assert answer.status_code == 422
    assert guest.client.get(f"{PATH}/payer").status_code == 303


def test_a_wrong_number_amount_and_code_get_one_answer(guest, invoice):
    said = {
        guest.finds(invoice, **wrong).text.partition('id="invoice_number-error"')[2].partition("</p>")[0]
        for wrong in ({"invoice_number": "F99999"}, {"amount": "1"}, {"postal_code": "J1X 1A1"})
    }
    assert len(said) == 1
    assert "ne vont pas ensemble" in said.pop()


def test_ten_wrong_tries_close_the_invoice_to_this_page(guest, invoice, app):
    for _ in range(LIMITS["guesses of an invoice"].most):
        guest.finds(invoice, postal_code="J1X 1A1")
    assert guest.finds(invoice).status_code == 422
    other = make_invoice(invoice.household, 10_000)
    assert Guest(app).finds(other).status_code == 303


def test_failures_count_against_the_address_as_those_of_identification(guest, invoice):
    for n in range(LIMITS["identifications from an address"].most):
        guest.finds(invoice, invoice_number=f"F{n}")
    assert "Attendez une heure" in guest.finds(invoice).text


def test_a_settled_invoice_is_said_to_be_only_to_who_knows_it(guest, invoice):
    pay_elsewhere((invoice, 10_000))
    assert "déjà réglée" in guest.finds(invoice).text
    assert "déjà réglée" not in guest.finds(invoice, postal_code="J1X 1A1").text


def test_a_cancelled_invoice_is_not_found(guest, invoice):
    Invoice.update(status=Invoice.CANCELLED).execute()
    assert "ne vont pas ensemble" in guest.finds(invoice).text
    Invoice.update(status=Invoice.OPEN).execute()


@pytest.mark.parametrize("change", [str, str.lower, "  {}  ".format, lambda text: text.replace("-", " \u2013 ")])
def test_the_slips_reference_opens_it_however_it_is_typed(guest, invoice, change):
    assert guest.finds(invoice, invoice_number=change(payment_slips.reference(invoice.number))).status_code == 303


def test_fumbling_counts_nothing(guest, invoice):
    right = payment_slips.reference(invoice.number)
    mistyped = right[:-1] + str((int(right[-1]) + 1) % 10)
    for wrong in ({"invoice_number": mistyped}, {"invoice_number": ""}, {"amount": "beaucoup"}, {"postal_code": "---"}):
        for _ in range(2):
            assert guest.finds(invoice, **wrong).status_code == 422
    assert not Attempt.select().exists()
    assert "Relisez la référence" in guest.finds(invoice, invoice_number=mistyped).text


def test_a_reference_that_is_mistyped_tells_nothing_of_what_exists(guest, invoice):
    make_invoice(invoice.household, 10_000, number="F26-99")
    tries = [guest.finds(invoice, invoice_number=number, amount="1").text for number in ("F26-99", "F26-98")]
    assert ["Relisez" in answer for answer in tries] == [True, True]
