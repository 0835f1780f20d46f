"""Making it owed."""

import re
from datetime import UTC, timedelta

import pytest
import time_machine

from domain.common import clock, formats
from models import Account, CardConsent, CartItem, Instalment, Invoice, PriceRule, Registration
from settings import LIMITS
from tests.domain.cart.hold import held
from tests.factories import make_group, make_price
from tests.registering.family import child_of
from tests.walker import Citizen


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
    assert "Rien n’est réservé" not in answer.text
    assert "C’est déjà fait\u00a0: vos places sont réservées" in answer.text
    assert Invoice.select().count() == 1


def test_who_has_paid_in_another_tab_is_not_told_that_nothing_was_taken(citizen, simulator, paying):
    held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_800)
    citizen.payment(citizen.pays(Invoice.get()))
    paying()
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_800)
    assert answer.status_code == 422
    assert "Ce bouton n’a rien pris sur votre carte" in answer.text
    assert "Rien n’a été pris" not in answer.text
    assert "/mon-dossier/activites" in answer.text


def test_confirming_and_taking_out_again_and_again_ends_within_a_day(citizen):
    most = LIMITS["carts confirmed by a household"].most
    lea, group = child_of(citizen), make_group()
    citizen.joins()
    other = Citizen(citizen.client.application.test_client())
    with time_machine.travel(clock.now().replace(tzinfo=UTC), tick=False) as hours:
        for _ in range(most):
            item = held(citizen.household, lea, group)
            assert citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_800).status_code == 303
            citizen.post("/panier/retirer", "/panier", item=item.id)
        item = held(citizen.household, lea, group)
        refused = citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_800)
        assert refused.status_code == 422
        assert "Appelez la Ville" in refused.text
        assert (Invoice.select().count(), CartItem.get_by_id(item.id).state) == (most, CartItem.HELD)
        held(other.household, other.person, group)
        other.joins(username="autre")
        assert other.post("/panier/confirmer", "/panier", total_seen_cents=5_800).status_code == 303  # the control
        hours.shift(timedelta(days=1, seconds=1))
        citizen.signs_in()
        assert citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_800).status_code == 303


def test_what_makes_no_invoice_counts_for_nothing(citizen):
    held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    for _ in range(LIMITS["carts confirmed by a household"].most + 1):
        assert citizen.post("/panier/confirmer", "/panier", total_seen_cents=1).status_code == 422
    assert citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_800).status_code == 303


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


def in_three(citizen) -> None:
    held(citizen.household, child_of(citizen), make_group(price_cents=9_999, instalments="trois"))
    citizen.joins(email="g@example.com")
    Account.update(email_confirmed_at=clock.now()).execute()


def agreed_as_shown(citizen) -> str:
    return re.search(r'name="charge_later" value="([^"]+)"', citizen.client.get_page("/panier"))[1]


def test_instalments_are_shown_with_their_dates_and_amounts_before_confirming(citizen):
    in_three(citizen)
    html = citizen.client.get_page("/panier")
    assert "En 3 versements" in html
    for day, cents in ((30, 2_500), (60, 2_500)):
        assert formats.day(clock.today() + timedelta(days=day)) in html
        assert formats.money(cents) in html
    assert formats.money(4_999) in html
    assert "J’accepte que la Ville prenne" in html


def test_what_waits_to_be_paid_is_named_an_instalment_when_it_is_one(citizen):
    in_three(citizen)
    citizen.post("/panier/confirmer", "/panier", total_seen_cents=9_999)
    html = citizen.client.get_page("/panier")
    first = Invoice.select().order_by(Invoice.due_on).first()
    assert f"Payer le 1er versement de 3\u00a0: {formats.money(first.balance_cents)}" in html
    assert "Payer la facture" not in html
    assert html.index("Payer le 1er") < html.index("data-item="), "before the places, however many"


def test_without_the_box_they_are_ordinary_invoices(citizen):
    in_three(citizen)
    citizen.post("/panier/confirmer", "/panier", total_seen_cents=9_999)
    assert [invoice.total_cents for invoice in Invoice.select()] == [4_999, 2_500, 2_500]
    assert not CardConsent.select().exists()


def test_who_paid_the_first_is_told_that_the_places_are_hers_and_what_comes_later(citizen, simulator, paying):
    in_three(citizen)
    citizen.post("/panier/confirmer", "/panier", total_seen_cents=9_999)
    payment = citizen.payment(citizen.pays(Invoice.select().order_by(Invoice.due_on).first()))
    paying()
    html = citizen.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
    assert "Votre place est confirmée. Vous n’avez rien d’autre à faire pour l’instant." in html
    for days in (30, 60):
        assert f"{formats.money(2_500)}, le {formats.day(clock.today() + timedelta(days=days))}" in html
    assert 'href="/mon-dossier/activites"' in html


def test_with_it_the_next_ones_are_agreed_to_and_the_card_that_pays_is_kept(citizen, simulator, paying):
    in_three(citizen)
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=9_999, charge_later=agreed_as_shown(citizen))
    first = Invoice.select().order_by(Invoice.due_on).first()
    assert (CardConsent.get().words, CardConsent.get().first_id) == ("2026-11", first.id)
    assert Instalment.select().count() == 2
    assert "La carte qui paie ici sera gardée" in citizen.client.get_page(answer.location)
    citizen.pays(first)
    paying()
    assert CardConsent.get().card.state == "kept"
    assert Registration.get().status == Registration.CONFIRMED


@pytest.mark.parametrize("agreed", ["2026-11/2020-01-01", "2020-01/{today}", "1"])
def test_dates_or_words_that_are_not_those_shown_make_nothing(citizen, agreed):
    in_three(citizen)
    answer = citizen.post(
        "/panier/confirmer", "/panier", total_seen_cents=9_999, charge_later=agreed.format(today=clock.today())
    )
    assert answer.status_code == 422
    assert not Invoice.select().exists()


def test_who_cannot_be_written_to_is_not_asked_and_cannot_agree(citizen):
    in_three(citizen)
    agreed = agreed_as_shown(citizen)
    Account.update(email_confirmed_at=None).execute()
    assert "charge_later" not in citizen.client.get_page("/panier")
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=9_999, charge_later=agreed)
    assert answer.status_code == 422
    assert not Invoice.select().exists()
