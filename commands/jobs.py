"""What runs by itself: mail that is due, and the clean-up of what has expired. `flask jobs` runs it once."""

from adapters.letters import Letters
from adapters.mail import Mailer
from domain import identification, outbox, sessions
from domain.payments import Told, invoices_of
from models import Payment, Receipt


def run_due(mailer: Mailer) -> int:
    """Send the mail that is due and forget what has expired; return how many messages left."""
    sent = outbox.send_due(mailer)
    identification.forget_expired()
    sessions.forget_expired()
    return sent


def receipt_teller(letters: Letters) -> Told:
    """Return what writes the receipt's e-mail into the transaction that books a payment."""

    def tell(payment: Payment) -> None:
        email = payment.account.confirmed_email if payment.account else ""
        if not email:
            return
        receipt = Receipt.get(Receipt.payment == payment)
        subject, body = letters.write("receipt", payment=payment, receipt=receipt, invoices=invoices_of(payment))
        outbox.write(email, subject, body)

    return tell
