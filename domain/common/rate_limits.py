"""How often something may be tried: counted in the database, so that a restart forgets nothing."""

from datetime import date, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from peewee import fn

from domain.common import alerts, clock
from domain.common.pseudonyms import pseudonym
from models import Attempt, WrongDate, write
from settings import LIMITS

CARD = "dates of a card"
ADDRESS, NETWORK = "identifications from an address", "identifications from a network"
SITE = "identifications of the site"
UNPROVEN = "identifications without proof"
ACCOUNT, SIGN_IN_ADDRESS = "sign-ins to an account", "sign-ins from an address"
RECOVERIES, WRONG_CODES = "recoveries of an account", "wrong codes from an address"
PRESENT = "present passwords of an account"
INVOICE = "guesses of an invoice"
CARDS_ADDED = "cards added to an account"
CALLBACKS = "callbacks from an address"
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
    limit = LIMITS[kind]
    since = clock.now() - timedelta(minutes=limit.minutes)
    tried = Attempt.select().where(Attempt.kind == kind, Attempt.key == kept(key), Attempt.at > since)
    return tried.count() >= limit.most


def network(address: str) -> str:
    """Return the /24 of an IPv4 address, the /64 of an IPv6 one: what one person can easily change within."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed  # how a server that listens on :: names an IPv4 address
    return str(ip_network(f"{parsed}/{64 if isinstance(parsed, IPv6Address) else 24}", strict=False))


def is_crowded(address: str) -> bool:
    """Tell whether too many identifications failed from an address or its network."""
    return is_reached(ADDRESS, address) or is_reached(NETWORK, network(address))


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


def note_wrong_invoice(number: str, address: str) -> None:
    """Count a try at paying without an account that found nothing: as a failed identification, and for the invoice."""
    with write():
        _count_failure(address)
        count(INVOICE, pseudonym(number))


def _count_failure(address: str) -> None:
    for kind, key in ((ADDRESS, address), (NETWORK, network(address)), (SITE, "")):
        count(kind, key)
    if is_under_attack():
        alerts.raise_alert(alerts.Kind.GUESSING, f"{clock.now():%Y-%m-%d %H}")


def wants_proof(login: str, address: str) -> bool:
    """Tell whether so many sign-ins failed, to an account or from an address, that the next brings a proof of work.

    Nobody can be locked out of an account by somebody else: the right password with a proof always opens it.
    """
    return is_reached(ACCOUNT, pseudonym(login)) or is_reached(SIGN_IN_ADDRESS, address)


def note_failed_sign_in(login: str, address: str) -> None:
    """Count a sign-in that failed; the account need not exist."""
    with write():
        count(ACCOUNT, pseudonym(login))
        count(SIGN_IN_ADDRESS, address)


def clear(card_number: str) -> int:
    """Forget the wrong dates of a card, the counter having checked who asks; return how many there were."""
    with write():
        return WrongDate.delete().where(WrongDate.card_digest == pseudonym(card_number)).execute()


def forget_expired() -> None:
    """Delete what no limit counts any more."""
    with write():
        Attempt.delete().where(Attempt.at < clock.now() - KEPT).execute()
        WrongDate.delete().where(WrongDate.at < clock.now() - KEPT).execute()
