"""How often what residents do may write to somebody: a form pressed three hundred times is three hundred letters."""

from domain.common import rate_limits
from domain.common.pseudonyms import pseudonym


class TooManyLetters(Exception):
    """Tried something that writes to somebody who was written to too often within the hour: nothing was done."""


def count(letter: str, recipient: str) -> None:
    """Count a letter of a kind that an act writes, in the act's transaction. Raises: TooManyLetters."""
    key = pseudonym(recipient.strip().casefold())
    if rate_limits.is_reached(rate_limits.LETTERS_OF_A_KIND, f"{letter} {key}"):
        raise TooManyLetters
    _count_address(key)
    rate_limits.count(rate_limits.LETTERS_OF_A_KIND, f"{letter} {key}")


def count_stranger(account_id: int, recipient: str) -> None:
    """Count a letter that an account has sent to an address nobody vouches for. Raises: TooManyLetters."""
    if rate_limits.is_reached(rate_limits.LETTERS_TO_STRANGERS, str(account_id)):
        raise TooManyLetters
    _count_address(pseudonym(recipient.strip().casefold()))
    rate_limits.count(rate_limits.LETTERS_TO_STRANGERS, str(account_id))


def _count_address(key: str) -> None:
    if rate_limits.is_reached(rate_limits.LETTERS_TO_ADDRESS, key):
        raise TooManyLetters
    rate_limits.count(rate_limits.LETTERS_TO_ADDRESS, key)
