"""Whose a database is: what the simulator filled never meets real money, nor the reverse."""

from models import Counter
from settings import PRODUCTION, SANDBOX, SIMULATOR

MADE_FOR = "made for"
ENVIRONMENTS = (SIMULATOR, SANDBOX, PRODUCTION)  # kept by their place here: add at the end only


def keep(environment: str) -> None:
    """Remember for which gateway environment the database was made; the first one stands."""
    Counter.insert(name=MADE_FOR, value=ENVIRONMENTS.index(environment)).on_conflict_ignore().execute()


def kept() -> str | None:
    """Return the gateway environment for which the database was made; None when it does not say."""
    place = Counter.kept(MADE_FOR)
    return None if place is None else ENVIRONMENTS[place]
