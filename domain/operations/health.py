"""How the portal is doing: what keeps it from serving, what a person must look at, and the figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from peewee import Expression, PeeweeException

from domain.common import alerts, clock, jobs, outbox
from domain.common.outbox import FAR
from models import Alert, Counter, Job, LedgerEntry, Message, Payment, is_sqlite

OK, ATTENTION, DOWN = "ok", "attention", "down"
COPIED, SENT, EXERCISED = "backup", "backup sent", "restore exercise"  # the jobs that the city's own timers do
EVERY_HOUR, EVERY_MONTH = timedelta(hours=1), timedelta(days=31)
SILENT_SINCE = "gateway not seen since"

MAIL_LATE_AFTER = timedelta(hours=2)
SILENT_AFTER = timedelta(minutes=10)
COPY_STALE_AFTER = timedelta(hours=48)
ALERT_OLD_AFTER = timedelta(days=1)
JOB_LATE_AFTER, RETIRED_AFTER = timedelta(days=1), timedelta(days=30)  # beyond its own time; a job that is no more
LEAST_FREE_PERCENT, FULL_PERCENT = 10, 1
AT_THE_GATEWAY = ("Uncertain", "GatewayDown", "NoSuchCharge", "AccountRefused")  # told as the gateway's silence


class Wrong(StrEnum):
    """What may be wrong; the first five keep the portal from serving."""

    DATABASE = "database"
    SCHEMA = "schema"
    DISK_FULL = "disk full"
    WORKERS = "workers"
    BOOKS = "books"
    DISK = "disk"
    COPY = "copy"
    GATEWAY_SILENT = "gateway silent"
    GATEWAY_REFUSES = "gateway account refused"
    MAIL_LATE = "mail late"
    MAIL_GIVEN_UP = "mail given up"
    ALERTS = "alerts"
    JOB_LATE = "job late"
    JOB_FAILS = "job fails"


KEEPS_FROM_SERVING = {Wrong.DATABASE, Wrong.SCHEMA, Wrong.DISK_FULL, Wrong.WORKERS, Wrong.BOOKS}


@dataclass(frozen=True)
class Seen:
    """What only the process that asks can see: the schema it wants, room on the disk, whether its threads turn."""

    schema: str
    schema_is_there: Callable[[], bool]  # asked of the database, with the rest
    free_percent: int | None
    workers_turn: bool


def copied() -> None:
    """Remember that a copy of the database was made and checked."""
    jobs.note(COPIED, EVERY_HOUR)


def sent(problem: str = "") -> None:
    """Remember that the last copy was sent off the machine, or what kept it here."""
    jobs.note(SENT, EVERY_HOUR, problem)


def sent_nowhere() -> None:
    """Forget what was sent: there is no target, or none any more."""
    jobs.forget(SENT)


def exercised(problem: str = "") -> None:
    """Remember that a copy was restored aside, or what kept it from being restored."""
    jobs.note(EXERCISED, EVERY_MONTH, problem)


def last_copied() -> datetime | None:
    """Return when the last copy was made, in UTC; None when none ever was."""
    return jobs.last_run(COPIED)


def report(seen: Seen, version: str) -> dict[str, str | int | list[str] | None]:
    """Return the status (ok, attention, down), what is wrong, and what waits."""
    about = {"version": version, "schema": seen.schema}
    try:
        wrong, copy = found(seen), last_copied()
        figures = {
            "payments_unresolved": Payment.select().where(Payment.state.in_(Payment.OPEN_STATES)).count(),
            "mail_waiting": Message.select().where(_still_tried()).count(),
            "last_backup": f"{copy.isoformat(timespec='seconds')}Z" if copy else None,
        }
    except PeeweeException:
        return {"status": DOWN, "wrong": [Wrong.DATABASE], **about}
    return {"status": status_of(wrong), "wrong": list(wrong), **about, **figures}


def status_of(wrong: Sequence[Wrong]) -> str:
    """Return the worst of what is wrong, in a word."""
    if KEEPS_FROM_SERVING.intersection(wrong):
        return DOWN
    return ATTENTION if wrong else OK


def found(seen: Seen) -> list[Wrong]:
    """Return each thing that is wrong. Raises: PeeweeException when the database does not answer."""
    now = clock.now()
    free = 100 if seen.free_percent is None else seen.free_percent
    looks = {
        Wrong.SCHEMA: not seen.schema_is_there(),
        Wrong.DISK_FULL: free < FULL_PERCENT,
        Wrong.WORKERS: not seen.workers_turn,
        Wrong.BOOKS: alerts.is_open(alerts.Kind.BOOKS),
        Wrong.DISK: FULL_PERCENT <= free < LEAST_FREE_PERCENT,
        Wrong.COPY: copy_is_stale(now),
        Wrong.GATEWAY_SILENT: _gateway_is_silent(now),
        Wrong.GATEWAY_REFUSES: alerts.is_open(alerts.Kind.ACCOUNT_REFUSED),
        Wrong.MAIL_LATE: _mail(_still_tried(), Message.created_at < now - MAIL_LATE_AFTER),
        Wrong.MAIL_GIVEN_UP: _mail(outbox.given_up()),
        Wrong.ALERTS: Alert.select()
        .where(Alert.closed_at.is_null(), Alert.created_at < now - ALERT_OLD_AFTER)
        .exists(),
        Wrong.JOB_LATE: any(_is_late(job, now) for job in Job.select().where(Job.every_seconds > 0)),
        Wrong.JOB_FAILS: Job.select().where(Job.last_problem != "", Job.last_problem.not_in(AT_THE_GATEWAY)).exists(),
    }
    return [wrong for wrong, so in looks.items() if so]


def _still_tried() -> Expression:
    return Message.sent_at.is_null() & (Message.due_at < FAR)


def _mail(*conditions: Expression) -> bool:
    return bool(Message.select().where(*conditions).exists())


def copy_is_stale(now: datetime) -> bool:
    """Tell whether a copy is missing or old, once there is something to lose. A server's are out of our sight."""
    if not is_sqlite():
        return False
    limit = now - COPY_STALE_AFTER
    began = LedgerEntry.select(LedgerEntry.at).order_by(LedgerEntry.id).limit(1).scalar()
    copy = last_copied()
    return began is not None and began < limit and (copy is None or copy < limit)


def _gateway_is_silent(now: datetime) -> bool:
    since = Counter.kept_moment(SILENT_SINCE)
    return since is not None and since < now - SILENT_AFTER


def _is_late(job: Job, now: datetime) -> bool:
    """Tell whether a job did not run for a day more than its own time; one that nobody runs since a month is gone."""
    if job.last_run_at is None or job.name in (COPIED, SENT):  # a copy's age is told; nothing is sent once no target is
        return False
    missed = now - job.last_run_at - timedelta(seconds=job.every_seconds)
    return JOB_LATE_AFTER < missed < RETIRED_AFTER
