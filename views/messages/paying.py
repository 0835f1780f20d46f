"""What a page says about paying and cards, depending on what happened."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from domain.common.formats import hour, money, phone
from domain.payments.gateway import Refusal
from domain.payments.lifecycle import Unsent
from domain.payments.saved_cards import Unkept

MINUTE = timedelta(minutes=1)  # an hour is told without its seconds: the next one


def too_old() -> str:
    """Say that the form's token is gone."""
    return _("Cette page est restée ouverte trop longtemps. Vérifiez le montant et payez de nouveau.")


def no_card() -> str:
    """Say that the card fields were not read."""
    return _("Les champs de la carte n’ont pas été lus. Remplissez-les de nouveau.")


def under_way(numbers: Iterable[str]) -> str:
    """Say which invoices are already being paid."""
    return _(
        "Un autre paiement est en cours pour\u00a0: %(names)s. Retirez cette facture et payez le reste.",
        names=", ".join(numbers),
    )


def several_households() -> str:
    """Say that one payment is for one household."""
    return _("Ces factures sont à deux familles\u00a0: payez celles de chaque famille à part.")


def amount_changed(due_cents: int) -> str:
    """Say what the amount is now."""
    return _(
        "Le montant a changé\u00a0: il est maintenant de %(due)s. Vérifiez-le avant de payer.", due=money(due_cents)
    )


def heading(part: str) -> str:
    """Say in a title what became of a payment."""
    return {
        "verifying": _("Paiement en vérification"),
        "paid": _("Paiement reçu"),
        "refunded": _("Paiement remboursé"),
        "refused": _("Paiement refusé"),
        "reversed": _("Paiement annulé"),
        "unexpected": _("Cet argent vous est rendu"),
        "owed": _("Cet argent vous est dû"),
        "held": _("Débit à vérifier par la Ville"),
    }[part]


# The bank is named only where it was the bank that refused.
OF_CARD: dict[str, str] = {
    Refusal.CVV: lazy("Le code de sécurité ne correspond pas à la carte. Vérifiez les trois chiffres au dos."),
    Refusal.POSTAL_CODE: lazy(
        "Le code postal n’est pas celui de cette carte. Écrivez celui de l’adresse où la banque envoie le relevé."
    ),
    Refusal.POSTAL_CODE_AND_CVV: lazy(
        "Le code postal et le code de sécurité ne correspondent pas à cette carte. Vérifiez les deux."
    ),
    Refusal.FUNDS: lazy("Votre banque a refusé\u00a0: le solde ne suffit pas. Essayez une autre carte."),
    Refusal.LIMIT: lazy(
        "Votre banque a refusé\u00a0: la limite de la carte est atteinte. "
        "Appelez le numéro au dos de la carte, ou payez une facture à la fois."
    ),
    Refusal.EXPIRED: lazy("La carte est expirée. Essayez une autre carte."),
    Refusal.DATE: lazy("La date d’expiration n’est pas celle de la carte. Vérifiez le mois et l’année."),
    Refusal.NUMBER: lazy("Le numéro de carte n’est pas accepté. Vérifiez-le ou essayez une autre carte."),
    Refusal.KIND: lazy("Cette sorte de carte n’est pas acceptée ici. Essayez une autre carte."),
    Refusal.CALL_BANK: lazy(
        "Votre banque veut vous parler avant d’accepter. Appelez le numéro au dos de la carte, puis essayez de nouveau."
    ),
    Refusal.AUTHENTICATION: lazy(
        "Votre banque demande de confirmer que c’est vous, ce que ce site ne peut pas faire. Essayez une autre carte."
    ),
    Refusal.RULES: lazy(
        "Les règles de sécurité du paiement en ligne ont arrêté cette carte. Votre banque n’a rien refusé. "
        "Essayez une autre carte, ou payez autrement."
    ),
    Refusal.TOO_OFTEN: lazy("Cette carte a été essayée trop souvent. Attendez à demain, ou essayez une autre carte."),
    Refusal.CITY: lazy(
        "Le paiement en ligne de la Ville est mal réglé. Votre carte n’y est pour rien. La Ville est avisée. "
        "Payez autrement, ou plus tard."
    ),
    Refusal.NETWORK: lazy("Le réseau des banques ne répond pas. Essayez de nouveau dans quelques minutes."),
    Refusal.INVALID: lazy("Les renseignements de la carte n’ont pas été acceptés. Écrivez-les de nouveau."),
}
REFUSALS: dict[str, str] = {
    Refusal.UNREACHABLE: lazy(
        "Le service de paiement ne répond pas pour l’instant. Vos factures vous attendent\u00a0: essayez plus tard."
    ),
    Refusal.CARD_GONE: lazy(
        "Cette carte n’est plus chez Braintree : elle est retirée de votre coffre. Essayez avec une autre carte."
    ),
    Unsent.CHANGED: lazy(
        "Une de ces factures a été payée ou annulée pendant votre paiement. Vérifiez ce qui reste à payer."
    ),
    Unsent.STOPPED: lazy("Le site a été arrêté avant d’envoyer ce paiement. Vous pouvez essayer de nouveau."),
    Unsent.NOT_FOUND: lazy(
        "La réponse de la banque n’est jamais venue, et nous avons vérifié\u00a0: aucun paiement n’a eu lieu. "
        "Vous pouvez essayer de nouveau."
    ),
    Unsent.REMOVED: lazy("Cette carte a été retirée de votre coffre avant le paiement. Essayez avec une autre carte."),
    **OF_CARD,
    Refusal.DECLINED: lazy(
        "Votre banque a refusé ce paiement. Essayez une autre carte, ou appelez le numéro au dos de la carte."
    ),
}
_BY_ITS_BANK = lazy("La banque de cette carte l’a refusée. Essayez une autre carte, ou appelez le numéro au dos.")
NOT_KEPT: dict[str, str] = {
    Unkept.LATE: lazy("Braintree n’a pas répondu à temps. La carte n’est pas ajoutée. Essayez de nouveau plus tard."),
    Unkept.NOT_TAKEN: lazy("La carte n’a pas pu être gardée. Vous pouvez l’ajouter dans votre coffre client."),
    Unkept.GONE: lazy("Cette carte n’est plus chez Braintree."),
    **OF_CARD,
    Refusal.CITY: lazy(
        "Le paiement en ligne de la Ville est mal réglé. Votre carte n’y est pour rien. Essayez plus tard."
    ),
    Refusal.DECLINED: _BY_ITS_BANK,
}


