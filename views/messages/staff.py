"""What staff read that no template says: roles, acts, and what went wrong."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from domain.activities.eligibility import Reason
from domain.common.audit import Act
from domain.common.formats import dated, money
from domain.staff.accounts import named
from models import AuditEvent, StaffAccount
from views.messages.catalogue import why_not

ROLES = {
    "counter": lazy("Comptoir"),
    "finance": lazy("Finances"),
    "programming": lazy("Programmation"),
    "admin": lazy("Administration"),
}

ACTS: dict[str, str] = {
    Act.STAFF_ADDED: lazy("Compte du personnel ouvert"),
    Act.STAFF_RESET: lazy("Compte du personnel remis à neuf"),
    Act.STAFF_ROLE: lazy("Rôles changés"),
    Act.STAFF_CLOSED: lazy("Compte du personnel fermé"),
    Act.STAFF_PASSWORD: lazy("Mot de passe du personnel changé"),
    Act.SECOND_FACTOR_SET_UP: lazy("Téléphone mis en place"),
    Act.RECOVERY_CODE_USED: lazy("Code de secours utilisé"),
    Act.STAFF_SIGNED_OUT: lazy("Sortie du personnel"),
    Act.SIGNED_IN: lazy("Connexion"),
    Act.SIGNED_IN_ANEW: lazy("Connexion, nouveau navigateur"),
    Act.SIGNED_OUT: lazy("Déconnexion"),
    Act.REQUEST_READ: lazy("Demande lue"),
    Act.CHANGE_READ: lazy("Changement de la fiche lu"),
    Act.ACCOUNT_READ: lazy("Compte à vérifier lu"),
    Act.REQUEST_ACCEPTED: lazy("Demande acceptée"),
    Act.REQUEST_REFUSED: lazy("Demande refusée"),
    Act.ALERT_SETTLED: lazy("Avertissement réglé"),
    Act.MAIL_SENT_AGAIN: lazy("Courriels abandonnés, essayés de nouveau"),
    Act.OVERPAYMENT_RETURNED: lazy("Argent reçu en trop rendu"),
    Act.CHARGE_HANDED_BACK: lazy("Débit qui ne paie rien rendu autrement"),
    Act.FILE_OPENED: lazy("Dossier ouvert au comptoir"),
    Act.REGISTERING_OPENED: lazy("Foyer ouvert pour une inscription"),
    Act.ONE_TIME_CODE: lazy("Code temporaire donné"),
    Act.SESSIONS_ENDED: lazy("Appareils déconnectés par la Ville"),
    Act.STAFF_SIGNED_IN: lazy("Entrée du personnel"),
    Act.CARD_UNBLOCKED: lazy("Carte débloquée"),
    Act.PAYMENT_OPENED: lazy("Paiement ouvert"),
    Act.INVOICE_OPENED: lazy("Facture ouverte au comptoir"),
    Act.REFUND_ASKED: lazy("Remboursement demandé"),
    Act.REFUND_HANDED_OVER: lazy("Remboursement fait autrement que sur la carte"),
    Act.PAYMENTS_EXPORTED: lazy("Paiements exportés"),
    Act.INCIDENT_RECORDED: lazy("Incident inscrit au registre"),
    Act.ACCOUNT_CREATED: lazy("Compte créé"),
    Act.PASSWORD_CHANGED: lazy("Mot de passe changé"),
    Act.PASSWORD_RECOVERED: lazy("Mot de passe refait"),
    Act.USERNAME_CHANGED: lazy("Code d’utilisateur changé"),
    Act.PHONE_CHANGED: lazy("Téléphone changé"),
    Act.EMAIL_CHANGED: lazy("Courriel changé"),
    Act.EMAIL_CHANGE_CANCELLED: lazy("Changement de courriel annulé"),
    Act.EMAIL_CONFIRMED: lazy("Courriel confirmé"),
    Act.EMAIL_PUT_BACK: lazy("Courriel d’avant remis"),
    Act.OTHERS_CLOSED: lazy("Autres appareils déconnectés"),
    Act.CALENDAR_MADE: lazy("Adresse de calendrier créée"),
    Act.CALENDAR_STOPPED: lazy("Adresse de calendrier retirée"),
    Act.ACCOUNT_CLOSED: lazy("Compte fermé"),
    Act.CORRECTION_ASKED: lazy("Correction demandée"),
    Act.DATA_DOWNLOADED: lazy("Renseignements téléchargés"),
    Act.HOUSEHOLD_SPLIT: lazy("Foyer séparé"),
    Act.HOUSEHOLD_JOINED: lazy("Personne ajoutée à un foyer"),
    Act.MEMBER_ASKED: lazy("Ajout d’une personne demandé"),
    Act.EMERGENCY_CONTACT: lazy("Contact d’urgence changé"),
    Act.ACCOUNT_VERIFIED: lazy("Identité vérifiée"),
    Act.REGISTERED_ON_BEHALF: lazy("Inscription faite pour la personne"),
    Act.RULES_PASSED: lazy("Règles passées outre, avec une raison"),
    Act.REGISTERED_FROM_PAPER: lazy("Inscription prise sur papier, avec son heure"),
    Act.DAY_PRINTED: lazy("Groupes imprimés pour un jour de panne"),
    Act.DESTRUCTION_APPROVED: lazy("Destruction approuvée"),
    Act.REVIEW_ASKED: lazy("Révision par une personne demandée"),
    Act.REVIEW_ANSWERED: lazy("Révision par une personne faite"),
    Act.RECEIPTS_ONLINE: lazy("Reçus d’impôts en ligne acceptés"),
    Act.RECEIPTS_BY_MAIL: lazy("Reçus d’impôts en ligne refusés"),
    Act.FILE_CORRECTED: lazy("Fiche corrigée"),
    Act.HEALTH_FORM_FILLED: lazy("Fiche santé remplie"),
    Act.HEALTH_FORM_CONFIRMED: lazy("Fiche santé confirmée"),
    Act.HEALTH_FORM_READ: lazy("Fiche santé lue"),
    Act.ACCOMPANIMENT_ASKED: lazy("Accompagnement demandé"),
    Act.ACCOMPANIMENT_READ: lazy("Demande d’accompagnement lue"),
    Act.ACCOMPANIMENT_DECIDED: lazy("Demande d’accompagnement décidée"),
    Act.CHANGE_KEYED: lazy("Changement reporté dans l’autre système"),
    Act.CHANGE_KEPT: lazy("Changement d’ici gardé contre le fichier"),
    Act.CHANGE_GIVEN_UP: lazy("Changement d’ici laissé pour celui du fichier"),
}


FILE_KINDS = {
    "cards": lazy("Carte"),
    "invoices": lazy("Facture"),
    "payments": lazy("Paiement"),
    "places": lazy("Lieu"),
    "activities": lazy("Activité"),
    "prices": lazy("Prix"),
    "registrations": lazy("Inscription"),
    "reservations": lazy("Réservation"),
}

FILE_FIELDS = {
    "first_name": lazy("Prénom"),
    "last_name": lazy("Nom"),
    "address": lazy("Adresse"),
    "city": lazy("Ville"),
    "postal_code": lazy("Code postal"),
    "phone": lazy("Téléphone"),
    "email": lazy("Courriel"),
    "household": lazy("Foyer"),
    "birth_date": lazy("Date de naissance"),
    "resident": lazy("Résident"),
}


def roles(account: StaffAccount) -> str:
    """Say the roles of an account."""
    return _in_words(account.roles)


def _in_words(roles: Iterable[str]) -> str:
    return ", ".join(str(ROLES.get(role, role)) for role in roles)


def act(event: AuditEvent) -> str:
    """Say what an event of the audit trail was."""
    return str(ACTS.get(event.action, event.action))


def subject(event: AuditEvent) -> str:
    """Say what an event was about: after a user name, roles by their names; after an activity, the rules passed."""
    if event.action == Act.RULES_PASSED:
        activity, _colon, rules = event.subject.rpartition(": ")
        return _("%(activity)s\u00a0: %(rules)s", activity=activity, rules=why_not(map(Reason, rules.split())))
    if event.action not in (Act.STAFF_ADDED, Act.STAFF_ROLE):
        return event.subject
    username, *words = event.subject.split()
    return _("%(username)s\u00a0: %(roles)s", username=username, roles=_in_words(map(named, words)))


def no_such_invoice() -> str:
    """Say that no invoice bears this number."""
    return _("Aucune facture ne porte ce numéro. Vérifiez-le.")


def mistyped_reference() -> str:
    """Say that the check digits of a slip's reference do not agree."""
    return _("Les deux derniers chiffres ne vont pas avec le reste. Relisez la référence.")


