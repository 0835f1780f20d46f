"""What the rooms of the dossier say, depending on what happened."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from domain.common.facts import Fact
from domain.taxes import tax_content
from domain.taxes.tax_ages import Unfit

TAX_KINDS = {"child_care": lazy("Frais de garde"), "activity": lazy("Activités"), "donation": lazy("Don")}
TAX_GAPS = {  # what a receipt waits for
    tax_content.ADDRESS: lazy("l’adresse"),
    tax_content.CHILD: lazy("le nom de la personne inscrite. Appelez pour le faire ajouter"),
    tax_content.DAYS: lazy("les jours de garde. La Ville les ajoute avec les inscriptions"),
}

NO_TAX_RECEIPT = {  # the ages are those of domain/taxes/tax_ages.py
    Unfit.AGE_FOR_ACTIVITIES: lazy(
        "Pas de reçu\u00a0: le crédit est pour un enfant de %(least)s à %(last)s ans au 1er janvier %(year)s. Plus "
        "âgé, mais avec une déficience grave et prolongée\u00a0: appelez."
    ),
    Unfit.AGE_FOR_CARE: lazy(
        "Pas de reçu\u00a0: il est pour un enfant qui a eu moins de %(under)s ans en %(year)s. Plus âgé, mais avec une "
        "infirmité\u00a0: appelez."
    ),
    Unfit.NOBODY: lazy("Pas de reçu sans ce nom\u00a0: le crédit est pour un enfant."),
    Unfit.YEAR_UNKNOWN: lazy("Reçu à venir\u00a0: la Ville doit d’abord confirmer l’âge des enfants pour %(year)s."),
}


def why_no_receipt(unfit: Fact) -> str:
    """Say why an amount gets no receipt for taxes."""
    return str(NO_TAX_RECEIPT[Unfit(unfit.key)]) % unfit.values


def too_many_requests() -> str:
    """Say that enough requests wait."""
    return _("Cinq demandes attendent déjà une réponse. Attendez-la, ou appelez.")


def correction_asked() -> str:
    """Say where the answer will be."""
    return _("Votre demande est envoyée. La réponse sera ici.")


def reminders_on() -> str:
    """Say that reminders will come."""
    return _("Les rappels vous seront envoyés par courriel.")


def reminders_off() -> str:
    """Say that no reminder will come."""
    return _("Vous ne recevrez plus de rappel. Les reçus viennent encore par courriel.")


def receipts_attached() -> str:
    """Say that receipts come as PDF."""
    return _("Vos prochains reçus seront joints aux courriels.")


def receipts_not_attached() -> str:
    """Say that letters bring a link alone."""
    return _("Vos prochains courriels n’auront qu’un lien vers le reçu.")


def member_asked() -> str:
    """Say that the city will decide."""
    return _("Votre demande est envoyée. La Ville vérifie, puis la personne apparaît ici.")


def already_member() -> str:
    """Say that the person is of the household."""
    return _("Cette personne est déjà dans votre famille.")


def contact_kept() -> str:
    """Say that the emergency contact is kept."""
    return _("Le contact d’urgence est enregistré.")


def receipts_online() -> str:
    """Say that tax receipts come online."""
    return _("Vous recevez maintenant vos reçus en ligne.")


def receipts_by_mail() -> str:
    """Say that tax receipts come by mail."""
    return _("Vos reçus viendront par la poste.")


def consent_first() -> str:
    """Say why a tax receipt does not open."""
    return _("Acceptez d’abord de recevoir vos reçus en ligne, plus bas.")


def close_later() -> str:
    """Say why an account cannot be closed now."""
    return _(
        "Un de vos paiements est en cours. Fermez votre compte quand il sera terminé\u00a0: quelques minutes suffisent."
    )


def strangers_closed() -> str:
    """Say to the counter that an account that somebody else opened is gone."""
    return _("Compte fermé. La personne crée le sien tout de suite, avec sa carte.")


def close_strangers_later() -> str:
    """Say to the counter why an account cannot be closed now."""
    return _("Un paiement de ce compte est en cours. Fermez le compte quand il sera terminé.")


def account_closed() -> str:
    """Say that the account is gone."""
    return _("Votre compte est fermé.")


def call_instead() -> str:
    """Say that enough messages were left from this place."""
    return _("Assez de messages ont été laissés depuis cette connexion Internet. Appelez, ou attendez une heure.")
