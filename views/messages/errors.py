"""What an error's page says: what happened, and what to do. Of money, only what the request itself has established."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

Said = tuple[str, str, str]  # the heading, what happened, what to do

OF_CODE: dict[int, Said] = {
    404: (
        lazy("Page introuvable"),
        lazy("Cette adresse ne mène à rien, ou à un dossier qui n’est pas le vôtre."),
        lazy("Vérifiez l’adresse, ou passez par l’accueil."),
    ),
    403: (
        lazy("Votre rôle ne permet pas cela"),
        lazy("Cette page est à d’autres personnes de la Ville. Rien n’a été fait."),
        lazy("Demandez à l’administration du portail de changer votre rôle."),
    ),
    413: (
        lazy("C’est trop gros"),
        lazy("Cette page contient trop de texte. Rien n’a été enregistré."),
        lazy("Revenez en arrière et écrivez moins long."),
    ),
    429: (
        lazy("Plusieurs fois en une heure"),
        lazy("Chaque fois, le portail écrit à quelqu’un. Cette fois, rien n’a été changé et personne n’a été averti."),
        lazy("Attendez une heure et essayez de nouveau."),
    ),
}
NOT_FOUND_AT_DESK: Said = (
    lazy("Page introuvable"),
    lazy("Cette adresse ne mène à rien, ou ce qu’elle montrait n’est plus là."),
    lazy("Vérifiez le numéro, ou passez par le menu."),
)
NOT_UNDERSTOOD: Said = (
    lazy("Cette demande n’a pas été comprise"),
    lazy("Rien n’a été enregistré."),
    lazy("Revenez en arrière et essayez de nouveau."),
)


@dataclass(frozen=True)
class Failed:
    """A request that came to nothing. `paying`, `placing`: it takes money, places; `undone`: it surely took none.

    `at_desk`: who reads is staff.
    """

    code: int
    paying: bool = False
    placing: bool = False
    reading: bool = False
    undone: bool = False
    guest: bool = False
    too_many: bool = False  # asked at the same moment
    at_desk: bool = False


def too_old() -> str:
    """Say of a form whose token is over that it may be sent again."""
    return _("Cette page est restée ouverte trop longtemps. Envoyez-la de nouveau.")


def explanation(failed: Failed) -> Said:
    """Return an error's heading, what happened, and what to do."""
    heading, what_happened, what_to_do = map(str, _of_code(failed))
    if failed.placing and failed.code >= 500:
        return heading, f"{what_happened} {_of_places(failed.undone)}", what_to_do
    if not failed.paying:
        return heading, what_happened, what_to_do
    if failed.code < 500 or failed.undone:
        return heading, _("Ce paiement n’est pas parti, et rien n’a été pris sur votre carte."), what_to_do
    return heading, _("Nous ne savons pas encore si ce paiement est parti."), _where_it_is_told(failed.guest)


def _of_code(failed: Failed) -> Said:
    if failed.code == 404 and failed.at_desk:
        return NOT_FOUND_AT_DESK
    if failed.code in OF_CODE:
        return OF_CODE[failed.code]
    if failed.too_many:
        return _("Le site est trop occupé"), _not_done(failed.reading), _("Réessayez dans un instant.")
    if failed.code < 500:
        return NOT_UNDERSTOOD
    heading = _("Le site est trop occupé") if failed.code == 503 else _("Un problème de notre côté")
    again = _("Attendez une minute et essayez de nouveau.")
    if failed.at_desk and failed.code != 503:
        again = f"{again} {_('Si cela revient, avertissez l’informatique et donnez l’heure.')}"
    return heading, _not_done(failed.reading), again


def _not_done(reading: bool) -> str:
    if reading:
        return _("Cette page n’a pas pu être montrée.")
    return _("Votre demande n’a pas pu être menée à bien.")


def _of_places(undone: bool) -> str:
    return _("Rien n’a changé dans votre panier.") if undone else _("Votre panier dit ce qui est réservé.")


def _where_it_is_told(guest: bool) -> str:
    if guest:
        return _(
            "Attendez quelques minutes, puis ouvrez de nouveau la facture\u00a0: si elle est payée, la page le dira. "
            "Vous ne paierez pas deux fois la même facture."
        )
    return _(
        "Attendez une minute, puis ouvrez Mon dossier, Comptes et reçus\u00a0: il dit si l’argent a été pris. "
        "Vous ne paierez pas deux fois la même facture."
    )
