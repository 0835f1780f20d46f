"""A member of a household, and the worker's part that asks the vault."""

from datetime import timedelta

import pytest

from domain.common import clock
from domain.payments import saved_cards
from models import SavedCard


@pytest.fixture
def member(citizen):
    citizen.account = citizen.joins()
    return citizen


@pytest.fixture
def working(context):
    """Return what has the vault asked for every card that is due, as the worker would; `ages` comes before."""

    def work(ages: timedelta = timedelta(0)) -> None:
        SavedCard.update(due_at=clock.now()).execute()
        for card in SavedCard.select():
            SavedCard.update(created_at=card.created_at - ages).where(SavedCard.id == card.id).execute()
        for card_id in saved_cards.due_for_work():
            saved_cards.advance(card_id, context)

    return work


@pytest.fixture
def there(gateway):
    """Return what tells whether the gateway has a card."""
    return lambda card: gateway.kept_card(card.reference) is not None
