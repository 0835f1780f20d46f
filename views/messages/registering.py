"""What registering says: why a price is what it is."""

from flask_babel import lazy_gettext as lazy

from domain.activities.pricing import Why
from domain.common.facts import Fact
from views.messages.values import filled

WHY: dict[str, str] = {  # before the price, as in « 2e enfant, même semaine : 44 $ »
    Why.REGULAR: lazy("prix régulier"),
    Why.RANK: lazy("%(rank)s enfant"),
    Why.RANK_SAME_DATES: lazy("%(rank)s enfant, même semaine"),
    Why.EARLY: lazy("prix jusqu’au %(until)s"),
    Why.LATE: lazy("prix depuis le %(since)s"),
    Why.NON_RESIDENT: lazy("prix des non-résidents"),
    Why.FREE: lazy("gratuit"),
    Why.CAP: lazy("plafond de %(cap)s par foyer atteint"),
}


def why(fact: Fact) -> str:
    """Say one reason of a price."""
    values = dict(fact.values)
    if "rank" in values:
        values["rank"] = _ordinal(int(values["rank"]))
    return filled(WHY[fact.key], values)


def _ordinal(rank: int) -> str:
    return "1er" if rank == 1 else f"{rank}e"
