"""What Ma famille says of what changes in somebody's file."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from domain.common import formats
from domain.people.asked_fields import Standing
from models import Person

FIELDS = {
    "first_name": lazy("Prénom"),
    "last_name": lazy("Nom"),
    "birth_date": lazy("Date de naissance"),
    "address": lazy("Adresse"),
    "city": lazy("Ville"),
    "postal_code": lazy("Code postal"),
    "phone": lazy("Téléphone"),
    "email": lazy("Courriel"),
}
TITLES = {  # by the address of the page
    "telephone": lazy("Changer le téléphone"),
    "courriel": lazy("Changer le courriel"),
    "adresse": lazy("Changer l’adresse"),
    "nom": lazy("Corriger le nom"),
    "naissance": lazy("Corriger la date de naissance"),
}
PROOFS = {  # what the city may ask to see
    "adresse": lazy(
        "La Ville peut demander une preuve\u00a0: un bail, une facture d’électricité ou un permis de conduire."
    ),
    "nom": lazy(
        "La Ville peut demander une preuve\u00a0: un certificat de naissance, de mariage ou de changement de nom."
    ),
    "naissance": lazy("La Ville peut demander une preuve\u00a0: un certificat de naissance ou un passeport."),
}
STANDINGS: dict[str, str] = {
    Standing.TO_DO: "",
    Standing.DONE: lazy("La fiche le dit déjà."),
    Standing.CHANGED: lazy("La fiche a changé depuis la demande."),
    Standing.DECEASED: lazy("Une des deux personnes est décédée\u00a0: rien ne sera changé."),
    Standing.APART: lazy("Ne vit plus avec qui demande\u00a0: rien ne sera changé."),
    Standing.GROWN: lazy("Est maintenant adulte\u00a0: c’est à elle de demander. Rien ne sera changé."),
}


def to_key(field: str, text: str) -> str:
    """Return what a field of a card's file says, as it is keyed elsewhere."""
    if field == "resident":
        return _("Oui") if text == "1" else _("Non")
    return text


def value(field: str, text: str) -> str:
    """Return what a field of a card's file says, as it is read."""
    if field == "birth_date":
        return formats.day(date.fromisoformat(text))
    return formats.phone(text) if field == "phone" else text


def asked(wanted: Mapping[str, str], also: Sequence[Person], words: str) -> str:
    """Return what is asked, as who asks and the city read it."""
    if "address" in wanted:
        said = _(
            "Adresse\u00a0: %(street)s, %(city)s %(code)s",
            street=wanted["address"],
            city=wanted["city"],
            code=wanted["postal_code"],
        )
    elif "first_name" in wanted:
        said = _("Nom\u00a0: %(name)s", name=f"{wanted['first_name']} {wanted['last_name']}".strip())
    else:
        [(field, text)] = wanted.items()
        said = f"{FIELDS[field]}\u00a0: {value(field, text)}"
    if also:
        said += "\n" + _("Aussi pour\u00a0: %(names)s", names=", ".join(one.name for one in also))
    return f"{said}\n{words}" if words else said


def phone_changed() -> str:
    """Say that the telephone is changed."""
    return _("Votre téléphone est changé.")


def sent(*, replaced: bool) -> str:
    """Say that the city will decide, and what became of what waited."""
    if replaced:
        return _("Votre demande est envoyée. Elle remplace celle qui attendait.")
    return _("Votre demande est envoyée. La réponse sera ici.")


def too_often() -> str:
    """Say that a request was replaced enough for a day."""
    return _("Vous avez changé vos demandes plusieurs fois aujourd’hui. Attendez demain, ou appelez.")


def nothing_new() -> str:
    """Say that what was typed is there already."""
    return _("C’est déjà ce que dit la fiche. Écrivez ce qui change.")


def changed_meanwhile() -> str:
    """Say that the file changed under the page."""
    return _("La fiche vient de changer. Vérifiez, puis recommencez.")


def contact_changed() -> str:
    """Say that a contact is changed."""
    return _("Le contact d’urgence est changé.")


def contact_removed() -> str:
    """Say that a contact is gone."""
    return _("Le contact d’urgence est retiré.")


def contact_first() -> str:
    """Say who is called first."""
    return _("Ce contact sera appelé en premier.")


def contact_there() -> str:
    """Say that a contact is entered already."""
    return _("Ce contact est déjà inscrit.")


def too_many_contacts(most: int) -> str:
    """Say that the list is full."""
    return _("%(most)s contacts au plus. Retirez-en un d’abord.", most=most)


def verify_first() -> str:
    """Say that nothing is done for an account before the city knows whose it is."""
    return _("Vérifiez d’abord à qui est ce compte\u00a0: voyez Comptes à vérifier, ou donnez un code au comptoir.")


def nothing_to_do() -> str:
    """Say that a request can no longer be done."""
    return _("Rien de cette demande ne peut plus être fait. Refusez-la, avec la raison.")


def residence_undecided() -> str:
    """Say that an address in another city wants a decision."""
    return _("Choisissez\u00a0: résident ou non-résident.")
