"""What a page showed of a cart's places, as a mark that it sends back: another cart, or another day, is told."""

from collections.abc import Sequence
from hashlib import sha256

from models import CartItem

WHEN = ("id", "starts_on", "ends_on", "weekdays", "starts_at", "ends_at", "place_id", "cancelled_on")


class CartChanged(Exception):
    """Tried to confirm other places than those seen: one came in or went since; nothing is made."""


class DatesChanged(Exception):
    """Tried to confirm places whose days, hours or whereabouts are others than those seen; nothing is made."""


def mark_of(held: Sequence[CartItem]) -> str:
    """Return a mark of which places these are, then of when and where they are."""
    when = sorted([str(getattr(item.activity, name)) for name in WHEN] for item in held)
    return f"{_mark(sorted(item.id for item in held))}.{_mark(when)}"


def refuse_another(seen: str, held: Sequence[CartItem]) -> None:
    """Refuse places that are not those whose mark was seen, or not as they were. Raises: CartChanged, DatesChanged."""
    now = mark_of(held)
    if seen.partition(".")[0] != now.partition(".")[0]:
        raise CartChanged
    if seen != now:
        raise DatesChanged


def _mark(told: Sequence[object]) -> str:
    return sha256(repr(told).encode()).hexdigest()[:16]
