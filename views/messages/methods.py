"""The names of the ways to pay, wherever one is told."""

from flask_babel import gettext as _


def ways_back() -> dict[str, str]:
    """Return how money was given back another way than on its card, after « rendu »."""
    return {
        "cash": _("comptant"),
        "cheque": _("par chèque"),
        "transfer": _("par virement"),
        "other": _("autrement que sur la carte"),
    }


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
