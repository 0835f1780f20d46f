"""Payment slips, for those who pay by cheque or at the counter: a reference that forgives no typing mistake."""

import re
from dataclasses import dataclass

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from domain.billing import invoices
from models import Invoice


class BadReference(Exception):
    """Tried to read a reference with a letter or a digit mistyped."""


def reference(number: str) -> str:
    """Return what a slip prints for an invoice: its number and two check digits (ISO 7064, mod 97-10)."""
    return f"{number}-{mod_97_10.calc_check_digits(_bare(number))}"


def number_of(typed: str) -> str:
    """Return the invoice number of a slip's reference, or the text itself when it has no check digits.

    Raises: BadReference.
    """
    text = typed.strip()
    number, hyphen, digits = text.rpartition("-")
    if not hyphen or not re.fullmatch("[0-9]{2}", digits) or Invoice.select().where(Invoice.number == text).exists():
        return text
    try:
        mod_97_10.validate(_bare(number) + digits)
    except ValidationError as problem:
        raise BadReference(typed) from problem
    return number


@dataclass(frozen=True)
class SlipLine:
    """An invoice on a slip."""

    invoice: Invoice
    summary: invoices.Summary | None
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