def refusal(reason: str) -> str:
    """Say why a card was refused and what to do next; of a reason noted long ago, that the bank did."""
    return str(REFUSALS.get(reason, REFUSALS[Refusal.DECLINED]))


def no_such_invoice() -> str:
    """Give the one answer for an unknown invoice, a wrong amount and a wrong postal code."""
    return _("Ce numéro, ce montant et ce code postal ne vont pas ensemble. Vérifiez les trois sur la facture.")


def mistyped_reference() -> str:
    """Say that a slip's check digits do not agree."""
    return _(
        "Les deux derniers chiffres ne vont pas avec le reste. Relisez la référence. "
        "Si elle est juste, vérifiez le montant et le code postal."
    )


def nothing_left() -> str:
    """Say that what was to be paid is not owed any more: paid otherwise, or its places' time was over."""
    return _(
        "Rien n’a été pris sur votre carte. Il n’y a plus rien à payer de ce que vous aviez choisi. "
        "Si c’étaient des places dont le temps est écoulé, prenez-les de nouveau."
    )


def settled_already() -> str:
    """Say that nothing is due."""
    return _("Cette facture est déjà réglée. Il n’y a rien à payer.")


def someone_paying() -> str:
    """Say that another payment of this invoice is under way."""
    return _("Un paiement de cette facture est en cours. Attendez son résultat avant de payer de nouveau.")


def who_pays() -> str:
    """Ask for the payer's name."""
    return _("Écrivez votre nom\u00a0: il sera sur le reçu.")


def card_gone() -> str:
    """Say that a saved card cannot pay any more."""
    return _("Cette carte n’est plus dans votre coffre, ou elle est expirée. Choisissez une autre carte.")


def card_in_use() -> str:
    """Say why a card cannot be removed now."""
    return _("Un paiement avec cette carte est en cours. Retirez-la quand il sera terminé.")


def default_card() -> str:
    """Say that another card is offered first."""
    return _("Cette carte sera offerte en premier.")


def too_many_cards() -> str:
    """Say that an account has as many cards as it may, or that too many were tried."""
    return _("Huit cartes au plus, et dix ajouts par jour. Retirez une carte, ou attendez à demain.")


def too_many_refused(until: datetime | None, counter_phone: str) -> str:
    """Say that too many cards were refused: wait a moment, or, when there is none, call or come."""
    if until:
        return _(
            "Plusieurs cartes viennent d’être refusées. Vérifiez la carte avec votre banque, puis essayez de nouveau "
            "à partir de %(hour)s.",
            hour=hour(until + MINUTE),
        )
    return _(
        "Trop de cartes ont été refusées aujourd’hui. Pour payer, appelez le %(phone)s ou passez au comptoir. "
        "Cette page acceptera de nouveau une carte demain.",
        phone=phone(counter_phone),
    )


def not_proven() -> str:
    """Say that the next card asks for a proof of work, which this page brings."""
    return _(
        "Plusieurs cartes attendent une réponse ici, ou ont été refusées. Avant la prochaine, votre navigateur fait "
        "une vérification de quelques secondes\u00a0: laissez-la se terminer, puis essayez de nouveau."
    )


def too_many_under_way() -> str:
    """Say that the cards tried before wait for their answer."""
    return _(
        "Plusieurs cartes attendent encore la réponse de leur banque, et celle-ci n’a pas été envoyée. Attendez leur "
        "résultat, puis essayez de nouveau."
    )


def not_kept(reason: str) -> str:
    """Say why a card is not in the vault."""
    return str(NOT_KEPT.get(reason, NOT_KEPT[Refusal.DECLINED]))
