"""Saved cards that somebody deleted at the gateway: they leave their accounts' lists."""

from domain.payments import saved_cards
from domain.payments.context import Context
from models import SavedCard, write

ASKED_AT_ONCE = 50  # a page of the vault's answers
ALL_GONE = 5  # so many at once, and not one there: the keys are another merchant's, and the cards are not gone


def drop(context: Context) -> int:
    """Ask the vault which kept cards it still has; return how many were deleted there, and leave the lists.

    Raises: GatewayDown.
    """
    kept = list(SavedCard.select().where(SavedCard.state == SavedCard.KEPT).order_by(SavedCard.id))
    dropped = 0
    for start in range(0, len(kept), ASKED_AT_ONCE):
        some = {card.reference: card for card in kept[start : start + ASKED_AT_ONCE]}
        missing = context.gateway.gone_cards(list(some))
        if len(missing) == len(some) >= ALL_GONE:
            continue
        for reference in missing:
            if context.gateway.kept_card(reference) is None:  # a search may lag behind, this does not
                with write():
                    saved_cards.gone(SavedCard.get_by_id(some[reference].id))
                dropped += 1
    return dropped