def settled() -> str:
    """Say that it is done."""
    return _("C’est fait.")


def owed_otherwise() -> str:
    """Say that what is owed back is not what was shown."""
    return _("Quelqu’un l’a déjà rendu, ou le montant a changé. Vérifiez.")


def not_yet_found(found_at: datetime) -> str:
    """Say that a day is before the money was found at Braintree."""
    return _("Ce débit a été trouvé le %(day)s : la date ne peut pas être avant.", day=dated(found_at))


def already_decided() -> str:
    """Say that a colleague was faster."""
    return _("Quelqu’un avait déjà décidé cette demande.")


def changed_since() -> str:
    """Say that the file is no more what was shown; nothing was written."""
    return _("La fiche a changé depuis que vous l’avez ouverte. Rien n’est écrit : vérifiez et décidez de nouveau.")


def other_since() -> str:
    """Say that what was decided about is no more."""
    return _("Quelqu’un a décidé, ou le fichier dit encore autre chose. Vérifiez.")


def wrong_code() -> str:
    """Say that a code is not taken."""
    return _("Ce code ne va pas, ou a déjà servi. Attendez le prochain et écrivez-le.")


def too_many_codes() -> str:
    """Say that codes were tried too often."""
    return _("Trop de mauvais codes. Attendez quinze minutes.")


