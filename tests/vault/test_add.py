"""Adding a card by Hosted Fields: the wish is committed, the vault is asked off the request."""

from datetime import timedelta

import pytest

from domain.common import rate_limits
from models import Attempt, CardTry, SavedCard
from settings import LIMITS
from tests.factories import make_saved_card
from tests.walker import Citizen


def test_page_has_card_fields_and_nothing_to_pay(member):
    html = member.client.get_page("/mon-dossier/coffre/ajouter")
    assert 'id="number"' in html
    assert "Ajouter cette carte" in html
    assert "Rien n’est pris maintenant" in html
    assert "Payer" not in html[html.index("<main") : html.index("</main")]


def test_adding_answers_at_once_and_the_vault_is_asked_after(member, simulator, working, there):
    assert member.keeps_a_card().location == "/mon-dossier/coffre"
    card = SavedCard.get()
    assert (card.state, there(card)) == ("adding", False)
    assert "Nous ajoutons votre carte" in member.client.get_page("/mon-dossier/coffre")
    working()
    card = SavedCard.get()
    assert (card.state, card.brand, card.is_default, card.nonce) == ("kept", "Visa", True, None)
    assert there(card)
    assert f"Visa se terminant par {card.last_four}" in member.client.get_page("/mon-dossier/coffre")
    assert simulator.transactions() == []


def test_a_waiting_page_hears_only_of_changes(member, working):
    member.keeps_a_card()
    address = f"/mon-dossier/coffre?vu={SavedCard.get().id}addi0"
    htmx = {"HX-Request": "true"}
    assert member.client.get(address, headers=htmx).status_code == 204
    working()
    assert "Par défaut" in member.client.get(address, headers=htmx).text


@pytest.mark.parametrize("fault", ["answer_lost", "http_500", "reset", "hang_after"])
def test_an_answer_lost_is_asked_for_again_and_one_card_is_kept(member, simulator, working, there, fault):
    simulator.breaks("vault", fault, seconds=3)
    member.keeps_a_card()
    working()
    assert SavedCard.get().state == "adding"
    working()
    assert SavedCard.get().state == "kept"
    assert there(SavedCard.get())


def test_a_gateway_down_is_said_and_given_up_after_a_while(member, simulator, working, there):
    simulator.breaks("vault", "http_503", times=50)
    member.keeps_a_card()
    for _ in range(3):
        working()
    assert "Braintree ne répond pas pour l’instant" in member.client.get_page("/mon-dossier/coffre")
    working(ages=timedelta(minutes=16))
    assert SavedCard.get().state == "removing"
    assert "n’a pas répondu à temps" in member.client.get_page("/mon-dossier/coffre")
    simulator.ask("DELETE", "faults")
    working()
    assert not there(SavedCard.get())
    assert "n’a pas répondu à temps" in member.client.get_page("/mon-dossier/coffre")


@pytest.mark.parametrize("nonce", ["fake-processor-declined-visa-nonce", "fake-consumed-nonce", "unheard-of"])
def test_a_card_refused_is_said_and_not_kept(member, simulator, working, there, nonce):
    member.keeps_a_card(nonce)
    working()
    assert SavedCard.get().state == "refused"
    assert not there(SavedCard.get())
    assert "Pas ajoutée" in member.client.get_page("/mon-dossier/coffre")


def test_the_same_number_again_takes_the_place_of_the_first(member, simulator, working, there):
    for _ in range(2):
        member.keeps_a_card()
        working()
    working()
    first, second = SavedCard.select().order_by(SavedCard.id)
    assert (first.state, second.state, second.is_default) == ("removed", "kept", True)
    assert (there(first), there(second)) == (False, True)


def test_the_same_card_sent_twice_is_one(member, simulator, working):
    for _ in range(2):
        member.keeps_a_card()
    assert SavedCard.select().count() == 1


def test_the_same_number_of_somebody_else_stays_hers(member, simulator, working, app):
    other = Citizen(app.test_client(), member.household)
    other.joins(username="luc")
    for who in (member, other):
        who.keeps_a_card()
        working()
    assert [card.state for card in SavedCard.select()] == ["kept", "kept"]


def test_without_a_card_nothing_is_added(member):
    answer = member.keeps_a_card(nonce="")
    assert answer.status_code == 422
    assert "n’ont pas été lus" in answer.text
    assert not SavedCard.select().exists()


def test_so_many_cards_are_tried_in_a_day(member):
    most = LIMITS["cards added to an account"].most
    for _ in range(most):
        member.keeps_a_card()
        SavedCard.update(state="refused", nonce=None).execute()
        CardTry.delete().execute()  # not by a bank: tests/attacks/test_card_testing.py
    answer = member.keeps_a_card()
    assert answer.status_code == 422
    assert "dix ajouts par jour" in answer.text
    added = Attempt.select().where(Attempt.kind == rate_limits.CARDS_ADDED)
    assert added.count() == SavedCard.select().count() == most


def test_eight_cards_are_enough(member):
    for _ in range(8):
        make_saved_card(member.account)
    assert member.keeps_a_card().status_code == 422


def test_a_forged_form_adds_nothing(member):
    member.client.post("/mon-dossier/coffre/ajouter", data={"payment_method_nonce": "fake-valid-nonce"})
    assert not SavedCard.select().exists()
