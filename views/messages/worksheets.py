"""Files of the treasury as people read them: Relevé 24's worksheet, and what Braintree deposits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from domain.payments import deposits
from domain.taxes import rl24
from views.messages.dossier import TAX_GAPS

Cell = str | int | Decimal | date | None
Row = Sequence[str | int | date]

RL24_HEADINGS: dict[str, str] = {
    "code": lazy("Code du relevé"),
    "payer_card": lazy("Carte du payeur"),
    "payer_last_name": lazy("Nom du payeur"),
    "payer_first_name": lazy("Prénom du payeur"),
    "payer_address": lazy("Adresse du payeur"),
    "payer_city": lazy("Ville du payeur"),
    "payer_postal_code": lazy("Code postal du payeur"),
    "child_card": lazy("Carte de l’enfant"),
    "child_last_name": lazy("Nom de l’enfant"),
    "child_first_name": lazy("Prénom de l’enfant"),
    "child_birth_date": lazy("Naissance de l’enfant"),
    "days": lazy("Jours de garde"),
    "first_day": lazy("Premier jour"),
    "last_day": lazy("Dernier jour"),
    "places": lazy("Lieux"),
    "amount_paid": lazy("Payé ($)"),
    "receipt": lazy("Reçu"),
    "replaces": lazy("Remplace le reçu"),
    "online_since": lazy("Reçus en ligne depuis le"),
    "year_is_partial": lazy("Année incomplète"),
    "missing": lazy("À compléter"),
}
RL24_CODES = {"R": lazy("R (original)"), "A": lazy("A (modifié)"), "D": lazy("D (annulé)")}
DEPOSIT_HEADINGS: dict[str, str] = {
    "settlement_batch": lazy("Lot de dépôt"),
    "date": lazy("Réglé le"),
    "charges": lazy("Débits"),
    "charged": lazy("Débité ($)"),
    "refunds": lazy("Remboursements"),
    "refunded": lazy("Remboursé ($)"),
    "deposit": lazy("Dépôt ($)"),
    "unknown_here": lazy("Sans document ici"),
}
_AMOUNTS = ("amount_paid", "charged", "refunded", "deposit")


def rl24_table(rows: Iterable[Row]) -> tuple[list[str], Iterator[list[Cell]]]:
    """Return the worksheet's headings and rows."""
    return _table(RL24_HEADINGS, rl24.HEADER, rows)


def deposits_table(rows: Iterable[Row]) -> tuple[list[str], Iterator[list[Cell]]]:
    """Return the headings and rows of what was deposited."""
    return _table(DEPOSIT_HEADINGS, deposits.HEADER, rows)


def _table(
    headings: Mapping[str, str], names: Sequence[str], rows: Iterable[Row]
) -> tuple[list[str], Iterator[list[Cell]]]:
    told = (dict(zip(names, row, strict=True)) for row in rows)
    return [str(words) for words in headings.values()], ([_said(name, row[name]) for name in headings] for row in told)


def _said(name: str, value: str | int | date) -> Cell:
    if name in _AMOUNTS:
        return Decimal(str(value))
    if name == "date":
        return date.fromisoformat(str(value))
    if name == "code":
        return str(RL24_CODES[str(value)])
    if name == "year_is_partial":
        return _("oui") if value == "1" else _("non")
    if name == "missing":
        return _lacking(str(value).split())
    return value


def _lacking(keys: Iterable[str]) -> str:
    words = {rl24.NO_PAYER: _("qui a payé"), rl24.AGE: _("une infirmité, passé l’âge du crédit"), **TAX_GAPS}
    return ", ".join(str(words[key]) for key in keys)
