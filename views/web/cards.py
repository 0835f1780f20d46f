"""What a page that takes a card asks and says once many were refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from domain.access.proof import BadProof
from domain.payments import card_tries
from domain.payments.card_tries import NotNow, Places, ProofWanted, TooManyRefused
from views.messages import paying
from views.web import client
from views.web.portal import portal

Committed = TypeVar("Committed")


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


def committed(commit: Callable[..., Committed], solution: str) -> Committed:
    """Commit a card, with its proof of work if one is wanted; `commit` is told whether there is one. Raises: NotNow."""
    try:
        return commit(proven=False)
    except ProofWanted:
        try:
            client.check_always(solution)
        except BadProof:
            raise ProofWanted from None
    return commit(proven=True)


def said(problem: NotNow) -> str:
    """Return the words for a card that may not be tried now."""
    if isinstance(problem, TooManyRefused):
        return paying.too_many_refused(problem.until, portal().city.counter.phone)
    return paying.not_proven() if isinstance(problem, ProofWanted) else paying.too_many_under_way()
