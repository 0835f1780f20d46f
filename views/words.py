"""The sentences that depend on what happened."""

from collections.abc import Iterable

from flask_babel import gettext as _

from domain.wording import money


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
    return _("Ces factures sont à deux foyers\u00a0: payez celles de chaque foyer à part.")


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
    }[part]


def refusal(reason: str) -> str:
    """Say why a card was refused and what to do next."""
    return {
        "unreachable": _(
            "Le service de paiement ne répond pas pour l’instant. Vos factures vous attendent\u00a0: essayez plus tard."
        ),
        "changed": _(
            "Une de ces factures a été payée ou annulée pendant votre paiement. Vérifiez ce qui reste à payer."
        ),
        "stopped": _("Le site a été arrêté avant d’envoyer ce paiement. Vous pouvez essayer de nouveau."),
        "not_found": _(
            "La réponse de la banque n’est jamais venue, et nous avons vérifié\u00a0: aucun paiement n’a eu lieu. "
            "Vous pouvez essayer de nouveau."
        ),
        "removed": _("Cette carte a été retirée de votre coffre avant le paiement. Essayez avec une autre carte."),
        "cvv": _("Le code de sécurité ne correspond pas à la carte. Vérifiez les trois chiffres au dos."),
        "funds": _("Votre banque a refusé\u00a0: limite atteinte ou solde insuffisant. Essayez une autre carte."),
        "expired": _("La carte est expirée. Essayez une autre carte."),
        "number": _("Le numéro de carte n’est pas accepté. Vérifiez-le ou essayez une autre carte."),
        "network": _("Le réseau des banques ne répond pas. Essayez de nouveau dans quelques minutes."),
        "invalid": _("Les renseignements de la carte n’ont pas été acceptés. Écrivez-les de nouveau."),
    }.get(
        reason,
        _("Votre banque a refusé ce paiement. Essayez une autre carte, ou appelez le numéro au dos de la carte."),
    )


def wrong_credentials() -> str:
    """Give the one answer for an unknown code and a wrong password."""
    return _("Ce code d’utilisateur et ce mot de passe ne vont pas ensemble. Vérifiez les deux.")


def not_identified() -> str:
    """Give the one answer for an unknown card, a wrong date and a card with which too many dates were tried."""
    return _(
        "Ce numéro de carte et cette date de naissance ne vont pas ensemble dans nos dossiers. Vérifiez les deux. "
        "Après cinq dates différentes, la carte doit être débloquée\u00a0: appelez, ou passez au comptoir."
    )


def not_proven() -> str:
    """Say that a proof of work is missing, wrong or used."""
    return _("La vérification n’a pas abouti. Attendez un moment et essayez de nouveau, ou appelez.")


def too_many_here() -> str:
    """Say that too many identifications failed from the same place."""
    return _("Trop d’essais ont échoué depuis cette connexion Internet. Attendez une heure, ou appelez.")


def username_taken() -> str:
    """Say that a user code is somebody else's."""
    return _("Ce code d’utilisateur est déjà pris. Ajoutez un chiffre ou un mot.")


def weak_password(reason: str) -> str:
    """Say why a password is refused, and what to do."""
    return {
        "short": _("Le mot de passe est trop court. Il faut au moins 10 caractères."),
        "long": _("Le mot de passe est trop long. Il peut avoir 128 caractères au plus."),
        "common": _("Ce mot de passe est trop répandu. Prenez par exemple trois mots sans lien entre eux."),
        "city": _(
            "Ce mot de passe est fait de mots de la ville, que d’autres devineraient. "
            "Prenez trois mots sans lien entre eux."
        ),
        "own": _(
            "Ce mot de passe contient votre nom, votre code ou votre carte. Prenez trois mots sans lien entre eux."
        ),
        "temporary": _("C’est le mot de passe temporaire, que d’autres ont vu. Choisissez-en un bien à vous."),
    }[reason]


def bad_code() -> str:
    """Say that a one-time code opens nothing."""
    return _("Ce code ne sert pas, ou ne sert plus. Vérifiez-le, ou appelez pour en avoir un autre.")


def password_changed() -> str:
    """Say that the new password counts."""
    return _("Votre mot de passe est changé. Entrez avec le nouveau.")


def password_changed_here() -> str:
    """Say that the new password counts, and that others were signed out."""
    return _("Votre mot de passe est changé. Vos autres appareils sont déconnectés.")


def others_closed() -> str:
    """Say that the other sessions are ended."""
    return _("Vos autres appareils sont déconnectés.")


def confirm_sent(email: str) -> str:
    """Say that an address waits for its confirmation."""
    return _("Un message est parti vers %(email)s. Ouvrez le lien qu’il contient pour confirmer.", email=email)


