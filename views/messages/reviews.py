"""What a machine refused, what it used, and that a person may look again."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from domain.payments.gateway import Refusal
from domain.people.reviews import Decision

BY_RULE = (Refusal.RULES, Refusal.CVV, Refusal.POSTAL_CODE, Refusal.POSTAL_CODE_AND_CVV)  # the city's, no bank's

REFUSED: dict[str, str] = {
    Decision.IDENTIFICATION: lazy("Carte et date de naissance non reconnues"),
    Decision.TOO_MANY_TRIES: lazy("Trop d’essais d’un même endroit"),
    Decision.CARD_EXPIRED: lazy("Carte de citoyen expirée"),
    Decision.CARD_LOST: lazy("Carte déclarée perdue"),
    Decision.CARD_OF_CHILD: lazy("Carte d’enfant"),
    Decision.CARD_HAS_ACCOUNT: lazy("Carte qui a déjà un compte"),
    Decision.INVOICE_NOT_FOUND: lazy("Facture non trouvée avec ces renseignements"),
    Decision.CARD_NOT_ADDED: lazy("Carte de crédit non ajoutée au coffre"),
    Decision.PAYMENT_BY_RULE: lazy("Paiement arrêté par les règles de la Ville"),
    Decision.REGISTRATION: lazy("Inscription refusée par une règle de l’activité"),
    Decision.PRICE: lazy("Prix calculé par le site"),
    Decision.OTHER: lazy("Un autre refus du site"),
}
USED: dict[str, str] = {
    Decision.IDENTIFICATION: lazy(
        "le numéro et la date que vous avez écrits, le fichier des cartes, et le nombre d’essais"
    ),
    Decision.TOO_MANY_TRIES: lazy("le nombre d’essais manqués depuis votre connexion Internet, en une heure"),
    Decision.CARD_EXPIRED: lazy("la date de fin de votre carte, au fichier des cartes"),
    Decision.CARD_LOST: lazy("l’état de la carte, au fichier des cartes"),
    Decision.CARD_OF_CHILD: lazy("la date de naissance, au fichier des cartes"),
    Decision.CARD_HAS_ACCOUNT: lazy("les comptes qui existent déjà"),
    Decision.INVOICE_NOT_FOUND: lazy(
        "le numéro, le montant et le code postal que vous avez écrits, les factures, et le nombre d’essais"
    ),
    Decision.CARD_NOT_ADDED: lazy("le nombre de cartes gardées, et d’ajouts depuis un jour"),
    Decision.PAYMENT_BY_RULE: lazy("le code de sécurité, le code postal et les règles de sécurité de la Ville"),
    Decision.REGISTRATION: lazy(
        "la date de naissance, l’adresse, l’année scolaire et les niveaux au fichier des cartes, "
        "les inscriptions et les factures de la famille"
    ),
    Decision.PRICE: lazy(
        "les tarifs de la Ville, la résidence et le rang de l’enfant dans la famille. Vos places restent réservées"
    ),
    Decision.OTHER: lazy("ce que la page de refus a dit"),
}


def refused(decision: str) -> str:
    """Say what was refused."""
    return str(REFUSED.get(decision, decision))


def used(decision: str) -> str:
    """Say what the machine used to decide."""
    return str(USED.get(decision, ""))


def asked() -> str:
    """Say that a person will look again, and how the answer comes."""
    return _("C’est noté. Une personne va revoir cette décision et vous appellera.")


def already_answered() -> str:
    """Say that a colleague was faster."""
    return _("Quelqu’un avait déjà répondu.")
