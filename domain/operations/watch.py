"""What the portal tells by itself to who runs the machine: what goes wrong, once a day while it lasts; what waits."""

from collections.abc import Sized
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from domain.billing import ledger
from domain.common import alerts, clock, outbox
from domain.common.facts import Fact
from domain.common.letters import Letters
from domain.operations import health
from domain.operations.health import Seen, Wrong
from domain.payments.gateway import Gateway, GatewayDown
from domain.staff import attention
from models import Counter, write

AGAIN_AFTER = timedelta(days=1)
TOLD, EVER = "operator told of ", datetime(1970, 1, 1)


@dataclass(frozen=True)
class Count:
    """How many of something wait."""

    name: str
    count: int


def look_at_gateway(gateway: Gateway) -> None:
    """Note since when the gateway does not answer; only the process that charges asks."""
    try:
        gateway.its_moment()
    except GatewayDown:
        if Counter.kept(health.SILENT_SINCE) is None:
            with write():
                Counter.keep_moment(health.SILENT_SINCE, clock.now())
        return
    if Counter.kept(health.SILENT_SINCE) is not None:
        with write():
            Counter.delete().where(Counter.name == health.SILENT_SINCE).execute()


def look_at_books() -> None:
    """Say so when the ledger does not balance: until it does the portal is not called well.

    It reads the whole ledger, as the hourly copy reads the whole database: it goes with it, and not with a page.
    """
    cents = ledger.imbalance_cents()
    with write():
        if cents:
            alerts.raise_alert(alerts.Kind.BOOKS, "books", amount_cents=abs(cents))
        else:
            alerts.settle(alerts.Kind.BOOKS, "books")


def tell(letters: Letters, address: str, seen: Seen) -> None:
    """Write to who runs the machine of what is newly wrong, and of what is a day later still."""
    wrong, told = health.found(seen), _told()
    over = [f"{TOLD}{one}" for one in told if one not in wrong]
    news = [one for one in wrong if told.get(one, EVER) <= clock.now() - AGAIN_AFTER]
    if over:
        with write():
            Counter.delete().where(Counter.name.in_(over)).execute()
    if not news:
        return
    with write():
        for one in news:
            Counter.keep_moment(f"{TOLD}{one}", clock.now())
        outbox.write(address, *letters.write("portal_attention", wrong=[Fact(one) for one in wrong]))


def tell_what_waits(letters: Letters, address: str) -> None:
    """Write, once a day, how much waits for a person and of what kind; nothing on a day when nothing does."""
    waiting = attention.waiting()
    counts = [Count(one.name, _size(getattr(waiting, one.name))) for one in fields(waiting)]
    if any(one.count for one in counts):
        with write():
            outbox.write(address, *letters.write("what_waits", counts=[one for one in counts if one.count]))


def _told() -> dict[str, datetime]:
    """Return what was told and holds still, with when."""
    kept = Counter.select(Counter.name).where(Counter.name.in_([f"{TOLD}{one}" for one in Wrong]))
    names = list(kept.scalars())
    return {name.removeprefix(TOLD): Counter.kept_moment(name) or EVER for name in names}


def _size(waiting: Sized | int | None) -> int:
    return waiting if isinstance(waiting, int) else len(waiting or ())
