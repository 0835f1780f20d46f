"""E-mail addresses, as the mailer can write to them."""

import idna
from email_validator import EmailNotValidError, validate_email

from domain.common.cleaning import clean

STRAIGHT = {0x2019: "'"}  # the apostrophe that phones curl


class NotAnAddress(ValueError):
    """Tried to read as an e-mail address what no letter can be written to."""


def read(text: str) -> str:
    """Return an address as it is kept: straight apostrophes, the domain small, in its own letters.

    Raises: NotAnAddress.
    """
    straightened = clean(text).strip().translate(STRAIGHT)
    try:
        return validate_email(straightened, check_deliverability=False, allow_smtputf8=False, strict=True).normalized
    except EmailNotValidError:
        raise NotAnAddress from None


def on_the_wire(address: str) -> str:
    """Return an address as mail servers take it, the domain in ASCII (IDNA 2008, RFC 5891). Raises: ValueError."""
    local, at, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local}{at}{idna.encode(domain, uts46=True).decode()}"
