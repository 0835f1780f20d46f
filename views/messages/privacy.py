"""What is kept, why, and how long: Confidentialité, the page of destructions and `flask retention` say the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from city import City
from city_retention import Period
from domain.common import formats
from domain.privacy.series import ALL, Kind

SERIES: dict[str, str] = {
    Kind.CARDS: lazy("Fiches des cartes de citoyen"),
    Kind.ACCOUNTS: lazy("Comptes"),
    Kind.VISITS: lazy("Visites et liens"),
    Kind.LIMITS: lazy("Essais comptés"),
    Kind.INVOICES: lazy("Factures"),
    Kind.CREDITS: lazy("Crédits de la famille"),
    Kind.PAYMENTS: lazy("Paiements et grand livre"),
    Kind.RECEIPTS: lazy("Reçus"),
    Kind.GUESTS: lazy("Payeurs sans compte"),
    Kind.REGISTRATIONS: lazy("Inscriptions"),
    Kind.CART: lazy("Paniers"),
    Kind.CHILDREN: lazy("Fiches santé des enfants"),
    Kind.RESERVATIONS: lazy("Réservations"),
    Kind.MESSAGES: lazy("Courriels"),
    Kind.REQUESTS: lazy("Demandes"),
    Kind.REVIEWS: lazy("Révisions demandées"),
    Kind.ALERTS: lazy("Avertissements au personnel"),
    Kind.INCIDENTS: lazy("Registre des incidents"),
    Kind.TRAIL: lazy("Journal"),
    Kind.STAFF: lazy("Comptes du personnel"),
}
HELD: dict[str, str] = {
    Kind.CARDS: lazy(
        "nom, naissance, adresse, téléphone, courriel, famille, contact d’urgence, niveaux réussis, reçus "
        "d’impôts\u00a0: pour vous reconnaître et vous écrire."
    ),
    Kind.ACCOUNTS: lazy(
        "code d’utilisateur, mot de passe (jamais en clair), courriel, rappels, et des cartes gardées la marque et les "
        "quatre derniers chiffres\u00a0: pour que vous seul entriez."
    ),
    Kind.VISITS: lazy("appareils connectés, liens et codes à usage unique, textes interrompus."),
    Kind.LIMITS: lazy("essais manqués, sous une empreinte\u00a0: ni adresse Internet ni date en clair."),
    Kind.INVOICES: lazy("ce que votre famille doit, et pour qui."),
    Kind.CREDITS: lazy("ce que la Ville vous doit."),
    Kind.PAYMENTS: lazy("montants, dates, remboursements, litiges\u00a0: les livres de la Ville."),
    Kind.RECEIPTS: lazy("qui a payé quoi, avec adresse et quatre chiffres de la carte de crédit."),
    Kind.GUESTS: lazy("nom, courriel s’il est donné, lien vers le reçu."),
    Kind.REGISTRATIONS: lazy("qui participe à quelle activité."),
    Kind.CART: lazy("les activités choisies, et pour qui."),
    Kind.CHILDREN: lazy(
        "allergies, médicaments, qui vient chercher l’enfant, accompagnement demandé\u00a0: pour que les camps "
        "veillent sur lui. Jamais dans un courriel."
    ),
    Kind.RESERVATIONS: lazy("lieux retenus par votre famille, et pourquoi."),
    Kind.MESSAGES: lazy("ce que nous vous avons écrit."),
    Kind.REQUESTS: lazy("vos mots et la réponse de la Ville."),
    Kind.REVIEWS: lazy("ce que le site a refusé, votre téléphone, vos mots, la réponse."),
    Kind.ALERTS: lazy("ce qu’une personne doit vérifier, tel un paiement incertain."),
    Kind.INCIDENTS: lazy("incidents de confidentialité, comme la loi le demande."),
    Kind.TRAIL: lazy("qui a ouvert ou changé quel dossier, et ce qui a été détruit."),
    Kind.STAFF: lazy("code, rôles, second facteur."),
}
ENDS: dict[str, str] = {
    Kind.CARDS: lazy("Effacées %(period)s après la fin de la carte, si plus rien n’est dû."),
    Kind.ACCOUNTS: lazy(
        "Jusqu’à ce que vous le fermiez. Sans visite depuis %(period)s, nous vous écrivons, et le fermons %(notice)s "
        "après."
    ),
    Kind.VISITS: lazy("De 30 minutes à 40 jours."),
    Kind.LIMITS: lazy("31 jours."),
    Kind.INVOICES: lazy("Le texte des lignes\u00a0: %(period)s. Les montants restent."),
    Kind.CREDITS: lazy("Le texte des lignes\u00a0: %(period)s. Les montants restent."),
    Kind.PAYMENTS: lazy("Gardés, sans nom après celui des reçus."),
    Kind.RECEIPTS: lazy("Noms, adresses et chiffres\u00a0: %(period)s. Les montants restent."),
    Kind.GUESTS: lazy("Courriel et lien\u00a0: %(period)s. Le nom\u00a0: autant que le reçu."),
    Kind.REGISTRATIONS: lazy("%(period)s après l’activité."),
    Kind.CART: lazy("%(period)s après l’activité."),
    Kind.CHILDREN: lazy("Effacées le lendemain du %(season)s, sauf celles que vous confirmez pour l’année suivante."),
    Kind.RESERVATIONS: lazy("%(period)s après."),
    Kind.MESSAGES: lazy("%(period)s."),
    Kind.REQUESTS: lazy("%(period)s après la réponse."),
    Kind.REVIEWS: lazy("%(period)s après la réponse."),
    Kind.ALERTS: lazy("%(period)s après leur règlement."),
    Kind.INCIDENTS: lazy("%(period)s."),
    Kind.TRAIL: lazy("Gardé, sans nom ni adresse."),
    Kind.STAFF: lazy("Gardés, fermés au départ\u00a0: le journal les nomme."),
}


@dataclass(frozen=True)
class Held:
    """A series as people read of it. `number` is the city's schedule's, nothing when there is none."""

    name: str
    what: str
    ends: str
    number: str


def held(city: City) -> Iterator[Held]:
    """Yield all that is kept, from the same series as what destroys it."""
    season = day_and_month(city.health_forms.year_ends)
    for series in ALL:
        period, notice = series.period_of(city) if series.rule else Period(), city.retention.unused_account_notice
        words = {"period": length(period), "notice": length(notice), "season": season}
        yield Held(str(SERIES[series.kind]), str(HELD[series.kind]), str(ENDS[series.kind]) % words, period.number)


def day_and_month(text: str) -> str:
    """Say a day of any year, written as 05-31."""
    return formats.day(date.fromisoformat(f"2027-{text}")).rpartition("\u00a0")[0]


def name_of(series: str) -> str:
    """Say the name of a series."""
    return str(SERIES.get(series, series))


def length(period: Period) -> str:
    """Say how long a period is."""
    years = ngettext("%(num)d an", "%(num)d ans", period.years) if period.years else ""
    days = ngettext("%(num)d jour", "%(num)d jours", period.days) if period.days else ""
    return _("%(years)s et %(days)s", years=years, days=days) if years and days else years or days


def other_list() -> str:
    """Say that the list is no more what was shown; nothing was approved."""
    return _("La liste a changé depuis que vous l’avez ouverte. Rien n’est approuvé\u00a0: relisez-la.")


def none_chosen() -> str:
    """Say that no list was ticked."""
    return _("Cochez au moins une série.")


def approved() -> str:
    """Say that what was approved is on its way."""
    return _("C’est approuvé. La destruction se fait dans les minutes qui suivent.")
