"""Whether others will believe the city's mail: what its domain says of it in the DNS, where the DNS answers."""

from enum import StrEnum

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from domain.common.facts import Fact

SECONDS = 5
# A domain does not list its keys: these are the names that the usual services give theirs.
SELECTORS = ("selector1", "selector2", "default", "dkim", "mail", "google", "k1", "s1", "portail")


class Wrong(StrEnum):
    """What the domain lacks; commands/configure_words has the words."""

    NO_SPF = "no SPF"
    NO_DKIM = "no DKIM found"
    NO_DMARC = "no DMARC"


def problems(domain: str, resolver: Resolver | None = None) -> list[Fact]:
    """Return what a domain does not say; nothing of this machine’s own names, nor where the DNS does not answer."""
    resolver = resolver or _of_this_machine()
    if resolver is None or "." not in domain:
        return []
    try:
        signed = any(_says(resolver, f"{selector}._domainkey.{domain}", "p=") for selector in SELECTORS)
        said = {
            Wrong.NO_SPF: _says(resolver, domain, "v=spf1"),
            Wrong.NO_DKIM: signed,
            Wrong.NO_DMARC: _says(resolver, f"_dmarc.{domain}", "v=DMARC1"),
        }
    except DNSException:
        return []
    return [Fact(wrong, {"domain": domain}) for wrong, there in said.items() if not there]


def _of_this_machine() -> Resolver | None:
    try:
        return Resolver()
    except DNSException:  # no resolv.conf
        return None


def _says(resolver: Resolver, name: str, words: str) -> bool:
    """Tell whether a name has a text with these words. Raises: DNSException when nobody answers."""
    try:
        found = resolver.resolve(name, "TXT", lifetime=SECONDS)
    except (NXDOMAIN, NoAnswer):
        return False
    return any(words in b"".join(record.strings).decode("ascii", "replace") for record in found)
