"""The payments' file for people: its headings and its words; accounting software reads the file as it is."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from domain.billing import payments_export
from domain.billing.payments_export import Row
from views.messages.methods import methods

Cell = str | int | Decimal | date


def header() -> list[str]:
    """Return the headings, in the order of `rows`."""
    return [
        _("Paiement"),
        _("Sorte"),
        _("Date"),
        _("Facture"),
        _("Carte de citoyen"),
        _("Payeur"),
        _("Mode"),
        _("Montant ($)"),
        _("Compte du grand livre"),
        _("Numéro chez Braintree"),
        _("Lot de dépôt"),
        _("Pris"),
        _("Note de crédit"),
    ]


def rows(exported: Iterable[Row]) -> Iterator[Sequence[Cell]]:
    """Yield the rows of the file for machines as people read them."""
    kinds = {
        "payment": _("paiement"),
        "refund": _("remboursement"),
        "reversal": _("annulation"),
        "refund_declined": _("remboursement refusé"),
    }
    ways, places = methods(), {"portal": _("en ligne"), "import": _("ailleurs")}
    for row in exported:
        one = dict(zip(payments_export.HEADER, row, strict=True))
        cells = {
            **one,
            "kind": kinds[str(one["kind"])],
            "date": date.fromisoformat(str(one["date"])),
            "method": ways[str(one["method"])],
            "amount": Decimal(int(one["amount_cents"])).scaleb(-2),
            "source": places[str(one["source"])],
        }
        del cells["amount_cents"]
        yield list(cells.values())
