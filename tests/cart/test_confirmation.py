"""Making it owed."""

import pytest

from models import CartItem, Invoice, PriceRule, Registration
from tests.domain.cart.hold import held
from tests.factories import make_group, make_price
from tests.registering.family import child_of


def test_it_makes_one_invoice_and_leads_to_pay_it(citizen):
    held(citizen.household, child_of(citizen), make_group()), held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=11_600)
    invoice = Invoice.get()
    assert answer.location == f"/mon-dossier/payer?facture={invoice.number}"
    assert "Payer la facture" in citizen.client.get_page("/panier")
    assert {item.state for item in CartItem.select()} == {CartItem.HELD}


def test_the_same_press_twice_is_one_invoice(citizen):
    held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_800)
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_800)
    assert answer.status_code == 422
    assert Invoice.select().count() == 1


def test_nothing_to_pay_is_registered_at_once(citizen):
    held(citizen.household, child_of(citizen), make_group(price_cents=0))
    citizen.joins()
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=0)
    assert answer.location == "/mon-dossier/activites"
    assert Registration.get().status == Registration.CONFIRMED


@pytest.mark.parametrize("seen", ["5700", "", "abc", "-1", "9" * 30])
def test_another_total_makes_nothing_and_keeps_the_places(citizen, seen):
    held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=seen)
    assert answer.status_code == 422
    assert "58,00" in answer.text
    assert not Invoice.select().exists()
    assert CartItem.get().state == CartItem.HELD


def test_a_price_changed_meanwhile_is_said(citizen):
    make_price(amount_cents=5_000)
    held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    PriceRule.update(amount_cents=6_000).execute()
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_000)
    assert answer.status_code == 422
    assert "le total est maintenant de 60,00" in answer.text


def test_a_place_that_lost_its_price_is_not_given_at_0_dollars(citizen):
    price = make_price(amount_cents=5_000)
    held(citizen.household, child_of(citizen), make_group(price_cents=None))
    citizen.joins()
    price.delete_instance()
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=0)
    assert answer.status_code == 422
    assert "n’est plus connu" in answer.text
    assert (Registration.select().count(), CartItem.get().state) == (0, CartItem.HELD)
