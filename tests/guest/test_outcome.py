"""What became of a guest's payment: told to the browser that paid, and to nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from domain.payments import settlement
from models import Invoice
from tests.factories import pay_elsewhere
from tests.guest.conftest import PATH, Guest


def test_it_is_verified_then_paid(guest, invoice, paying):
    guest.finds(invoice)
    address = guest.pays().location
    html = guest.client.get_page(address)
    assert 'data-state="verifying"' in html
    assert guest.client.get(f"{address}?vu=created", headers={"HX-Request": "true"}).status_code == 204
    paying()
    html = guest.client.get_page(address)
    assert 'data-state="paid"' in html
    assert "R000001" in html
    assert "Zoé-Secrète" not in html


def test_a_refusal_says_that_nothing_was_taken(guest, invoice, simulator, paying):
    simulator.breaks("sale", "refused")
    guest.finds(invoice)
    address = guest.pays().location
    paying()
    html = guest.client.get_page(address)
    assert "Rien n’a été pris sur votre carte" in html
    assert 'data-state="refused"' in html


@pytest.mark.parametrize("lost", ["25.00", "100.00"])
def test_what_a_dispute_took_is_to_be_paid_again_until_it_is(guest, invoice, simulator, paying, context, lost):
    guest.finds(invoice)
    address = guest.pays().location
    paying()
    gateway_id = guest.payment().gateway_id
    simulator.ask("POST", "settle-all")
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=gateway_id, amount=lost)
    settlement.follow(gateway_id, context)
    html = guest.client.get_page(address)
    assert "rien d’autre à faire" not in html
    assert "à payer" in html
    assert f'href="{PATH}"' in html
    pay_elsewhere((Invoice.get(), Invoice.get().balance_cents))
    assert "à payer" not in guest.client.get_page(address)


def test_another_browser_finds_nothing(guest, invoice, app, paying):
    guest.finds(invoice)
    address = guest.pays().location
    paying()
    stranger = Guest(app).client
    for path in (address, f"{PATH}/recus/{guest.payment().reference}.pdf", f"{PATH}/paiements/rien"):
        assert stranger.get(path).status_code == 404


def test_it_is_shown_for_two_hours(guest, invoice, paying):
    guest.finds(invoice)
    address = guest.pays().location
    paying()
    for hours, status in ((1.9, 200), (2.1, 404)):
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
            assert guest.client.get(address).status_code == status
