"""How often what residents do may write to somebody: a form pressed three hundred times is three hundred letters."""

from domain.common import rate_limits
from domain.common.pseudonyms import pseudonym
from models import write


class TooManyLetters(Exception):
    """Tried something that writes to somebody who was written to too often within the hour: nothing was done."""


def count(letter: str, recipient: str) -> None:
    """Count a letter of a kind that an act writes, in the act's transaction. Raises: TooManyLetters."""
    _count(rate_limits.LETTERS_OF_A_KIND, f"{letter} {_key(recipient)}", recipient)


def count_opening(holder_id: int) -> None:
    """Count the letters that a new account has sent, by its holder's id: it can be closed and opened again at once.

    Not by who reads them, or a neighbour could keep her from opening one. Raises: TooManyLetters.
    """
    if not rate_limits.take(rate_limits.LETTERS_OF_A_KIND, f"account_created of {holder_id}"):
        raise TooManyLetters


def count_stranger(holder_id: int, recipient: str) -> None:
    """Count a letter that an account has sent to an address nobody vouches for, by its holder's id.

    Raises: TooManyLetters.
    """
    _count(rate_limits.LETTERS_TO_STRANGERS, str(holder_id), recipient)


def _count(kind: str, key: str, recipient: str) -> None:
    """Count a letter by a limit and for its address, both or neither."""
    with write():
        if not (rate_limits.take(kind, key) and rate_limits.take(rate_limits.LETTERS_TO_ADDRESS, _key(recipient))):
            raise TooManyLetters


def _key(recipient: str) -> str:
    return pseudonym(recipient.strip().casefold())
