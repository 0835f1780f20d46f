"""Whether a person's browser is there, and where it is: the proof of work, or the allowance for those without."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from domain.access import proof, refused_tries
from domain.common import rate_limits
from views.web.portal import portal

log = logging.getLogger("portal")

# The first sign found counts: Edge says that it is Chrome too, and Chrome that it is Safari.
BROWSERS = (
    ("Firefox/", "Firefox"),
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def origin() -> str:
    """Return the address the request comes from, as the proxies we trust tell it."""
    return request.remote_addr or ""


def browser() -> str:
    """Return the browser and the system as a person would name them, such as Firefox, Windows."""
    agent = request.user_agent.string
    names = [next((name for sign, name in signs if sign in agent), "") for signs in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in names if name)


def challenge() -> str:
    """Return a challenge for the page, harder while the site is under attack; nothing when none is wanted."""
    captcha = portal().captcha
    return captcha.challenge(hard=rate_limits.is_under_attack()) if captcha else ""


def check(solution: str) -> None:
    """Want a proof of work; without one (no JavaScript), count against the site's lower allowance.

    Raises: BadProof, TooManyUnproven.
    """
    captcha = portal().captcha
    if captcha is None:
        return
    with counted():
        if solution:
            proof.spend(captcha.check(solution))
        else:
            proof.allow_unproven()


@contextmanager
def counted() -> Iterator[None]:
    """Count what the block refuses: someone who brings no proof may be a script."""
    try:
        yield
    except (proof.BadProof, proof.TooManyUnproven):
        refused_tries.note(refused_tries.Way.PROOF)
        raise


def check_always(solution: str) -> None:
    """Want a proof of work from a page that nobody uses without JavaScript. Raises: BadProof."""
    captcha = portal().captcha
    if captcha:
        proof.spend(captcha.check(solution))


def check_card_page(solution: str) -> None:
    """Want the proof of the identification page: altcha's, or Google's box if the city chose it.

    When Google does not answer, the form counts as one without JavaScript. Raises: BadProof, TooManyUnproven.
    """
    google = portal().recaptcha
    if google is None:
        check(solution)
        return
    response = request.form.get("g-recaptcha-response", "")
    with counted():
        try:
            if response:
                google.check(response)
                return
        except proof.NoProof:
            log.warning("reCAPTCHA does not answer")
        proof.allow_unproven()
