"""What runs by itself: mail that is due, and the clean-up of what has expired. `flask jobs` runs it once."""

from adapters.mail import Mailer
from domain import identification, outbox, sessions


def run_due(mailer: Mailer) -> int:
    """Send the mail that is due and forget what has expired; return how many messages left."""
    sent = outbox.send_due(mailer)
    identification.forget_expired()
    sessions.forget_expired()
    return sent
