"""Whether a person's browser is there, and where it is: the proof of work, or the allowance for those without."""

from flask import request

from domain import identification, limits
from views.portal import portal


def origin() -> str:
    """Return the address the request comes from, as the proxies we trust tell it."""
    return request.remote_addr or ""


def challenge() -> str:
    """Return a challenge for the page, harder while the site is under attack; nothing when none is wanted."""
    captcha = portal().captcha
    return captcha.challenge(hard=limits.is_under_attack()) if captcha else ""


def check(solution: str) -> None:
    """Want a proof of work; without one (no JavaScript), count against the site's lower allowance.

    Raises: BadProof, TooManyUnproven.
    """
    captcha = portal().captcha
    if captcha is None:
        return
    if solution:
        identification.spend_proof(captcha.check(solution))
    else:
        identification.allow_unproven()
