"""What a page that takes a card asks and says once many were refused."""

from dataclasses import dataclass

from domain.access.proof import BadProof, TooManyUnproven
from domain.payments import card_tries
from domain.payments.card_tries import Places, TooManyRefused
from views.messages import paying
from views.web import client
from views.web.portal import portal


@dataclass(frozen=True)
class Door:
    """How a page with card fields stands: what it says, whether it takes no card today, the proof it asks for."""

    words: str
    is_closed: bool
    challenge: str


def door(where: Places) -> Door:
    """Return what a page that takes a card there shows of the refusals before."""
    challenge = client.challenge() if card_tries.wants_proof(where) else ""
    try:
        card_tries.check(where)
    except TooManyRefused as refused:
        return Door(said(refused), refused.until is None, challenge)
    return Door("", is_closed=False, challenge=challenge)


def problem(where: Places, solution: str) -> str:
    """Return why a card may not be tried there now; nothing when it may. A proof of work is spent."""
    try:
        card_tries.check(where)
        if card_tries.wants_proof(where):
            client.check(solution)
    except TooManyRefused as refused:
        return said(refused)
    except (BadProof, TooManyUnproven):
        return paying.not_proven()
    return ""


def said(refused: TooManyRefused) -> str:
    """Return the words for too many refusals."""
    return paying.too_many_refused(refused.until, portal().city.counter.phone)
