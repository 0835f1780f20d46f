"""The proof of work that a page asks for, and the allowance of pages without JavaScript."""

from datetime import timedelta
from typing import Protocol

from peewee import IntegrityError

from domain.common import clock, rate_limits
from models import SpentProof, write

KEPT_FOR = timedelta(hours=2)  # longer than a challenge lives


class BadProof(Exception):
    """Tried to pass a proof of work that is wrong, forged, too old, or already accepted once."""


class NoProof(Exception):
    """Tried to have a proof checked by a service that does not answer."""


class TooManyUnproven(Exception):
    """Tried to identify without proof of work past the site's hourly allowance."""


class Captcha(Protocol):
    """Makes proofs of work and checks them: adapters/captcha.py."""

    def challenge(self, *, hard: bool = False) -> str:
        """Return a new challenge for the page, four times the work when `hard`."""

    def check(self, solution: str) -> str:
        """Return what tells a right solution from any other. Raises: BadProof."""


class Box(Protocol):
    """Another's box to tick, checked by its maker."""

    def check(self, response: str) -> None:
        """Want a right response. Raises: BadProof, NoProof."""


def spend(key: str) -> None:
    """Accept a proof of work, once: the library itself would take it twice.

    Raises: BadProof.
    """
    try:
        with write():
            SpentProof.create(key=key, expires_at=clock.now() + KEPT_FOR)
    except IntegrityError:
        raise BadProof from None


def allow_unproven() -> None:
    """Count a form without proof of work against the whole site's hourly allowance.

    Raises: TooManyUnproven.
    """
    if rate_limits.is_reached(rate_limits.UNPROVEN):
        raise TooManyUnproven
    with write():
        rate_limits.count(rate_limits.UNPROVEN)


def forget_expired() -> None:
    """Delete the proofs whose challenge would be too old anyway."""
    with write():
        SpentProof.delete().where(SpentProof.expires_at < clock.now()).execute()
