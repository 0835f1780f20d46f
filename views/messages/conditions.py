"""What a programme asks beside its prices: fees, and so many weeks a child."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _

from domain.activities import pricing
from domain.activities.catalogue import Verdict
from domain.activities.eligibility import TooFewWeeks
from domain.common import formats
from models import Activity
from views.messages.cart import what


def of_programme(
    activities: Sequence[Activity], verdicts: Iterable[Verdict], least_weeks: Mapping[str, int]
) -> list[str]:
    """Say what sets the prices of a programme, and what it asks beside them, each thing once."""
    named = dict.fromkeys(one.by_law for one in activities if one.by_law)
    by_laws = [_("Prix fixé par\u00a0: %(what)s", what=one) for one in named]
    return [*by_laws, *beside(activities[0], verdicts, least_weeks)]


def beside(activity: Activity, verdicts: Iterable[Verdict], least_weeks: Mapping[str, int]) -> list[str]:
    """Say what the programme of a group asks of those it is for, each thing once."""
    fees = [line for one in verdicts if one.is_of_age for line in one.fees]
    told = [least(least_weeks.get(activity.programme, 0)), *map(_fee, fees)]
    return list(dict.fromkeys(filter(None, told)))


def _fee(line: pricing.PriceLine) -> str:
    """Say a fee with its taxes, as the cart will."""
    cents = pricing.shown_cents([line])
    told = {"what": what(line), "amount": formats.money(cents)}
    if cents > line.net_cents:
        return _("S’ajoute au prix\u00a0: %(what)s, %(amount)s taxes comprises.", **told)
    return _("S’ajoute au prix\u00a0: %(what)s, %(amount)s.", **told)


def least(weeks: int) -> str:
    """Say how many weeks a child takes at least; nothing when one is enough."""
    return _("Au moins %(weeks)s semaines par enfant.", weeks=weeks) if weeks > 1 else ""


def refused(lacking: Sequence[TooFewWeeks]) -> str:
    """Say for whom weeks are missing; nothing was made, and the places stay."""
    said = " ".join(map(missing, lacking))
    return _("%(said)s Vos places sont gardées. Rien n’a été facturé.", said=said)


def missing(one: TooFewWeeks) -> str:
    """Say how many weeks a child has of those that are asked, and what to do."""
    told = {"name": one.person.first_name, "programme": one.title, "least": one.least, "has": one.has}
    return _(
        "%(name)s\u00a0: %(programme)s demande au moins %(least)s semaines par enfant, et vous en avez %(has)s. "
        "Ajoutez celles qui manquent, ou retirez les autres.",
        **told,
    )