def wrong_password() -> str:
    """Say that the present password is not that one."""
    return _("Ce n’est pas votre mot de passe actuel. Écrivez-le de nouveau.")


def too_many_passwords() -> str:
    """Say that the present password was tried too often."""
    return _("Trop d’essais. Attendez quinze minutes, ou appelez.")


def typed_again() -> str:
    """Say that what was typed before the session ended stands here again."""
    return _("Voici ce que vous aviez écrit. Vérifiez, puis envoyez de nouveau.")


def too_many_requests() -> str:
    """Say that enough requests wait."""
    return _("Cinq demandes attendent déjà une réponse. Attendez-la, ou appelez.")


def correction_asked() -> str:
    """Say where the answer will be."""
    return _("Votre demande est envoyée. La réponse sera ici.")


def no_such_invoice() -> str:
    """Give the one answer for an unknown invoice, a wrong amount and a wrong postal code."""
    return _("Ce numéro, ce montant et ce code postal ne vont pas ensemble. Vérifiez les trois sur la facture.")


def settled_already() -> str:
    """Say that nothing is due."""
    return _("Cette facture est déjà réglée. Il n’y a rien à payer.")


def someone_paying() -> str:
    """Say that another payment of this invoice is under way."""
    return _("Un paiement de cette facture est en cours. Attendez son résultat avant de payer de nouveau.")


def who_pays() -> str:
    """Ask for the payer's name."""
    return _("Écrivez votre nom\u00a0: il sera sur le reçu.")


def reminders_on() -> str:
    """Say that reminders will come."""
    return _("Les rappels vous seront envoyés par courriel.")


def reminders_off() -> str:
    """Say that no reminder will come."""
    return _("Vous ne recevrez plus de rappel. Les reçus viennent encore par courriel.")


def username_changed() -> str:
    """Say that the new user code counts."""
    return _("Votre code d’utilisateur est changé. Entrez avec le nouveau la prochaine fois.")


def member_asked() -> str:
    """Say that the city will decide."""
    return _("Votre demande est envoyée. La Ville vérifie, puis la personne apparaît ici.")


def already_member() -> str:
    """Say that the person is of the household."""
    return _("Cette personne est déjà dans votre foyer.")


def contact_kept() -> str:
    """Say that the emergency contact is kept."""
    return _("La personne à joindre est enregistrée.")


def tax_kinds() -> dict[str, str]:
    """Name what counts for taxes."""
    return {"child_care": _("Frais de garde"), "activity": _("Activités"), "donation": _("Don")}


def tax_gaps() -> dict[str, str]:
    """Name what a receipt waits for."""
    return {
        "address": _("l’adresse"),
        "child": _("le nom de la personne inscrite. Appelez pour le faire ajouter"),
        "days": _("les jours de garde. La Ville les ajoute avec les inscriptions"),
    }


def receipts_online() -> str:
    """Say that tax receipts come online."""
    return _("Vous recevez maintenant vos reçus en ligne.")


def receipts_by_mail() -> str:
    """Say that tax receipts come by mail."""
    return _("Vos reçus viendront par la poste.")


def consent_first() -> str:
    """Say why a tax receipt does not open."""
    return _("Acceptez d’abord de recevoir vos reçus en ligne, plus bas.")


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


def not_kept(reason: str) -> str:
    """Say why a card is not in the vault."""
    return {
        "late": _("Braintree n’a pas répondu à temps. La carte n’est pas ajoutée. Essayez de nouveau plus tard."),
        "not taken": _("La carte n’a pas pu être gardée. Vous pouvez l’ajouter dans votre coffre client."),
        "cvv": _("Le code de sécurité ne correspond pas à la carte. Vérifiez les trois chiffres au dos."),
        "expired": _("La carte est expirée. Essayez une autre carte."),
        "number": _("Le numéro de carte n’est pas accepté. Vérifiez-le ou essayez une autre carte."),
        "invalid": _("Les renseignements de la carte n’ont pas été acceptés. Écrivez-les de nouveau."),
    }.get(reason, _("La banque de cette carte l’a refusée. Essayez une autre carte, ou appelez le numéro au dos."))


def close_later() -> str:
    """Say why an account cannot be closed now."""
    return _(
        "Un de vos paiements est en cours. Fermez votre compte quand il sera terminé\u00a0: quelques minutes suffisent."
    )


def account_closed() -> str:
    """Say that the account is gone."""
    return _("Votre compte est fermé.")


def call_instead() -> str:
    """Say that enough messages were left from this place."""
    return _("Assez de messages ont été laissés depuis cette connexion Internet. Appelez, ou attendez une heure.")
