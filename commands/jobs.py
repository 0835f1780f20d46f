"""What runs by itself: mail that is due, the gateway's sweep, and the clean-up. `flask jobs` runs it once."""

from contextlib import suppress

from adapters.mail import Mailer
from domain import forgotten, identification, limits, lost, matching, outbox, sessions, settlement
from domain.charging import Gateway, Uncertain
from domain.notices import Teller


def run_due(mailer: Mailer) -> int:
    """Send the mail that is due and forget what has expired; return how many messages left."""
    sent = outbox.send_due(mailer)
    identification.forget_expired()
    limits.forget_expired()
    forgotten.forget_expired()
    sessions.note_seen()
    sessions.forget_expired()
    return sent


def sweep(gateway: Gateway, teller: Teller) -> None:
    """Look again for payments given up, follow the money not settled yet, and match yesterday once."""
    with suppress(Uncertain):  # the gateway does not answer: the next turn asks again
        lost.book_held(gateway, teller)
        matching.recheck_given_up(gateway, teller)
        settlement.follow_due(gateway, teller)
        matching.match_yesterday(gateway, teller)
