"""What registering says: why a price is what it is; what stands in a clerk's way, or was kept as a wish."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from domain.activities.pricing import Why
from domain.common.facts import Fact
from models import Activity, Person
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
        values["rank"] = ordinal(int(values["rank"]))
    return filled(WHY[fact.key], values)


def ordinal(rank: int) -> str:
    """Say a rank, such as 1er or 2e."""
    return "1er" if rank == 1 else f"{rank}e"


def no_such_option(known: Sequence[str]) -> str:
    """Say which options there are."""
    if not known:
        return _("Cette activité n’a pas d’options. Laissez la case vide.")
    return _("Cette option n’existe pas. Options possibles\u00a0: %(codes)s.", codes=", ".join(known))


def wished(person: Person, activity: Activity, opens: str) -> str:
    """Say that a wish was kept, which nobody takes for the household at the hour."""
    told = {"name": person.first_name, "title": activity.title, "opens": opens}
    return _(
        "%(name)s\u00a0: %(title)s ouvre le %(opens)s. Un souhait est gardé, ce n’est pas une place\u00a0: à l’heure,"
        " la famille la prend dans son panier, ou vous l’inscrivez ici.",
        **told,
    )


def not_then(days: int) -> str:
    """Say as of which hours a paper may be keyed."""
    return _("L’heure du papier est passée, et d’il y a %(days)s jours au plus.", days=days)
