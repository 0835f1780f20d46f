"""Why an import refuses a row, or leaves it alone."""

from flask_babel import lazy_gettext as lazy

from domain.imports.outcome import Problem, Reason
from views.messages.values import filled

REASONS: dict[str, str] = {
    Reason.CELL: lazy("%(why)s"),
    Reason.NO_NAME: lazy("il faut un nom, ou un prénom"),
    Reason.NAME_NOT_PRINTED: lazy(
        "aucun document n’imprime «\u00a0%(letters)s\u00a0» de ce nom\u00a0: un point d’interrogation le remplace"
    ),
    Reason.MANY_ADDRESSES: lazy(
        "le foyer %(household)s réunit %(adults)s adultes à %(addresses)s adresses\u00a0: sont-ils ensemble?"
    ),
    Reason.LOOKS_LIKE: lazy("%(key)s ne diffère de %(other)s que par des majuscules"),
    Reason.ZEROS_ALONE: lazy(
        "%(payment)s ne diffère de %(other)s que par des zéros au début\u00a0: c’est sans doute le même"
    ),
    Reason.CELL_COUNT: lazy("%(found)s cases au lieu de %(wanted)s"),
    Reason.UNKNOWN_HOUSEHOLD: lazy("le foyer %(key)s est inconnu"),
    Reason.UNKNOWN_CARD: lazy("la carte %(key)s est inconnue"),
    Reason.UNKNOWN_INVOICE: lazy("la facture %(key)s est inconnue"),
    Reason.UNKNOWN_PLACE: lazy("le lieu %(key)s est inconnu"),
    Reason.UNKNOWN_ACTIVITY: lazy("l’activité %(key)s est inconnue"),
    Reason.CARD_DIFFERS: lazy("cette carte est déjà à la ligne %(line)s, avec d’autres renseignements"),
    Reason.CARD_CHANGED: lazy("la carte %(card)s a changé pendant l’import\u00a0: non modifiée"),
    Reason.HOUSEHOLD_DIFFERS: lazy("le foyer diffère de celui de la ligne %(line)s, pour la même facture"),
    Reason.DATE_DIFFERS: lazy("la date diffère de celle de la ligne %(line)s, pour la même facture"),
    Reason.DUE_DATE_DIFFERS: lazy("l’échéance diffère de celle de la ligne %(line)s, pour la même facture"),
    Reason.STATUS_DIFFERS: lazy("l’état diffère de celui de la ligne %(line)s, pour la même facture"),
    Reason.TAXES_DIFFER: lazy("cette taxe n’est pas celle du prix"),
    Reason.DUE_BEFORE_ISSUED: lazy("l’échéance vient avant la date de la facture"),
    Reason.IS_A_CREDIT: lazy("%(invoice)s est une note de crédit ici\u00a0: non modifiée, à traiter"),
    Reason.IS_AN_INVOICE: lazy("%(invoice)s est une facture ici, non un crédit\u00a0: non modifiée, à traiter"),
    Reason.CREDIT_CHANGED: lazy("la note de crédit %(invoice)s a changé depuis\u00a0: non modifiée, à traiter"),
    Reason.INVOICE_LOWERED: lazy("la facture %(invoice)s passe de %(before)s à %(after)s"),
    Reason.INVOICE_PAID: lazy("%(invoice)s est déjà payée, en tout ou en partie\u00a0: non modifiée"),
    Reason.INVOICE_BEING_PAID: lazy("%(invoice)s est en cours de paiement\u00a0: non modifiée"),
    Reason.INVOICE_CHANGED: lazy("%(invoice)s est changée pendant l’import\u00a0: non modifiée"),
    Reason.PAYMENT_TWICE: lazy("cette facture est déjà à la ligne %(line)s, pour le même paiement"),
    Reason.PAYMENT_CHANGED: lazy(
        "le paiement %(payment)s a changé depuis qu’il est entré\u00a0: non modifié, à traiter"
    ),
    Reason.PAYMENT_OF_NOTHING: lazy("le montant est zéro"),
    Reason.PAID_ON_DIFFERS: lazy("la date diffère de celle de la ligne %(line)s, pour le même paiement"),
    Reason.METHOD_DIFFERS: lazy("le moyen diffère de celui de la ligne %(line)s, pour le même paiement"),
    Reason.PAYER_DIFFERS: lazy("le payeur diffère de celui de la ligne %(line)s, pour le même paiement"),
    Reason.BOTH_WAYS: lazy("de l’argent reçu et de l’argent rendu sous une même clé, déjà à la ligne %(line)s"),
    Reason.GIVEN_BEYOND: lazy(
        "paiement %(payment)s\u00a0: %(given)s rendus, mais il reste %(paid)s de payé sur la facture %(invoice)s"
        "\u00a0: à traiter"
    ),
    Reason.PAYMENT_MUST_WAIT: lazy(
        "paiement %(payment)s\u00a0: la facture %(invoice)s est en cours de paiement par carte\u00a0: "
        "revenez-y au prochain import"
    ),
    Reason.PAYS_CANCELLED: lazy(
        "paiement %(payment)s\u00a0: la facture %(invoice)s est annulée\u00a0: %(amount)s à traiter"
    ),
    Reason.PAYS_SETTLED: lazy(
        "paiement %(payment)s\u00a0: la facture %(invoice)s ne devait plus rien\u00a0: %(too_much)s à rendre"
    ),
    Reason.PAYS_TOO_MUCH: lazy(
        "paiement %(payment)s\u00a0: la facture %(invoice)s ne devait que %(left)s\u00a0: %(too_much)s à rendre"
    ),
    Reason.THING_TWICE: lazy("%(key)s est déjà à la ligne %(line)s"),
    Reason.CARD_ELSEWHERE: lazy("%(key)s\u00a0: ses cartes ne sont pas du foyer nommé\u00a0: non importé, à traiter"),
    Reason.HOUSEHOLD_SPLIT: lazy(
        "%(key)s\u00a0: sans carte, sous un foyer qui a été séparé ici\u00a0: non importé, à traiter"
    ),
    Reason.PAYER_ELSEWHERE: lazy(
        "paiement %(payment)s\u00a0: inscrit sans payeur, car la carte nommée n’est pas du foyer de la facture"
    ),
    Reason.REGISTERED_ALREADY: lazy("%(key)s\u00a0: déjà inscrit à cette activité par %(holder)s\u00a0: non modifié"),
    Reason.THING_CHANGED: lazy("%(key)s a changé pendant l’import\u00a0: non modifié"),
    Reason.CHANGED_HERE_TOO: lazy(
        "%(key)s\u00a0: changé ici et dans le fichier (%(columns)s)\u00a0: non modifié, à décider"
    ),
    Reason.PORTAL_IS_MASTER: lazy(
        "%(key)s\u00a0: le portail fait foi depuis le %(since)s\u00a0: non modifié (%(columns)s)"
    ),
    Reason.PORTAL_CREATES: lazy("%(key)s\u00a0: le portail fait foi depuis le %(since)s\u00a0: non créé"),
    Reason.CODE_NOT_GIVEN: lazy(
        "%(key)s\u00a0: les codes en %(prefix)s sont donnés par le portail, et il n’a pas donné celui-ci"
    ),
    Reason.LAST_DAY_FIRST: lazy("le dernier jour vient avant le premier"),
    Reason.ENDS_BEFORE_HOUR: lazy("l’heure de fin ne vient pas après celle du début"),
    Reason.ENDS_BEFORE: lazy("la fin ne vient pas après le début"),
    Reason.AGES_REVERSED: lazy("l’âge le plus grand est sous le plus petit"),
    Reason.BIRTHS_REVERSED: lazy("la dernière date de naissance vient avant la première"),
    Reason.CLOSES_BEFORE: lazy("les inscriptions ferment avant d’ouvrir"),
    Reason.CODE_NOT_SOLD: lazy(
        "%(key)s ne peut être vendu ici\u00a0: il faut un code sans espace, «\u00a0:\u00a0» ni «\u00a0/\u00a0»"
    ),
    Reason.MODE_DIFFERS: lazy("%(key)s et %(other)s ouvrent à la même heure de la même saison, non du même mode"),
    Reason.UNKNOWN_BEFORE: lazy("%(unknown)s n’est ni une activité ni un programme connus"),
    Reason.CAPACITY_BELOW: lazy(
        "%(key)s\u00a0: %(capacity)s place(s), mais %(taken)s sont prises\u00a0: capacité non modifiée, à traiter"
    ),
    Reason.NO_PRICE: lazy("%(key)s n’a encore aucun prix\u00a0: personne ne peut s’y inscrire avant qu’il en ait un"),
    Reason.UNKNOWN_PROGRAM: lazy("%(key)s n’est ni un programme ni une activité connus"),
    Reason.NO_AMOUNT: lazy("il faut un montant, ou un plafond par foyer"),
    Reason.TWO_AMOUNTS: lazy("un montant ou un plafond par foyer, non les deux\u00a0: faites-en deux lignes"),
    Reason.CAP_OF_A_PART: lazy("un plafond par foyer vaut pour toutes ses places\u00a0: ni option, ni rang"),
    Reason.FEE_UNNAMED: lazy("un frais porte un code (option) et un libellé (label), sans rang"),
    Reason.REFUND_OF_A_PLACE: lazy(
        "refund ne vaut ici que pour un frais\u00a0: celui d’une place est dans les activités"
    ),
    Reason.PRICES_DIFFER: lazy("%(key)s et %(other)s donnent deux prix à la même chose, aux mêmes jours"),
    Reason.ACTIVITY_FULL: lazy("%(key)s\u00a0: l’activité %(activity)s est complète\u00a0: non modifié, à traiter"),
    Reason.HELD_IN_CART: lazy(
        "%(key)s\u00a0: la place est retenue dans un panier du portail\u00a0: non modifié, à traiter"
    ),
}


def problem(one: Problem) -> str:
    """Say what is wrong with a row, as `flask import` prints it."""
    return f"ligne {one.line}, {one.column} : {filled(REASONS[one.reason], one.values)}"
