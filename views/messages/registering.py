"""What registering says: why a price is what it is; what stands in a clerk's way, or was kept as a wish."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from domain.activities.eligibility import Reason
from domain.activities.pricing import Why
from domain.common.facts import Fact
from domain.common.formats import money
from models import Activity, Invoice, Person
from views.messages.catalogue import why_not
from views.messages.values import filled

WHY: dict[str, str] = {  # before the price, as in « 2e enfant, même semaine : 44 $ »
    Why.REGULAR: lazy("prix régulier"),
    Why.RANK: lazy("%(rank)s enfant"),
    Why.RANK_SAME_DATES: lazy("%(rank)s enfant, même semaine"),
    Why.EARLY: lazy("prix jusqu’au %(until)s"),
    Why.LATE: lazy("prix depuis le %(since)s"),
    Why.NON_RESIDENT: lazy("prix des non-résidents"),
    Why.FREE: lazy("gratuit"),
    Why.CAP: lazy("plafond de %(cap)s par famille atteint"),
    Why.ONCE_A_HOUSEHOLD: lazy("une fois par famille"),
    Why.ONCE_A_CHILD: lazy("une fois par enfant"),
    Why.EACH_PLACE: lazy("pour chaque place"),
    Why.NOT_GIVEN_BACK: lazy("non remboursable"),
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


def passed(rules: Iterable[Reason]) -> str:
    """Name the rules that were passed; nothing when there are none."""
    named_rules = why_not(rules)
    return _("Vous êtes passé outre\u00a0: %(rules)s.", rules=named_rules) if named_rules else ""


def registered(person: Person, activity: Activity, invoices: Sequence[Invoice]) -> str:
    """Say what was done for somebody: a place given, or held until its invoice is paid."""
    told = {"name": person.first_name, "title": activity.title}
    due = [one for one in invoices if one.balance_cents]
    if not due:
        return _("%(name)s\u00a0: %(title)s, c’est fait.", **told)
    amount = {"number": due[0].number, "amount": money(due[0].balance_cents)}
    return _("%(name)s\u00a0: %(title)s, place réservée. Facture %(number)s, %(amount)s.", **told, **amount)
