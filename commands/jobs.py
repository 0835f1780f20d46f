"""What runs by itself: mail that is due, the gateway's sweep, and the clean-up. `flask jobs` runs it once."""

from adapters.mail import Mailer
from domain import identification, matching, outbox, sessions
from domain.charging import Gateway, Uncertain
from domain.notices import Teller


def run_due(mailer: Mailer) -> int:
    """Send the mail that is due and forget what has expired; return how many messages left."""
    sent = outbox.send_due(mailer)
    identification.forget_expired()
    sessions.note_seen()
    sessions.forget_expired()
    return sent


def sweep(gateway: Gateway, teller: Teller) -> None:
    """Look again for payments given up, and match yesterday with the gateway once."""
    try:
        matching.recheck_given_up(gateway, teller)
    except Uncertain:
        return
    matching.match_yesterday(gateway, teller)
