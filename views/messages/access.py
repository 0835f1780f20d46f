"""What a page says about getting in and about one's own credentials, depending on what happened."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from domain.access.credentials import Weakness
from domain.access.refused_tries import Way
from domain.common.audit import Act
from models import AuditEvent

REFUSED: dict[str, str] = {
    Way.PASSWORD: lazy("Connexion\u00a0: mot de passe"),
    Way.PRESENT_PASSWORD: lazy("Mot de passe actuel"),
    Way.SECOND_FACTOR: lazy("Code du téléphone"),
    Way.ONE_TIME_CODE: lazy("Code ou lien à usage unique"),
    Way.CARD: lazy("Carte et date de naissance"),
    Way.PROOF: lazy("Vérification contre les robots"),
    Way.CLOSED: lazy("Limite atteinte\u00a0: rien n’est plus essayé"),
}


def signed_out() -> str:
    """Say that the session is over."""
    return _("Vous êtes déconnecté.")


def reset_meanwhile() -> str:
    """Say that an account of the staff was reset, or entered again, while its phone was being set up."""
    return _("Ce compte vient d’être remis à neuf, ou ouvert ailleurs. Entrez avec le mot de passe temporaire du jour.")


def calendar_stopped() -> str:
    """Say that the calendar's address serves no more."""
    return _("L’abonnement est arrêté. Ce que votre calendrier a déjà lu y reste\u00a0: effacez-le là.")


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


WEAK = {
    Weakness.SHORT: lazy("Le mot de passe est trop court. Il faut au moins 10 caractères."),
    Weakness.LONG: lazy("Le mot de passe est trop long. Il peut avoir 128 caractères au plus."),
    Weakness.COMMON: lazy("Ce mot de passe est trop répandu. Prenez par exemple trois mots sans lien entre eux."),
    Weakness.CITY: lazy(
        "Ce mot de passe est fait de mots de la ville, que d’autres devineraient. "
        "Prenez trois mots sans lien entre eux."
    ),
    Weakness.OWN: lazy(
        "Ce mot de passe contient votre nom, votre code ou votre carte. Prenez trois mots sans lien entre eux."
    ),
    Weakness.TEMPORARY: lazy("C’est le mot de passe temporaire, que d’autres ont vu. Choisissez-en un bien à vous."),
}


def weak_password(reason: Weakness) -> str:
    """Say why a password is refused, and what to do."""
    return str(WEAK[reason])


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


def email_cancelled() -> str:
    """Say that no address waits any more."""
    return _("C’est annulé. Le lien envoyé à cette adresse ne sert plus.")


def confirm_sent(email: str) -> str:
    """Say that an address waits for its confirmation."""
    return _("Un message est parti vers %(email)s. Ouvrez le lien qu’il contient pour confirmer.", email=email)


def wrong_password() -> str:
    """Say that the present password is not that one."""
    return _("Ce n’est pas votre mot de passe actuel. Écrivez-le de nouveau.")


def too_many_passwords() -> str:
    """Say that the present password was tried too often."""
    return _("Trop d’essais. Attendez quinze minutes, ou appelez.")


def session_over(endpoint: str, *, kept: bool, typed: bool) -> str:
    """Say that a form came after its session's end: what was not done, and whether what was typed is kept.

    `typed` tells a card typed from a saved one.
    """
    if endpoint == "payment.pay":
        again = _("écrivez la carte de nouveau") if typed else _("choisissez la carte de nouveau")
        return _(
            "Vous étiez déconnecté\u00a0: ce paiement n’est pas parti, et rien n’a été pris sur votre carte. "
            "Entrez de nouveau, puis %(again)s.",
            again=again,
        )
    if endpoint == "vault.add":
        return _(
            "Vous étiez déconnecté\u00a0: la carte n’est pas ajoutée. Entrez de nouveau, puis écrivez-la de nouveau."
        )
    if kept:
        return _("Vous étiez déconnecté. Entrez de nouveau\u00a0: ce que vous aviez écrit vous attend.")
    return _("Vous étiez déconnecté, et rien n’a été enregistré. Entrez de nouveau.")


def guest_too_late() -> str:
    """Say that a guest's form to pay came after the half hour of her three answers."""
    return _(
        "La demi-heure est passée\u00a0: ce paiement n’est pas parti, et rien n’a été pris sur votre carte. "
        "Donnez de nouveau ces trois renseignements, puis écrivez la carte de nouveau."
    )


def typed_again() -> str:
    """Say that what was typed before the session ended stands here again."""
    return _("Voici ce que vous aviez écrit. Vérifiez, puis envoyez de nouveau.")


def username_changed() -> str:
    """Say that the new user code counts."""
    return _("Votre code d’utilisateur est changé. Entrez avec le nouveau la prochaine fois.")


def browser(words: str) -> str:
    """Name a browser and its system, such as Chrome, Android, as a person would."""
    return _(" sur ").join(words.split(", ")) if words else _("Un navigateur")


def is_new_browser(entry: AuditEvent) -> bool:
    """Tell whether the browser of an entry had never come in before."""
    return entry.action == Act.SIGNED_IN_ANEW


def refused_since(count: int) -> str:
    """Say how many tries were refused since the visit before."""
    return ngettext(
        "%(num)d essai refusé depuis votre dernière visite.",
        "%(num)d essais refusés depuis votre dernière visite.",
        count,
    )
