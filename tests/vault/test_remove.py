"""Removing a card: it pays nothing from then on, and « Retirée » is said only once Braintree has erased it."""

import pytest

from models import Payment, SavedCard
from tests.factories import make_invoice, make_saved_card


@pytest.fixture
def card(member, simulator, working) -> SavedCard:
    member.keeps_a_card()
    working()
    return SavedCard.get()


def remove(member, card):
    return member.post(f"/mon-dossier/coffre/{card.reference}/retirer")


def test_it_is_asked_first(member, card, there):
    html = member.client.get_page(f"/mon-dossier/coffre/{card.reference}/retirer")
    assert "Retirer cette carte?" in html
    assert SavedCard.get().state == "kept"


def test_removed_is_said_only_when_the_vault_has_forgotten_it(member, card, simulator, working, there):
    simulator.breaks("vault", "http_503")
    assert remove(member, card).location == "/mon-dossier/coffre"
    html = member.client.get_page("/mon-dossier/coffre")
    assert "Retrait en cours" in html
    working()
    assert there(card)
    assert "Retrait en cours" in member.client.get("/mon-dossier/coffre").text
    working()
    assert not there(card)
    assert "effacée ici et chez Braintree" in member.client.get("/mon-dossier/coffre").text


def test_one_already_gone_at_the_gateway_is_removed_too(member, card, gateway, working):
    gateway.forget_card(card.reference)
    remove(member, card)
    working()
    assert SavedCard.get().state == "removed"


def test_a_card_that_is_going_pays_nothing(member, card, simulator):
    remove(member, card)
    answer = member.pays_with(card, make_invoice(member.household))
    assert answer.status_code == 422
    assert "n’est plus dans votre coffre" in answer.text
    assert not Payment.select().exists()


def test_the_next_card_becomes_the_default(member, card):
    other = make_saved_card(member.account, last_four="4444")
    remove(member, card)
    assert SavedCard.get_by_id(other.id).is_default
    assert not SavedCard.get_by_id(card.id).is_default


def test_a_card_that_is_paying_stays_until_it_is_done(member, card, paying, simulator):
    member.pays_with(card, make_invoice(member.household))
    answer = remove(member, card)
    assert answer.status_code == 422
    assert "Un paiement avec cette carte est en cours" in answer.text
    paying()
    assert remove(member, card).status_code == 303


def test_twice_is_once(member, card, working):
    remove(member, card)
    remove(member, card)
    working()
    assert remove(member, card).status_code == 303
    assert SavedCard.get().state == "removed"
