"""The guest's payment: the same guarantees, and nothing seen but a balance."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from models import GuestPayer, Invoice, Payment
from tests.factories import make_invoice
from tests.guest.conftest import PATH, Guest


def test_only_the_number_and_the_balance_are_shown(guest, invoice):
    guest.finds(invoice)
    html = guest.client.get(f"{PATH}/payer").text
    assert f'data-invoice="{invoice.number}" data-balance-cents="10000"' in html
    for secret in ("Zoé-Secrète", "Camp confidentiel", "Trần", invoice.household.code, "/mon-dossier/bordereau"):
        assert secret not in html


def test_a_payment_is_made_once_and_bears_the_typed_name(guest, invoice, simulator, paying):
    guest.finds(invoice)
    first = guest.pays()
    second = guest.pays()
    assert first.status_code == second.status_code == 303
    assert first.location == second.location == f"{PATH}/paiements/{guest.payment().reference}"
    paying()
    payment = Payment.get()
    assert (payment.state, payment.account_id, payment.payer_id) == ("paid", None, None)
    assert GuestPayer.get().name == "Club de hockey"
    assert [row["amount_cents"] for row in simulator.transactions()] == [10_000]
    assert Invoice.get_by_id(invoice.id).balance_cents == 0


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"name": " "}, "Écrivez votre nom"),
        ({"cents": 1}, "Le montant a changé"),
        ({"nonce": ""}, "n’ont pas été lus"),
        ({"name": "x" * 300}, "Écrivez votre nom"),
    ],
)
def test_a_wrong_form_is_said_and_nothing_is_paid(guest, invoice, how, said):
    guest.finds(invoice)
    answer = guest.pays(**how)
    assert answer.status_code == 422
    assert said in answer.text
    assert not Payment.select().exists()


def test_a_forged_form_pays_nothing(guest, invoice):
    guest.finds(invoice)
    answer = guest.client.post(
        f"{PATH}/payer", data={"amount_seen_cents": 10_000, "payment_method_nonce": "x", "payer_name": "x"}
    )
    assert answer.status_code == 422
    assert not Payment.select().exists()


def test_while_the_household_pays_it_the_guest_waits(guest, citizen):
    invoice = make_invoice(citizen.household, 10_000)
    citizen.joins()
    guest.finds(invoice)
    citizen.pays(invoice)
    assert "est en cours" in guest.client.get(f"{PATH}/payer").text
    answer = guest.client.post(f"{PATH}/payer", data={})
    assert answer.status_code == 422
    assert Payment.select().count() == 1


def test_who_presses_while_another_pays_is_told_so_and_shown_nothing_of_that_payment(app, guest, invoice):
    other = Guest(app)
    for one in (guest, other):
        one.finds(invoice)
    assert guest.pays(name="Grand-maman").status_code == 303
    answer = other.pays()
    assert answer.status_code == 422
    assert "Un paiement de cette facture est en cours" in answer.text
    assert other.client.get(f"{PATH}/paiements/{guest.payment().reference}").status_code == 404
    assert guest.pays(name="Grand-maman").location.endswith(guest.payment().reference), "who pays it is led to it"


def test_after_half_an_hour_the_papers_are_asked_again(guest, invoice):
    guest.finds(invoice)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31), tick=True):
        assert guest.client.get(f"{PATH}/payer").location == PATH


def test_the_household_sees_what_was_paid_for_it(guest, citizen, paying):
    invoice = make_invoice(citizen.household, 10_000)
    guest.finds(invoice)
    guest.pays()
    paying()
    citizen.joins()
    assert "R000001" in citizen.client.get(f"/mon-dossier/comptes/{invoice.number}").text


def test_who_presses_pay_after_the_half_hour_is_told_that_nothing_was_taken(guest, invoice):
    guest.finds(invoice)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31), tick=True):
        assert guest.pays().location == PATH
        page = guest.client.get(PATH).text
    assert "rien n’a été pris sur votre carte" in page
    assert "écrivez la carte de nouveau" in page
    assert not Payment.select().exists()


def test_a_forgotten_name_keeps_the_card_that_was_read(guest, invoice, simulator, paying):
    guest.finds(invoice)
    answer = guest.pays(name=" ")
    assert answer.status_code == 422
    assert 'name="payment_method_nonce" value="fake-valid-nonce"' in answer.text
    assert "Votre carte est lue" in answer.text
    assert "pay.js" not in answer.text
    assert guest.pays().status_code == 303
    paying()
    assert Payment.get().state == "paid"


@pytest.mark.parametrize("email", ["club", "a@b", "@example.com"])
def test_a_courriel_that_is_none_is_said_and_nothing_is_paid(guest, invoice, email):
    guest.finds(invoice)
    answer = guest.pays(payer_email=email)
    assert answer.status_code == 422
    assert "Ce courriel ne semble pas complet" in answer.text
    assert not Payment.select().exists()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ({}, False),
        ({"payer_email": "club@example.org"}, False),
        ({"payer_email": "club@example.org", "receipt_pdf": "y"}, True),
        ({"receipt_pdf": "y"}, False),
    ],
)
def test_the_receipt_is_attached_for_who_ticks_the_box_and_gives_an_address(guest, invoice, typed, wanted):
    guest.finds(invoice)
    assert "Joindre le reçu en PDF" in guest.client.get_page(f"{PATH}/payer")
    guest.pays(**typed)
    assert GuestPayer.get().wants_pdf == wanted
