"""Receipts for taxes."""

from domain.common import clock
from models import Person, TaxReceipt
from tests.factories.numbers import numbers


def make_tax_receipt(payer: Person, **values) -> TaxReceipt:
    """A gift's receipt, though nothing was paid."""
    n = next(numbers)
    defaults = {
        "number": f"D{n:06}",
        "kind": TaxReceipt.DONATION,
        "year": clock.today().year,
        "subject": f"gift {n}",
        "amount_cents": 5_000,
        "printed": "{}",
    }
    return TaxReceipt.create(payer=payer, **(defaults | values))
