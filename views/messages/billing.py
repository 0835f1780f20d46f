"""What a page and a document say about what was invoiced and paid."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from domain.billing import account_statement
from domain.billing.summaries import Summary

MOVEMENTS: dict[str, str] = {
    account_statement.INVOICED: lazy("Facturé"),
    account_statement.PAID: lazy("Payé"),
    account_statement.REVERSED: lazy("Paiement annulé"),
    account_statement.LET_GO: lazy("Crédité"),
    account_statement.CREDITED: lazy("Crédité"),
    account_statement.REFUNDED: lazy("Remboursé"),
    account_statement.NOT_CREDITED: lazy("Crédit annulé"),
    account_statement.NOT_REFUNDED: lazy("Remboursement refusé par la banque"),
}


def summary(short: Summary | None) -> str:
    """Say in a line what an invoice is for."""
    if short is None:
        return ""
    whom = f" · {short.first_name}" if short.first_name else ""
    others = short.others
    more = ngettext(" et %(num)d autre article", " et %(num)d autres articles", others) if others else ""
    part = _(" · versement %(at)s de %(of)s", at=short.part[0], of=short.part[1]) if short.part else ""
    return f"{short.description}{whom}{more}{part}"
