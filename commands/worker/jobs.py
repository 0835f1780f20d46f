"""What runs by itself: mail that is due, the gateway's sweep, and the clean-up. `flask jobs` runs it once."""

import logging

from adapters.mail import Mailer
from adapters.mail_templates import Letters
from city import City
from domain.access import identification, password_reset, sessions, unsent_forms
from domain.billing import reminders
from domain.common import clock, outbox, rate_limits
from domain.payments import reconciliation, recovered_charges, refunds, saved_cards, settlement
from domain.payments.context import Context
from domain.payments.gateway import NoSuchCharge, Uncertain
from domain.privacy import retention
from domain.staff import accounts
from domain.taxes import tax_receipts

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
        rate_limits.forget_expired,
        password_reset.forget_expired,
        sessions.note_seen,
        sessions.forget_expired,
        accounts.forget_expired,
        unsent_forms.forget_expired,
        saved_cards.forget_expired,
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


def sweep(context: Context) -> None:
    """Look again for what was given up, follow money on its way, match the days that ended. Each step by itself."""
    context = context.because("sweep")
    steps = (
        lambda: recovered_charges.book_held(context),
        lambda: reconciliation.recheck_given_up(context),
        lambda: settlement.follow_due(context),
        lambda: refunds.follow_due(context),
        lambda: reconciliation.match_days_due(context),
    )
    for step in steps:
        try:
            step()
        except (Uncertain, NoSuchCharge) as problem:  # the next turn asks again
            log.warning("the sweep could not finish a step: %s", type(problem).__name__)
