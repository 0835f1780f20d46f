"""What the catalogue says: what is left, who may not and why, and what stands in the way of a press."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from domain.activities import windows
from domain.activities.catalogue import Entry, Programme
from domain.activities.choices import Choice
from domain.activities.choosing import Outcome, Refused
from domain.activities.confirming import Estimate
from domain.activities.eligibility import Reason
from domain.activities.windows import State
from domain.cart.holds import HeldLongEnough, NoPlaceLeft
from domain.common import clock, formats
from models import Activity, InvoiceLine, Person

WEEKDAYS = {
    "lun": lazy("lundi"),
    "mar": lazy("mardi"),
    "mer": lazy("mercredi"),
    "jeu": lazy("jeudi"),
    "ven": lazy("vendredi"),
    "sam": lazy("samedi"),
    "dim": lazy("dimanche"),
}

WHY_NOT: dict[Reason, str] = {
    Reason.AGE: lazy("son âge n’est pas celui du groupe"),
    Reason.SCHOOL: lazy("le groupe demande une année scolaire terminée"),
    Reason.LEVEL: lazy("il faut d’abord réussir un niveau"),
    Reason.BEFORE: lazy("il faut d’abord avoir suivi une autre activité"),
    Reason.RESIDENCE: lazy("réservé aux résidents"),
    Reason.WINDOW: lazy("son inscription ouvre plus tard"),
    Reason.OVERLAP: lazy("à la même heure qu’une autre de ses activités"),
    Reason.DEBT: lazy("une facture de votre famille est en retard"),
    Reason.ALREADY: lazy("a déjà sa place, ou une place réservée"),
    Reason.FULL: lazy("complet"),
    Reason.CARD: lazy("sa carte de citoyen n’est plus valide"),
    Reason.LIMIT: lazy("le maximum de semaines est atteint pour le moment"),
    Reason.CLOSED: lazy("l’inscription est terminée"),
}

STATES = {
    State.SOON: lazy("bientôt"),
    State.OPEN: lazy("il reste des places"),
    State.FULL: lazy("complet"),
    State.CLOSED: lazy("inscription terminée"),
    State.ELSEWHERE: lazy("inscription ailleurs"),
}


def places(entry: Entry) -> str:
    """Say what is left, in words: never a number that moves while one reads."""
    if entry.state == State.FULL and entry.is_being_paid:
        return _("complet pour l’instant\u00a0: des paiements sont en cours")
    if entry.few and entry.state in (State.OPEN, State.SOON):
        return _("3 places ou moins")
    if entry.state == State.SOON:
        return _("il reste des places")
    return str(STATES[entry.state])


def opens(activity: Activity) -> str:
    """Say when registering opens; nothing when it is open."""
    opening = windows.first_opening(activity, clock.now())
    return formats.moment(opening) if opening else ""


def when(activity: Activity) -> str:
    """Say the days and hours of a group, such as « lundi et mercredi, 18 h à 19 h, du 5 au 30 juillet 2027 »."""
    days = activity.weekdays.split()
    if days == list(Activity.WEEKDAYS[:5]):
        named = _("du lundi au vendredi")
    else:
        named = (
            _(" et ").join(filter(None, [", ".join(str(WEEKDAYS[day]) for day in days[:-1]), str(WEEKDAYS[days[-1]])]))
            if days
            else ""
        )
    return ", ".join(filter(None, [named, hours(activity)]))


def hours(activity: Activity) -> str:
    """Say at what hours a group is, such as de 9 h à 15 h."""
    return _(
        "de %(start)s à %(end)s",
        start=formats.time_of_day(activity.starts_at),
        end=formats.time_of_day(activity.ends_at),
    )


def short(activity: Activity, programme: str) -> str:
    """Say a group's title under its programme's: « semaine 1 » of « Club été, semaine 1 »."""
    rest = activity.title.removeprefix(programme).lstrip(", –-")
    return rest[:1].upper() + rest[1:] if rest else activity.title


def dates(activity: Activity) -> str:
    """Say from which day to which, such as « 22 au 26 février 2027 »."""
    first, last = activity.starts_on, activity.ends_on
    parts, until = formats.day(first).split("\u00a0"), formats.day(last)
    if first == last:
        return until
    kept = 1 if (first.year, first.month) == (last.year, last.month) else 2 if first.year == last.year else 3
    return _("%(first)s au %(last)s", first="\u00a0".join(parts[:kept]), last=until)


def span(programme: Programme, least_weeks: Mapping[str, int]) -> str:
    """Say of a programme from when to when, where, from which price, and how many weeks a child takes at least."""
    rows = [entry.activity for entry in programme.entries]
    opening = next(filter(None, map(opens, rows)), "")
    parts = (
        _(
            "%(first)s au %(last)s",
            first=formats.day(min(one.starts_on for one in rows)),
            last=formats.day(max(one.ends_on for one in rows)),
        ),
        ", ".join(dict.fromkeys(one.place.name for one in rows)),
        from_price(rows),
        _("au moins %(weeks)s semaines par enfant", weeks=weeks)
        if (weeks := least_weeks.get(programme.code, 0)) > 1
        else "",
        _("ouvre le %(when)s", when=opening) if opening else "",
    )
    return " · ".join(filter(None, parts))


def from_price(rows: Sequence[Activity]) -> str:
    """Say from which price on a programme is, and that some of it is free; a price of the catalogue is before taxes."""
    priced = [one for one in rows if one.price_cents is not None]
    dear = [one for one in priced if one.price_cents]
    if not dear:
        return _("gratuit") if priced else ""
    least = min(dear, key=lambda one: one.price_cents or 0)
    said = _("à partir de %(price)s", price=formats.money(least.price_cents or 0))
    said = _("%(price)s plus les taxes", price=said) if least.tax_code == InvoiceLine.TAXABLE else said
    return _("gratuit, ou %(price)s", price=said) if len(dear) < len(priced) else said


def beside(names: Iterable[str]) -> str:
    """Say what comes with a place, such as « avec service de garde et transport »; nothing when nothing does."""
    said = [name[:1].lower() + name[1:] for name in names]
    return _("avec %(what)s", what=_(" et ").join(said)) if said else ""


def ages(activity: Activity) -> str:
    """Say for which ages a group is."""
    low, high = activity.age_min, activity.age_max
    if low is not None and high is not None:
        return _("%(low)s à %(high)s ans", low=low, high=high) if low != high else _("%(low)s ans", low=low)
    if low is not None:
        return _("%(low)s ans et plus", low=low)
    return _("%(high)s ans et moins", high=high) if high is not None else ""


def name_and_age(person: Person, today: date) -> str:
    """Name somebody with her age, such as « Léa, 8 ans »."""
    age = person.age_on(today)
    return ngettext("%(name)s, %(num)s an", "%(name)s, %(num)s ans", age, name=person.first_name)


def other_age(people: Sequence[Person]) -> str:
    """Say in one line that a group is not for some people's age."""
    *others, last = [person.first_name for person in people]
    if not others:
        return _("%(name)s\u00a0: le groupe n’est pas de son âge", name=last)
    names = _("%(first)s et %(last)s", first=", ".join(others), last=last)
    return _("%(names)s\u00a0: le groupe n’est pas de leur âge", names=names)


