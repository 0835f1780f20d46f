"""How often something may be tried: counted in the database, so that a restart forgets nothing."""

from datetime import date, timedelta
from ipaddress import ip_network

from peewee import ModelSelect, fn

from domain.common import alerts, clock, origins
from domain.common.pseudonyms import pseudonym
from models import Attempt, WrongDate, hold, write
from settings import LIMITS

CARD, CARDS_CLOSED = "dates of a card", "cards closed"
# Whatever counts an address counts its network too: of IPv6 anybody has more addresses than a table can hold.
ADDRESS, NETWORK = "identifications from an address", "identifications from a network"
IDENTIFICATIONS = (ADDRESS, NETWORK)
SIGN_INS = ("sign-ins from an address", "sign-ins from a network")
CALLBACKS = ("callbacks from an address", "callbacks from a network")
WRONG_CODES = ("wrong codes from an address", "wrong codes from a network")
SITE = "identifications of the site"
UNPROVEN = "identifications without proof"
ACCOUNT = "sign-ins to an account"
RECOVERIES = "recoveries of an account"
PRESENT = "present passwords of an account"
INVOICE = "guesses of an invoice"
CARDS_ADDED = "cards added to an account"
CARTS_CONFIRMED = "carts confirmed by a household"
LETTERS_TO_STRANGERS, LETTERS_OF_A_KIND = "letters to strangers", "letters of a kind to somebody"
LETTERS_TO_ADDRESS = "letters to an address"
STAFF_CODES = "second factors of a staff account"
KEPT = timedelta(days=31)


class TooManyHere(Exception):
    """Tried to identify, or to name an invoice, from an address or a network from which too many tries failed."""


def count(kind: str, key: str = "") -> None:
    """Count one more, in the caller's transaction."""
    Attempt.create(kind=kind, key=kept(key))


def kept(key: str) -> str:
    """Return what is kept of a key: of an address or a network, never itself."""
    try:
        ip_network(key)
    except ValueError:
        return key
    return pseudonym(key)


def note(kind: str, key: str = "") -> None:
    """Count one more."""
    with write():
        count(kind, key)


def is_reached(kind: str, key: str = "") -> bool:
    """Tell whether a limit of settings.LIMITS is used up for a key."""
    return _tried(kind, key).count() >= LIMITS[kind].most


def take(kind: str, key: str) -> bool:
    """Count one more, in the caller's transaction, unless the limit is used up; tell whether it was not.

    Of several processes the second waits for the first once one was counted: fewer than the limit overrun nothing.
    """
    hold(_tried(kind, key))
    is_free = not is_reached(kind, key)
    if is_free:
        count(kind, key)
    return is_free


def _tried(kind: str, key: str) -> "ModelSelect[Attempt]":
    since = clock.now() - timedelta(minutes=LIMITS[kind].minutes)
    return Attempt.select().where(Attempt.kind == kind, Attempt.key == kept(key), Attempt.at > since)


def count_from(kinds: tuple[str, str], address: str) -> None:
    """Count one more from an address and from its network, in the caller's transaction."""
    for kind, key in _places(kinds, address):
        count(kind, key)


def note_from(kinds: tuple[str, str], address: str) -> None:
    """Count one more from an address and from its network."""
    with write():
        count_from(kinds, address)


def is_crowded(kinds: tuple[str, str], address: str) -> bool:
    """Tell whether the limit of an address, or that of its network, is used up."""
    return any(is_reached(kind, key) for kind, key in _places(kinds, address))


def _places(kinds: tuple[str, str], address: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (kinds[0], origins.source(address)), (kinds[1], origins.network(address))


def is_under_attack() -> bool:
    """Tell whether the whole site's budget of failed identifications is used up."""
    return is_reached(SITE)


def is_closed(card_number: str) -> bool:
    """Tell whether so many distinct wrong dates were tried with a card that it identifies nobody for a while."""
    limit = LIMITS[CARD]
    since = clock.now() - timedelta(minutes=limit.minutes)
    tried = WrongDate.select(fn.COUNT(WrongDate.id)).where(
        WrongDate.card_digest == pseudonym(card_number), WrongDate.at > since
    )
    return tried.scalar() >= limit.most


def note_failure(card_number: str, birth_date: date, address: str) -> None:
    """Count a failed identification; the site's budget used up is said to a person, once an hour."""
    with write():
        _count_failure(address)
        if card_number and not is_closed(card_number):
            WrongDate.insert(
                card_digest=pseudonym(card_number), date_digest=pseudonym(birth_date.isoformat()), at=clock.now()
            ).on_conflict_ignore().execute()
            if is_closed(card_number):
                _tell_of_closed()


def _tell_of_closed() -> None:
    """Count a card that has just closed; several within the hour are somebody's doing, and a person hears of it."""
    count(CARDS_CLOSED)
    if is_reached(CARDS_CLOSED):
        alerts.raise_alert(alerts.Kind.CARDS_CLOSED, f"{clock.now():%Y-%m-%d %H}", closed=LIMITS[CARDS_CLOSED].most)


def note_wrong_invoice(number: str, address: str) -> None:
    """Count a try at paying without an account that found nothing: as a failed identification, and for the invoice."""
    with write():
        _count_failure(address)
        count(INVOICE, pseudonym(number))


def _count_failure(address: str) -> None:
    count_from(IDENTIFICATIONS, address)
    count(SITE)
    if is_under_attack():
        alerts.raise_alert(alerts.Kind.GUESSING, f"{clock.now():%Y-%m-%d %H}")


def wants_proof(login: str, address: str) -> bool:
    """Tell whether so many sign-ins failed, to an account or from an address, that the next brings a proof of work.

    Nobody can be locked out of an account by somebody else: the right password with a proof always opens it.
    """
    return is_reached(ACCOUNT, pseudonym(login)) or is_crowded(SIGN_INS, address)


def note_failed_sign_in(login: str, address: str) -> None:
    """Count a sign-in that failed; the account need not exist."""
    with write():
        count(ACCOUNT, pseudonym(login))
        count_from(SIGN_INS, address)


def clear(card_number: str) -> int:
    """Forget the wrong dates of a card, the counter having checked who asks; return how many there were."""
    with write():
        return WrongDate.delete().where(WrongDate.card_digest == pseudonym(card_number)).execute()


def forget_expired() -> None:
    """Delete what no limit counts any more."""
    with write():
        Attempt.delete().where(Attempt.at < clock.now() - KEPT).execute()
        WrongDate.delete().where(WrongDate.at < clock.now() - KEPT).execute()
