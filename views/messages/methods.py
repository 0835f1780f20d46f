"""The names of the ways to pay, wherever one is told."""

from flask_babel import gettext as _


def methods() -> dict[str, str]:
    """Return the names of the payment methods."""
    return {
        "card": _("carte de crédit"),
        "cash": _("comptant"),
        "cheque": _("chèque"),
        "debit": _("carte de débit"),
        "terminal": _("terminal"),
        "transfer": _("virement"),
        "credit": _("crédit au dossier"),
        "other": _("autre paiement"),
    }
