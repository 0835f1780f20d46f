"""Payment slips, for those who pay by cheque or at the counter: a reference that forgives no typing mistake."""

import re
from dataclasses import dataclass

from stdnum.iso7064 import mod_97_10

from domain.billing import invoices
from domain.billing.summaries import Summary
from models import Invoice

ON_ONE_PAGE = 10  # invoices: more take several
_REFERENCE = re.compile(".+-[0-9]{2}")


class BadReference(Exception):
    """Tried to read a reference with a letter or a digit mistyped."""


def reference(number: str) -> str:
    """Return what a slip prints for an invoice: its number and two check digits (ISO 7064, mod 97-10)."""
    return f"{number}-{mod_97_10.calc_check_digits(_bare(number))}"


def number_of(typed: str) -> str:
    """Return the invoice number of a slip's reference, or the text itself when it has no check digits.

    However it is typed: spaces, case and the kind of hyphen are the typist's. Raises: BadReference.
    """
    text = _close(typed)
    if Invoice.bears(text) or not _REFERENCE.fullmatch(text):
        return text if Invoice.bears(text) else typed.strip()
    if is_mistyped(typed):
        raise BadReference(typed)
    return text[:-3]


def is_mistyped(typed: str) -> bool:
    """Tell whether a text has a reference's form and other check digits, whatever invoices there are."""
    text = _close(typed)
    return bool(_REFERENCE.fullmatch(text)) and not mod_97_10.is_valid(_bare(text))


def _close(typed: str) -> str:
    """Return a text without its spaces, with plain hyphens."""
    return re.sub("[\u2010-\u2015\u2212]", "-", re.sub(r"\s+", "", typed))


@dataclass(frozen=True)
class SlipLine:
    """An invoice on a slip."""

    invoice: Invoice
    summary: Summary | None
    reference: str


def payable(numbers: list[str], household_ids: list[int]) -> list[SlipLine]:
    """Return the invoices to print on a slip: those named, or all that are due.

    Raises: invoices.NoSuchInvoice.
    """
    chosen = invoices.chosen(numbers, household_ids) if numbers else invoices.payable(household_ids)
    due = [one for one in chosen if one.invoice.balance_cents]
    return [SlipLine(one.invoice, one.summary, reference(one.invoice.number)) for one in due]


def _bare(number: str) -> str:
    """Return the letters and digits that the check counts."""
    return re.sub("[^A-Z0-9]", "", number.upper())
