"""Cards deleted at the gateway leave their accounts' lists; keys of another merchant empty no list."""

from domain.common import clock
from domain.payments import deleted_cards, saved_cards
from models import Account, SavedCard
from tests.factories import make_saved_card


def test_cards_deleted_at_the_gateway_leave_the_lists_and_the_next_becomes_the_default(account, context, gateway):
    kept = [add(account, context, nonce) for nonce in ("fake-valid-visa-nonce", "fake-valid-mastercard-nonce")]
    assert deleted_cards.drop(context) == 0
    gateway.forget_card(kept[0].reference)
    assert deleted_cards.drop(context) == 0, "each is asked about once a day"
    SavedCard.update(due_at=clock.now()).execute()
    assert deleted_cards.drop(context) == 1
    assert [(SavedCard.get_by_id(card.id).state, SavedCard.get_by_id(card.id).is_default) for card in kept] == [
        (SavedCard.REMOVED, False),
        (SavedCard.KEPT, True),
    ]
    assert SavedCard.get_by_id(kept[0].id).problem == saved_cards.Unkept.GONE
    assert saved_cards.usable(account, clock.today()) == [kept[1]]


def test_when_the_vault_has_none_of_many_it_is_another_merchants_and_nothing_is_dropped(account, context, simulator):
    cards = [make_saved_card(account) for _ in range(deleted_cards.ALL_GONE)]
    assert deleted_cards.drop(context) == 0
    assert {SavedCard.get_by_id(card.id).state for card in cards} == {SavedCard.KEPT}


def add(account: Account, context, nonce: str) -> SavedCard:
    card = saved_cards.ask_add(account, nonce)
    saved_cards.advance(card.id, context)
    return SavedCard.get_by_id(card.id)
