"""Who is written to of a payment, and the receipts that wait for an address to be confirmed."""

from datetime import datetime, timedelta

from city import City
from domain.access import email_confirmation
from domain.billing import invoices
from domain.common import clock, outbox
from domain.common.letters import Letters, Told
from domain.payments import attached_receipts
from models import Account, EmailConfirmation, GuestPayer, Message, Payment, Person, Receipt, write

WAITED_FOR = timedelta(days=30)  # a receipt older than that is in the file; messages are kept longer


def guest_of(payment: Payment) -> GuestPayer | None:
    """Return who paid without an account."""
    return payment.guests.first()


def address_of(payment: Payment) -> str:
    """Return where who paid is written to: a confirmed address, or the one a guest gave; nothing when there is none."""
    if account := payment.account:
        return account.confirmed_email if account.person.status != Person.DECEASED else ""
    guest = guest_of(payment)
    return guest.email if guest else ""


def send(payment: Payment, name: str, letters: Letters, **values: Told) -> Message | None:
    """Write a letter to who paid, in the caller's transaction; return its message, None when there is nobody."""
    address = address_of(payment)
    if not address:
        return None
    return outbox.write(address, *letters.write(name, payment=payment, guest=guest_of(payment), **values), urgent=True)


def send_receipt(receipt: Receipt, letters: Letters) -> None:
    """Send a receipt to who paid, in the caller's transaction; it remembers its message."""
    paid = invoices.invoices_of(receipt.payment)
    attached = attached_receipts.is_wanted(receipt.payment)
    message = send(receipt.payment, "receipt", letters, receipt=receipt, invoices=paid, attached=attached)
    if message:
        Receipt.update(message=message).where(Receipt.id == receipt.id).execute()


def confirm_address(token: str, by: Account | None, password: str, letters: Letters, city: City) -> EmailConfirmation:
    """Make an address count, and send it the receipts that waited for it.

    Raises: WrongCredentials, BadLink, AddressTaken.
    """
    email_confirmation.want_owner(token, by, password)
    with write():
        row = email_confirmation.confirm(token, letters, city)
        since = max(email_confirmation.asked_since(row), clock.now() - WAITED_FOR)
        for receipt in _waiting(row.account_id, since):
            send_receipt(receipt, letters)
    return row


def _waiting(account_id: int, since: datetime) -> list[Receipt]:
    """Return the receipts, never sent, of what an account paid while its address waited, those taken back left out."""
    return list(
        Receipt.select(Receipt, Payment, Account)
        .join(Payment)
        .join(Account)
        .where(
            Payment.account == account_id,
            Payment.state.in_((*Payment.RECEIVED_STATES, Payment.REFUNDED)),
            Receipt.message.is_null(),
            Receipt.issued_at >= since,
        )
        .order_by(Receipt.id)
    )
