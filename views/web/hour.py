"""The hour of an opening, for a page that waits for it: the button comes by itself, and the server is asked little."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.activities.windows import State, first_opening, state
from domain.common import clock
from models import CartItem

NEAR = timedelta(hours=1)  # from then on a page waits; before, nobody sits in front of it
ASKED_EVERY = (60, 120)  # seconds, of which each page draws its own: 2,000 never ask together
AFTER_THE_HOUR = (1, 10)  # seconds, drawn too: when a page without JavaScript comes back


@dataclass(frozen=True)
class Hour:
    """When wishes can be taken: now, or at `opens` (UTC). Seconds; 0 when the page is not to do it."""

    is_open: bool
    opens: datetime | None = None
    opens_in: float = 0
    asks_every: int = 0
    reloads_in: int = 0


def hour_of(wishes: Sequence[CartItem]) -> Hour | None:
    """Return when the first of some wishes can be taken; None when there is nothing to wait for."""
    now = clock.now()
    if any(state(item.activity, None, now) != State.SOON for item in wishes):
        return Hour(is_open=True)
    opens = min(filter(None, (first_opening(item.activity, now) for item in wishes)), default=None)
    if opens is None:
        return None
    if opens - now > NEAR:
        return Hour(is_open=False, opens=opens)
    seconds = (opens - now).total_seconds()
    asks_every = _drawn(*ASKED_EVERY)
    reloads_in = min(asks_every, int(seconds) + _drawn(*AFTER_THE_HOUR))
    return Hour(is_open=False, opens=opens, opens_in=seconds, asks_every=asks_every, reloads_in=reloads_in)


def _drawn(least: int, most: int) -> int:
    return least + secrets.randbelow(most - least + 1)
