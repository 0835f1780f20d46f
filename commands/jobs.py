"""What runs by itself: mail that is due, the gateway's sweep, and the clean-up. `flask jobs` runs it once."""

import logging

from adapters.letters import Letters
from adapters.mail import Mailer
from city import City
from domain import (
    forgotten,
    identification,
    limits,
    lost,
    matching,
    outbox,
    refunds,
    reminders,
    retention,
    sessions,
    settlement,
    staff,
    tax_receipts,
    typed,
    vault,
)
from domain.charging import Gateway, NoSuchCharge, Uncertain
from domain.common import clock
from domain.notices import Teller

log = logging.getLogger("portal.jobs")


def run_due(mailer: Mailer, letters: Letters, city: City) -> int:
    """Send the mail that is due, write what must be, forget what has expired; return how many messages left.

    A step that fails does not hold up the others. Raises: what the last of them to fail raised, once all have run.
    """
    sent, failure = 0, None
    for step in (
        lambda: outbox.send_due(mailer),
        lambda: reminders.write_hourly(letters, city),
        lambda: tax_receipts.issue_due(letters, city, clock.today()),
        identification.forget_expired,
        limits.forget_expired,
        forgotten.forget_expired,
        sessions.note_seen,
        sessions.forget_expired,
        staff.forget_expired,
        typed.forget_expired,
        vault.forget_expired,
        retention.apply_daily,
    ):
        try:
            done = step()
        except Exception as problem:
            log.exception("a step failed; the others go on")
            failure = problem
        else:
            sent = sent or done or 0
    if failure:
        raise failure
    return sent


def sweep(gateway: Gateway, teller: Teller) -> None:
    """Look again for what was given up, follow money on its way, match the days that ended. Each step by itself."""
    steps = (
        lambda: lost.book_held(gateway, teller),
        lambda: matching.recheck_given_up(gateway, teller),
        lambda: settlement.follow_due(gateway, teller),
        lambda: refunds.follow_due(gateway),
        lambda: matching.match_days_due(gateway, teller),
    )
    for step in steps:
        try:
            step()
        except (Uncertain, NoSuchCharge) as problem:  # the next turn asks again
            log.warning("the sweep could not finish a step: %s", type(problem).__name__)
