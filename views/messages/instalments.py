"""What is said of versements: what one agrees to, each version kept as it was, and how the next ones stand."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from domain.common.formats import day, money
from models import Instalment

CONSENTS: dict[str, str] = {  # by version: one that somebody agreed to never changes
    "2026-11": lazy(
        "J’accepte que la Ville prenne chacun des versements suivants, à sa date, sur la carte qui paie le premier. "
        "Cette carte sera gardée dans mon coffre client. Un courriel m’avertira trois jours avant. "
        "Je peux retirer cet accord en tout temps dans mon coffre client."
    ),
}


def consent(version: str) -> str:
    """Say what is agreed to, in the words of a version."""
    return str(CONSENTS[version])


def not_as_shown() -> str:
    """Say that the dates, the words, or the address are no longer those of the page."""
    return _("Les dates des versements ont changé depuis l’affichage. Vos places sont gardées\u00a0: vérifiez-les ici.")


def withdrawn() -> str:
    """Say that nothing more is charged by itself."""
    return _("Rien de plus ne sera pris sur votre carte. Les prochains versements sont des factures à payer vous-même.")


def stands(instalment: Instalment) -> str:
    """Say what happens next to an invoice that is charged by consent."""
    amount, when = money(instalment.invoice.balance_cents), day(instalment.invoice.due_on)
    if instalment.state == Instalment.CHARGING:
        return _("%(amount)s, en cours", amount=amount)
    if instalment.state == Instalment.ANNOUNCED:
        when = day(instalment.next_on)
    return _("%(amount)s, le %(when)s", amount=amount, when=when)
