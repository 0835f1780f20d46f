"""Saved cards that somebody deleted at the gateway: they leave their accounts' lists, each asked about once a day."""

from datetime import timedelta

from domain.common import clock, lifecycle
from domain.payments import saved_cards
from domain.payments.context import Context
from models import SavedCard, write

ASKED_EVERY = timedelta(days=1)
ASKED_AT_ONCE = 20
ALL_GONE = 5  # so many at once, and not one there: the keys are another merchant's, and the cards are not gone


def drop(context: Context) -> int:
    """Ask the vault about the kept cards that are due; return how many were deleted there, and leave the lists.

    Raises: GatewayDown.
    """
    due = (SavedCard.state == SavedCard.KEPT) & lifecycle.is_due(SavedCard.due_at, clock.now(), ASKED_EVERY)
    some = {
        card.reference: card for card in SavedCard.select().where(due).order_by(SavedCard.due_at).limit(ASKED_AT_ONCE)
    }
    if not some:
        return 0
    missing = context.gateway.gone_cards(list(some))
    with write():
        asked = SavedCard.id.in_([card.id for card in some.values()])
        SavedCard.update(due_at=clock.now() + ASKED_EVERY).where(asked, SavedCard.state == SavedCard.KEPT).execute()
    if len(missing) == len(some) >= ALL_GONE:
        return 0
    # a search may lag behind, this does not
    gone = [reference for reference in missing if context.gateway.kept_card(reference) is None]
    with write():
        for reference in gone:
            saved_cards.gone(SavedCard.get_by_id(some[reference].id))
    return len(gone)
