"""Until when a household's places are held, for every page that says so."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from domain.cart import items, keeping, outages
from domain.common import clock
from models import CartItem
from views.messages import cart as words


class Held(TypedDict):
    """What `cart/held.html` needs."""

    held_places: str
    held_until: str
    may_prolong: bool
    prolonged: str  # what a press just asked by script gave; else empty
    is_silent: bool  # the gateway: meanwhile no time passes
    ends: datetime | None


def held(household_id: int, found: Sequence[CartItem] | None = None, prolonged: str = "") -> Held:
    """Return what is held in a household's cart, and until when, in words; `found` is what was read of it already."""
    found = items.of_household(household_id) if found is None else found
    places = [item for item in found if item.state == CartItem.HELD]
    ends = items.ends_first(found)
    return Held(
        held_places=words.held(len(places)),
        held_until=words.at(ends) if ends else "",
        may_prolong=keeping.may_prolong(found, clock.now()),
        prolonged=prolonged,
        is_silent=bool(ends and outages.since()),
        ends=ends,
    )
