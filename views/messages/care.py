"""What is said of children in the city's care: forms, accompaniment, and what is missing."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from domain.care.accompaniment import Season
from domain.care.readiness import Lack, Ready
from domain.common import formats
from models import Accompaniment, HealthForm
from views.messages.values import filled

SWIMMING: dict[str, str] = {
    HealthForm.ALONE: lazy("Nage sans aide"),
    HealthForm.VEST: lazy("Porte une veste de flottaison"),
    HealthForm.NO: lazy("Ne nage pas"),
}

DECISIONS: dict[str, str] = {
    Accompaniment.GRANTED: lazy("Accordé"),
    Accompaniment.REFUSED: lazy("Refusé"),
}

LACKS: dict[Lack, str] = {
    Lack.CARD: lazy("La carte %(whose)s n’est pas valide."),
    Lack.CARD_ENDS: lazy("La carte %(whose)s expire le %(expires)s, avant la fin de la saison."),
    Lack.FORM: lazy("Il manque la fiche santé %(whose)s."),
    Lack.CONFIRMATION: lazy("La fiche santé %(whose)s est à confirmer."),
    Lack.CONTACT: lazy("Aucun contact d’urgence pour %(name)s."),
    Lack.ADDRESS: lazy("Il manque votre adresse, pour le relevé 24."),
}


def lack(key: Lack, ready: Ready) -> str:
    """Say one thing that someone lacks."""
    name, expires = ready.person.first_name, formats.day(ready.person.expires_on)
    return filled(LACKS[key], {"name": name, "whose": formats.of_name(name), "expires": expires})


def ready_names(family: Sequence[Ready]) -> str:
    """Name the children for whom all is ready, as in « Léa et Tom »."""
    names = [one.person.first_name for one in family if one.is_child and one.is_ready]
    return _("%(first)s et %(last)s", first=", ".join(names[:-1]), last=names[-1]) if names[1:] else "".join(names)


def form_kept() -> str:
    """Say that the form is kept."""
    return _("La fiche santé est enregistrée.")


def confirmed() -> str:
    """Say that the form is good for one more year."""
    return _("La fiche santé est confirmée pour la saison.")


def nothing_to_confirm() -> str:
    """Say that there is no form to confirm."""
    return _("Cette fiche n’existe plus. Remplissez-la de nouveau.")


def asked(season: Season, *, in_time: bool) -> str:
    """Say when the answer comes."""
    if in_time and season.opens_at:
        when = formats.moment(season.opens_at)
        return _("Votre demande est envoyée. La Ville répond avant le %(when)s.", when=when)
    return _("Votre demande est envoyée. La date limite est passée\u00a0: la Ville répond dès qu’elle peut.")


def decided_already() -> str:
    """Say that the city has answered: what is asked does not change any more."""
    return _("La Ville a déjà répondu. Pour en reparler, appelez.")


def choose_season() -> str:
    """Say that a season must be chosen."""
    return _("Choisissez une saison.")
