"""Cards refused one after another: someone has stolen numbers, and asks the city's bank which of them are good.

An account, an invoice and, for who has no account, an address and the guests of an invoice's household have ten seats a
day each: a card under way holds one, a card that its bank refused keeps it for a day, a card that is taken gives it
back. The first three seats are anybody's, the others ask for a proof of work; once three were refused there is a wait
as well, and when all ten were, the telephone and the counter are left. The database keeps two cards from one seat,
however many are tried at once. A network is only slowed, and the site never closes, or anybody could close it to
everybody: a person is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import Expression, fn

from domain.common import alerts, clock, origins
from domain.common.pseudonyms import pseudonym
from domain.payments import gateway
from models import CardTry, write
from settings import LIMITS

PROOF, CLOSED, HEARD = "cards refused: proof", "cards refused: closed", "cards refused: alert"
NETWORK_PROOF, SITE_HEARD = "cards refused: proof of a network", "cards refused: alert of the site"
WAIT = timedelta(minutes=1)
KEPT = timedelta(days=2)
SITE = "site"
REFUSALS = gateway.Refusal
# What the city's settings and fraud rules at Braintree refuse, or nobody at all: it says nothing of a card.
NOT_BY_A_BANK = {REFUSALS.CITY, REFUSALS.RULES, REFUSALS.NETWORK}
OF_THE_CARD = set(gateway.OF_THE_CARD) - NOT_BY_A_BANK


class NotNow(Exception):
    """Tried a card where none may be tried now: nothing was committed."""


class TooManyRefused(NotNow):
    """Tried a card where too many were refused: until a moment, or for today when there is none."""

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__(until)
        self.until = until


class ProofWanted(NotNow):
    """Tried a card without the proof of work that the ones before bring."""


class TooManyUnderWay(NotNow):
    """Tried a card while as many as may be tried wait for their banks' answers."""


@dataclass(frozen=True)
class Places:
    """Where a card is tried: in these it takes a seat, the network around them is slowed."""

    narrow: tuple[str, ...]
    network: str


def places(address: str, holder_id: int | None = None, invoices: Iterable[str] = (), home: str = "") -> Places:
    """Return where a card counts that an account, or somebody without one at an address, tries on these numbers.

    An account counts by its holder, a person's id: closed and opened anew, it is hers still. `home` is the code of the
    household whose invoices they are: a cart makes as many as one likes.
    """
    guest = (f"address {pseudonym(origins.source(address))}", f"guests {home}")
    who = (f"account {holder_id}",) if holder_id else guest
    return Places((*who, *(f"invoice {one}" for one in invoices)), f"network {pseudonym(origins.network(address))}")


def wants_proof(where: Places) -> bool:
    """Tell whether so many were tried there that the next card brings a proof of work."""
    tried = CardTry.select(fn.COUNT(CardTry.id)).where(CardTry.place.in_(where.narrow), _counts())
    most = LIMITS[PROOF].most
    return tried.group_by(CardTry.place).having(fn.COUNT(CardTry.id) >= most).exists() or _is_reached(
        NETWORK_PROOF, [where.network]
    )


def check(where: Places) -> None:
    """Want that not too many cards were refused there. Raises: TooManyRefused."""
    if _is_reached(CLOSED, where.narrow):
        raise TooManyRefused
    last = max((at for times, at in _refused(PROOF, where.narrow) if times >= LIMITS[PROOF].most), default=None)
    if last and clock.now() - last < WAIT:
        raise TooManyRefused(last + WAIT)


def note(where: Places, reference: str, *, proven: bool = False) -> None:
    """Seat a card, in the transaction that commits it. Raises: TooManyRefused, ProofWanted, TooManyUnderWay."""
    check(where)
    if not proven and wants_proof(where):
        raise ProofWanted
    for place in where.narrow:
        if not _sits(place, reference, LIMITS[CLOSED if proven else PROOF].most):
            raise TooManyUnderWay if proven else ProofWanted  # others were a moment ahead
    for place in (where.network, SITE):
        CardTry.create(reference=reference, place=place)


def _sits(place: str, reference: str, seats: int) -> bool:
    """Take the first free seat of a place; whoever takes it at the same instant in another process gets the next."""
    CardTry.delete().where(CardTry.place == place, ~_counts()).execute()
    taken = set(CardTry.select(CardTry.seat).where(CardTry.place == place).scalars())
    return any(
        CardTry.insert(reference=reference, place=place, seat=seat).on_conflict_ignore().as_rowcount().execute()
        for seat in range(seats)
        if seat not in taken
    )


def ended(reference: str, reason: str = "") -> None:
    """Keep the seats of a card that its bank refused, free those of any other, in the caller's transaction."""
    under_way = (CardTry.reference == reference) & CardTry.refused_at.is_null()
    if reason not in OF_THE_CARD:
        CardTry.delete().where(under_way).execute()
        return
    where = list(CardTry.select(CardTry.place).where(under_way).scalars())
    CardTry.update(refused_at=clock.now()).where(under_way).execute()
    _tell_of_many(where)


def _tell_of_many(where: list[str]) -> None:
    for place in where:
        if place == SITE:
            is_heard = _is_reached(SITE_HEARD, [SITE])
        else:
            narrow = [] if place.startswith("network ") else [place]
            is_heard = _is_reached(HEARD, narrow) or _is_reached(CLOSED, narrow)
        if is_heard:
            kind, _space, which = place.partition(" ")
            alerts.raise_alert(alerts.Kind.CARD_TESTING, f"{place} {clock.today()}", place=kind, which=which)


def _is_reached(limit: str, where: Iterable[str]) -> bool:
    return any(times >= LIMITS[limit].most for times, _at in _refused(limit, where))


def _refused(limit: str, where: Iterable[str]) -> list[tuple[int, datetime]]:
    """Return how many cards were refused in each of these places, and when the last of them was."""
    since = clock.now() - timedelta(minutes=LIMITS[limit].minutes)
    rows = CardTry.select(fn.COUNT(CardTry.id), fn.MAX(CardTry.refused_at)).where(
        CardTry.place.in_(list(where)), CardTry.refused_at > since
    )
    return list(rows.group_by(CardTry.place).tuples().iterator())


def _counts() -> Expression:
    """Return the condition that a card holds its seat: under way, or refused within the day."""
    return CardTry.refused_at.is_null() | (CardTry.refused_at > clock.now() - timedelta(minutes=LIMITS[CLOSED].minutes))


def forget_expired() -> None:
    """Delete what no limit counts any more, and what hangs."""
    with write():
        CardTry.delete().where(CardTry.at < clock.now() - KEPT).execute()
