"""The words of the menu, and what stands under the name of each room: the city's own, in city.toml."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Menu:
    """What the menu says, which is also the title of each page that it leads to."""

    home: str = "Accueil"
    places: str = "Localisations"
    registering: str = "Inscription aux activités"
    dossier: str = "Mon dossier"
    sign_out: str = "Déconnexion"


@dataclass(frozen=True)
class Rooms:
    """What stands under the name of each room."""

    family: str = "Cartes, fiches santé, contacts d’urgence"
    activities: str = "Quand, où, quoi apporter"
    reservations: str = "Salles, terrains, heures de glace"
    tax_receipts: str = "Garde, activités, dons"
    accounts: str = "Factures, contrats et reçus"
    vault: str = "Vos cartes de crédit"
    profile: str = "Mot de passe, courriel, rappels, appareils"
    details: str = "Les voir, les faire corriger"
    reminder: str = "À imprimer ou à recopier"
