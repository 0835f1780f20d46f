"""Cards refused one after another: someone has stolen numbers, and asks the city's bank which of them are good.

Each card tried counts against its account, its invoices or, without an account, its address: the third refusal of a day
brings a proof of work and a wait, the tenth leaves the telephone and the counter. A network is only slowed, and the
site never closes, or anybody could close it to everybody: a person is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import fn

from domain.common import alerts, clock, origins
from domain.payments import gateway
from models import CardTry, write
from settings import LIMITS, Limit

PROOF, CLOSED, HEARD = LIMITS["cards refused: proof"], LIMITS["cards refused: closed"], LIMITS["cards refused: alert"]
NETWORK_PROOF, SITE_HEARD = LIMITS["cards refused: proof of a network"], LIMITS["cards refused: alert of the site"]
WAIT = timedelta(minutes=1)
KEPT = timedelta(days=2)
SITE = "site"
# What the bank answers about a card; other refusals are ours, or the network's.
OF_THE_CARD = set(gateway.OF_THE_CARD) - {gateway.Refusal.NETWORK, gateway.Refusal.CITY}


class TooManyRefused(Exception):
    """Tried a card where too many were refused: until a moment, or for today when there is none."""

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Places:
    """Where a card is tried: in these it counts, the network around them is slowed."""

    narrow: tuple[str, ...]
    network: str


def places(address: str, account_id: int | None = None, invoices: Iterable[str] = ()) -> Places:
    """Return where a card counts that an account, or somebody without one at an address, tries on these numbers."""
    who = f"account {account_id}" if account_id else f"address {origins.source(address)}"
    return Places((who, *(f"invoice {one}" for one in invoices)), f"network {origins.network(address)}")


def wants_proof(where: Places) -> bool:
    """Tell whether so many were refused there that the next card brings a proof of work."""
    return _is_reached(PROOF, where.narrow) or _is_reached(NETWORK_PROOF, [where.network])


def check(where: Places) -> None:
    """Want that a card may be tried there now. Raises: TooManyRefused."""
    if _is_reached(CLOSED, where.narrow):
        raise TooManyRefused
    last = max((at for times, at in _tried(PROOF, where.narrow) if times >= PROOF.most), default=None)
    if last and clock.now() - last < WAIT:
        raise TooManyRefused(last + WAIT)


def note(where: Places, reference: str) -> None:
    """Count a card, in the caller's transaction: one under way counts, or a hundred at once would all pass."""
    rows = [{"reference": reference, "place": place} for place in (*where.narrow, where.network, SITE)]
    CardTry.insert_many(rows).execute()


def forget(reference: str) -> None:
    """Take back, in the caller's transaction, what was counted: the card was taken, or never shown to a bank."""
    CardTry.delete().where(CardTry.reference == reference).execute()


def refused(reference: str, reason: str) -> None:
    """Keep the count of a card that its bank refused, in the caller's transaction; a person is told of many."""
    if reason not in OF_THE_CARD:
        forget(reference)
        return
    tried = list(CardTry.select(CardTry.place).where(CardTry.reference == reference).scalars())
    narrow = [place for place in tried if place != SITE and not place.startswith("network ")]
    for place in narrow:
        if _is_reached(HEARD, [place]) or _is_reached(CLOSED, [place]):
            _tell(place)
    if _is_reached(SITE_HEARD, [SITE]):
        _tell(SITE)


def _tell(place: str) -> None:
    kind, _space, which = place.partition(" ")
    alerts.raise_alert(alerts.Kind.CARD_TESTING, f"{place} {clock.today()}", place=kind, which=which)


def _is_reached(limit: Limit, where: Iterable[str]) -> bool:
    return any(times >= limit.most for times, _at in _tried(limit, where))


def _tried(limit: Limit, where: Iterable[str]) -> list[tuple[int, datetime]]:
    """Return how many cards count in each of these places, and when the last of them was tried."""
    since = clock.now() - timedelta(minutes=limit.minutes)
    rows = CardTry.select(fn.COUNT(CardTry.id), fn.MAX(CardTry.at)).where(
        CardTry.place.in_(list(where)), CardTry.at > since
    )
    return list(rows.group_by(CardTry.place).tuples().iterator())


def forget_expired() -> None:
    """Delete what no limit counts any more."""
    with write():
        CardTry.delete().where(CardTry.at < clock.now() - KEPT).execute()