def why_not(reasons: Iterable[Reason]) -> str:
    """Say every reason why somebody may not."""
    return ", ".join(str(WHY_NOT[one]) for one in reasons)


def refused(refusal: Refused, choices: Sequence[Choice]) -> list[str]:
    """Say of each person who may not, for what, and why; nothing was put in the cart."""
    said = []
    for choice in choices:
        reasons = refusal.reasons.get((choice.person.id, choice.activity.id))
        if reasons:
            told = {"name": choice.person.first_name, "title": choice.activity.title, "why": why_not(reasons)}
            said.append(_("%(name)s, %(title)s\u00a0: %(why)s. Rien n’a été mis au panier.", **told))
    return said


def no_place_left(gone: NoPlaceLeft, choices: Sequence[Choice]) -> str:
    """Say that no place was left."""
    title = _title(int(gone.args[0]), choices)
    return _("%(title)s\u00a0: il ne reste pas assez de places. Rien n’a été mis au panier.", title=title)


def held_long_enough(held: HeldLongEnough, choices: Sequence[Choice]) -> str:
    """Say that a place goes to others now, and from when she may take it again."""
    return _(
        "%(title)s\u00a0: vous avez gardé cette place aussi longtemps que permis, elle va à qui attend. "
        "S’il en reste, vous pourrez la reprendre le %(moment)s. Rien n’a été mis au panier.",
        title=_title(held.activity_id, choices),
        moment=formats.moment(held.again_at),
    )


def _title(activity_id: int, choices: Sequence[Choice]) -> str:
    titles = {one.id: one.title for choice in choices for one in (choice.activity, *choice.fallbacks)}
    return titles.get(activity_id, choices[0].activity.title)


def missed(outcome: Outcome) -> list[str]:
    """Say of each choice that could not be had why not."""
    return [_missed(choice, outcome.why(choice)) for choice in outcome.missed]


def _missed(choice: Choice, reasons: Sequence[Reason]) -> str:
    why = why_not(reasons) or _("une des places à prendre ensemble manquait")
    told = {"name": choice.person.first_name, "title": choice.activity.title, "why": why}
    return _("%(name)s n’a pas pu avoir de place\u00a0: %(title)s (%(why)s).", **told)


def nobody_chosen() -> str:
    return _("Choisissez pour qui.")


def nothing_chosen() -> str:
    return _("Cochez au moins une place.")


def sum_of(estimate: Estimate) -> str:
    """Say what is ticked and what it costs; nothing when nothing is."""
    if not estimate.places:
        return ""
    said = ngettext(
        "%(num)s place cochée\u00a0: %(total)s",
        "%(num)s places cochées\u00a0: %(total)s",
        estimate.places,
        total=formats.money(estimate.total_cents),
    )
    return _("%(said)s, en plus de votre panier", said=said) if estimate.beside else said


def nothing_as_before(name: str) -> str:
    """Say that nothing of the year before could be ticked for somebody."""
    return _("Rien de l’an dernier ne peut être coché ici pour %(name)s. Cochez ses semaines.", name=name)
