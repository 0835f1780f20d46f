"""Credit notes: the numbered documents that take back a receipt, in whole or in part."""

from domain.billing.allocation import take_back
from domain.billing.listener import Listener
from domain.common import numbering
from models import CreditNote, Payment, Refund


def issue(
    payment: Payment,
    amount_cents: int,
    *,
    reason: str,
    owed_again: bool,
    listener: Listener,
    refund: Refund | None = None,
) -> CreditNote:
    """Number a credit note and take its amount off the payment's lines and the ledger, in the caller's transaction."""
    note = CreditNote.create(
        number=numbering.take("C", "credit note"),
        payment=payment,
        refund=refund,
        amount_cents=amount_cents,
        reason=reason,
    )
    take_back(note, listener, owed_again=owed_again)
    return note
