"""What runs by itself: mail, reminders, tax receipts, the clean-up, and what is asked of the gateway now and then.

Each job is a row of the table `job`: how often, when it last ended, what went wrong. `flask jobs` runs what is due.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from adapters.mail_templates import Letters
from city import City
from domain.access import (
    email_undo,
    help_asked,
    identification,
    password_reset,
    proof,
    refused_tries,
    sessions,
    sign_ins,
    unsent_forms,
    verification,
)
from domain.activities import letters_of_places, partner_invoices
from domain.billing import reminders
from domain.billing.listener import Listener
from domain.care import accompaniment, health_forms, ready_reminders
from domain.cart import outages
from domain.common import clock, jobs, rate_limits
from domain.operations import watch
from domain.operations.health import Seen
from domain.payments import (
    card_tries,
    deleted_cards,
    instalments,
    reconciliation,
    recovered_charges,
    returned_charges,
    saved_cards,
    settlement,
)
from domain.payments.context import Context
from domain.payments.gateway import AccountRefused, GatewayDown, NoSuchCharge, Uncertain
from domain.privacy import retention
from domain.staff import accounts
from domain.taxes import tax_receipts
from models import write

log = logging.getLogger("portal.jobs")

EACH_TURN, MINUTE, HOUR, DAY = timedelta(0), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ASK_AGAIN = timedelta(minutes=5)
MAIL = "mail"


@dataclass(frozen=True)
class Job:
    """Something done by itself, `every` so often, `when` it may."""

    name: str
    every: timedelta
    do: Callable[[], object]
    when: Callable[[], bool] = lambda: True


def ordinary(
    send_mail: Callable[[], int], letters: Letters, city: City, listener: Listener, see: Callable[[], Seen]
) -> Sequence[Job]:
    """Return the jobs that any process may do; `see` tells what only this one can of the machine."""
    return (
        Job("help asked", EACH_TURN, lambda: help_asked.answer_due(letters, city)),
        Job(MAIL, EACH_TURN, send_mail),
        Job("reminders", HOUR, lambda: reminders.write_due(letters, city, clock.today()), reminders.is_daytime),
        Job("ready", HOUR, lambda: ready_reminders.write_due(letters, city, clock.now()), reminders.is_daytime),
        Job("accompaniment undecided", HOUR, lambda: accompaniment.warn_undecided(clock.now())),
        Job("health forms", DAY, lambda: health_forms.erase_past(clock.today())),
        Job("accompaniments", DAY, lambda: accompaniment.erase_past(clock.today())),
        Job("instalments", MINUTE, lambda: instalments.run(letters, clock.today()), reminders.is_daytime),
        Job("invoices of contracts", MINUTE, lambda: partner_invoices.issue_due(listener, clock.today())),
        Job("tax receipts", EACH_TURN, lambda: tax_receipts.issue_due(letters, city, clock.today())),
        Job("places lapsed", EACH_TURN, lambda: letters_of_places.let_go(letters, clock.now())),
        Job("sessions seen", EACH_TURN, sessions.note_seen),
        Job("sessions ended", MINUTE, sessions.forget_expired),
        Job("staff sessions ended", MINUTE, accounts.forget_expired),
        Job("identifications ended", MINUTE, identification.forget_expired),
        Job("proofs spent", MINUTE, proof.forget_expired),
        Job("limits passed", MINUTE, rate_limits.forget_expired),
        Job("cards tried", HOUR, card_tries.forget_expired),
        Job("password resets ended", MINUTE, password_reset.forget_expired),
        Job("sign-up codes ended", MINUTE, verification.forget_expired),
        Job("email links ended", HOUR, email_undo.forget_expired),
        Job("browsers forgotten", DAY, sign_ins.forget_expired),
        Job("refusals forgotten", DAY, refused_tries.forget_expired),
        Job("unsent forms", HOUR, unsent_forms.forget_expired),
        Job("saved cards", MINUTE, saved_cards.forget_expired),
        Job("cards of the deceased", DAY, saved_cards.forget_deceased),
        Job("retention", DAY, lambda: retention.clean_up(letters, city)),
        Job("destructions proposed", DAY, lambda: retention.propose(city)),
        Job("destructions", MINUTE, lambda: retention.carry_out(letters, city)),
        Job("watch", MINUTE, lambda: watch.tell(letters, city.operator.email, see())),
        Job("what waits", DAY, lambda: watch.tell_what_waits(letters, city.operator.email), reminders.is_daytime),
    )


def at_the_gateway(context: Context) -> Sequence[Job]:
    """Return the jobs of the process that charges: they ask again what no answer or webhook told."""
    context = context.because("sweep")

    def job(name: str, ask: Callable[[Context], object]) -> Job:
        return Job(name, ASK_AGAIN, lambda: telling(context, ask))

    return (
        Job("gateway answers", EACH_TURN, lambda: outages.look(context.gateway, clock.now())),
        Job("gateway seen", ASK_AGAIN, lambda: watch.look_at_gateway(context.gateway)),
        job("charges held", recovered_charges.book_held),
        job("payments given up", reconciliation.recheck_given_up),
        job("money on its way", settlement.follow_due),
        job("refunds on their way", settlement.follow_refunds_due),
        job("returned charges on their way", returned_charges.follow_due),
        job(reconciliation.DAILY, reconciliation.match_days_due),
        job("cards deleted at the gateway", deleted_cards.drop),
    )


def telling(context: Context, ask: Callable[[Context], object]) -> object:
    """Ask something of the gateway; when it refuses the city's account, the city is told. Raises: what asking does."""
    try:
        return ask(context)
    except AccountRefused as refusal:
        with write():
            context.listener.account_refused(str(refusal))
        raise


def run_due(due: Sequence[Job]) -> dict[str, object]:
    """Run the jobs whose time has come; return what each gave, by name.

    One that fails does not hold up the others. Raises: what the last of them to fail raised, once all have run.
    """
    done: dict[str, object] = {}
    failure = None
    for job in due:
        if not (job.when() and jobs.is_due(job.name, job.every)):
            continue
        try:
            done[job.name] = job.do()
        except (Uncertain, NoSuchCharge, GatewayDown) as problem:  # no fault of ours: the next turn asks again
            log.warning("%s could not be finished: %s", job.name, type(problem).__name__)
            jobs.note(job.name, job.every, type(problem).__name__)
        except Exception as problem:
            log.exception("%s failed; the others go on", job.name)
            failure = problem
            jobs.note(job.name, job.every, type(problem).__name__)
        else:
            jobs.note(job.name, job.every)
    if failure:
        raise failure
    return done
