"""The PDF of a receipt in the letter that brings it, for who asked: drawn by whoever sends the mail, never by a page.

A letter crosses other people's servers as anybody may read it there, so that nobody gets one unasked.
"""

import logging
from collections.abc import Callable

from city import City
from domain.billing import receipts
from domain.billing.receipts import ReceiptDocument
from domain.common import alerts
from domain.common.alerts import Kind
from domain.common.outbox import Attachment
from domain.people import household
from models import Account, Message, Payment, Receipt, ReceiptsAttached, write

LARGEST = 2_000_000  # bytes: a receipt weighs some 50,000; base64 makes a third more, and servers take 10 MB at least

log = logging.getLogger("portal.mail")


def want(account: Account, wanted: bool) -> None:
    """Have receipts attached to an account's letters, or no more."""
    with write():
        if wanted:
            ReceiptsAttached.insert(account=account).on_conflict_ignore().execute()
        else:
            ReceiptsAttached.delete().where(ReceiptsAttached.account == account).execute()


def are_wanted(account: Account) -> bool:
    """Tell whether an account asked for them."""
    return ReceiptsAttached.select().where(ReceiptsAttached.account == account).exists()


def is_wanted(payment: Payment) -> bool:
    """Tell whether who made a payment asked for its receipt so, here or in her account."""
    if payment.account:
        return are_wanted(payment.account)
    guest = payment.guests.first()
    return bool(guest and guest.wants_pdf)


def is_read_by_another(account: Account, city: City) -> bool:
    """Tell whether another adult may read where an account is written to: a receipt says where its payer lives."""
    address = household.address_of(account.person)
    return household.is_anothers_too(address, account.person, city) or household.is_read_by_who_is_apart(account, city)


class AttachedReceipts:
    """Gives letters their receipts."""

    def __init__(self, draw: Callable[[ReceiptDocument], bytes], city: City) -> None:
        self._draw, self._city = draw, city

    def of(self, message: Message) -> Attachment | None:
        """Return what goes with a message; None when nothing was asked, may go, or can be drawn.

        Staff is told once of what cannot: the letter leaves all the same, with its link.
        """
        receipt = Receipt.get_or_none(Receipt.message == message)
        if receipt is None or not is_wanted(receipt.payment):
            return None
        try:
            content = self._drawn(receipt, message)
        except Exception:  # whatever is wrong with a drawing keeps no letter back
            log.exception("receipt %s could not be drawn", receipt.number)
            content = b""
        if content is None:
            return None
        if not 0 < len(content) <= LARGEST:
            with write():
                alerts.list_once(Kind.RECEIPT_NOT_ATTACHED, receipt.number, number=receipt.number)
            return None
        return Attachment(f"recu-{receipt.number}.pdf", content)

    def _drawn(self, receipt: Receipt, message: Message) -> bytes | None:
        """Return a receipt as its payer reads it; None where the letter does not go to her alone."""
        account = receipt.payment.account
        if account is None:
            return self._draw(receipts.for_guest(receipt, self._city))
        if message.recipient != account.confirmed_email or is_read_by_another(account, self._city):
            return None
        return self._draw(receipts.for_reader(receipt, account, self._city))
