"""How the portal is doing, in figures."""

from datetime import datetime, timedelta

from peewee import PeeweeException

from domain.common import alerts, clock, jobs
from domain.common.outbox import FAR
from models import Message, Payment

MAIL_LATE_AFTER = timedelta(hours=2)
OK, ATTENTION = "ok", "attention"
COPIED, SENT, EXERCISED = "backup", "backup sent", "restore exercise"  # the jobs that the city's own timers do
EVERY_HOUR, EVERY_MONTH = timedelta(hours=1), timedelta(days=31)


def copied() -> None:
    """Remember that a copy of the database was made and checked."""
    jobs.note(COPIED, EVERY_HOUR)


def sent(problem: str = "") -> None:
    """Remember that the last copy was sent off the machine, or what kept it here."""
    jobs.note(SENT, EVERY_HOUR, problem)


def exercised(problem: str = "") -> None:
    """Remember that a copy was restored aside, or what kept it from being restored."""
    jobs.note(EXERCISED, EVERY_MONTH, problem)


def last_copied() -> datetime | None:
    """Return when the last copy was made, in UTC; None when none ever was."""
    return jobs.last_run(COPIED)


def report(schema: str, version: str) -> dict[str, str | int | None]:
    """Return status ("ok", "attention" or what is wrong), version, schema, and what waits."""
    still_tried = Message.sent_at.is_null() & (Message.due_at < FAR)
    too_old = Message.created_at < clock.now() - MAIL_LATE_AFTER
    try:
        unresolved = Payment.select().where(Payment.state.in_(Payment.OPEN_STATES)).count()
        waiting = Message.select().where(still_tried).count()
        late = Message.select().where(still_tried, too_old).count()
        copy = last_copied()
        refused = alerts.is_open(alerts.Kind.ACCOUNT_REFUSED)
    except PeeweeException as problem:
        return {"status": f"database: {type(problem).__name__}", "version": version, "schema": schema}
    return {
        "status": f"mail late: {late}" if late else ATTENTION if refused else OK,
        "version": version,
        "schema": schema,
        "gateway": "account refused" if refused else OK,
        "payments_unresolved": unresolved,
        "mail_waiting": waiting,
        "last_backup": f"{copy.isoformat(timespec='seconds')}Z" if copy else None,
    }