def no_such_card() -> str:
    """Say that no card has this number."""
    return _("Aucune carte ne porte ce numéro. Vérifiez-le.")


def no_account() -> str:
    """Say that a code would open nothing."""
    return _("Cette carte n’a pas de compte\u00a0: elle peut en créer un.")


def sign_up_code(code: str) -> str:
    """Say the code to read out to someone set apart, who opens her account with it."""
    return _(
        "Code à lire\u00a0: %(code)s. Il sert une fois, dans les 30 minutes\u00a0: pour créer son compte, à l’étape 2.",
        code=code,
    )


def account_verified() -> str:
    """Say that an account is whose it says."""
    return _("C’est noté\u00a0: ce compte voit maintenant ses coordonnées.")


def one_time_code(code: str) -> str:
    """Say the code to read out, and where it is used."""
    return _(
        "Code à lire\u00a0: %(code)s. Il sert une fois, dans les 30 minutes\u00a0: à la page Connexion, "
        "«\u00a0Oublié? Mon mot de passe\u00a0», puis «\u00a0J’ai reçu un code\u00a0».",
        code=code,
    )


def unblocked(count: int) -> str:
    """Say how many wrong dates were forgotten."""
    return ngettext(
        "%(num)d mauvaise date oubliée. La carte sert de nouveau.",
        "%(num)d mauvaises dates oubliées. La carte sert de nouveau.",
        count,
    )


def sessions_ended(count: int) -> str:
    """Say how many browsers were signed out."""
    return ngettext("%(num)d appareil déconnecté.", "%(num)d appareils déconnectés.", count)


def refund_asked(cents: int) -> str:
    """Say that a refund is on its way."""
    return _("Remboursement de %(amount)s en route. Le payeur le verra dans son dossier.", amount=money(cents))


def not_refundable() -> str:
    """Say that the city does not have this money, or not by card."""
    return _("Ce paiement ne se rembourse pas ici\u00a0: pas reçu par carte, ou déjà revenu.")


def too_much() -> str:
    """Say that more than what is left was asked."""
    return _("C’est plus que ce qui reste à rembourser.")


def other_lines() -> str:
    """Say that so much was not paid of a line, or of its invoice once the rebates are off."""
    return _("C’est plus que ce qui a été payé d’une de ces lignes, ou de sa facture.")


def being_disputed() -> str:
    """Say that the payment was disputed meanwhile: whoever asks again does so knowingly."""
    return _("Le porteur de la carte conteste ce paiement. Lisez l’avertissement, puis redemandez si vous y tenez.")


def left_changed() -> str:
    """Say that another refund came between."""
    return _("Un autre remboursement vient d’être fait. Vérifiez ce qui reste.")


def name_taken() -> str:
    """Say that a user name is, or was, somebody's."""
    return _("Ce code est ou a été celui de quelqu’un. Prenez-en un autre.")


def own_account() -> str:
    """Say that one does not change one's own account."""
    return _("On ne change pas son propre compte. Demandez à quelqu’un d’autre.")


def last_admin() -> str:
    """Say that somebody must be left to make accounts."""
    return _("Il doit rester au moins un compte d’administration.")


def recorded() -> str:
    """Say that the incident stands in the register."""
    return _("L’incident est inscrit au registre.")


def no_such_place() -> str:
    """Say that there is no such activity, or no such person in the household."""
    return _("Introuvable. Choisissez dans la liste.")
