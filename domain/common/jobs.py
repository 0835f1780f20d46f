"""What the portal does by itself: when each job last ran, how far it is, and what went wrong then."""

from datetime import date, datetime, timedelta

from domain.common import clock
from models import Job, Value, write

NOTED_EVERY = timedelta(minutes=1)  # a row an hour is a row; a row every five seconds is wear


def last_run(name: str) -> datetime | None:
    """Return when a job last ended, in UTC; None when it never did."""
    return Job.select(Job.last_run_at).where(Job.name == name).scalar()


def is_due(name: str, every: timedelta) -> bool:
    """Tell whether a job must run now; one that ran in the future did so before the clock was set back."""
    last, now = last_run(name), clock.now()
    return last is None or last + every <= now or last > now + every


def note(name: str, every: timedelta, problem: str = "") -> None:
    """Write that a job has just ended: after its work, so that one that is cut runs again."""
    now = clock.now()
    row = Job.get_or_none(Job.name == name)
    lately = row and row.last_run_at and now - row.last_run_at < NOTED_EVERY
    if row and lately and every < NOTED_EVERY and row.last_problem == problem:
        return
    _keep(name, every_seconds=int(every.total_seconds()), last_run_at=now, last_problem=problem)


def forget(name: str) -> None:
    """Take a job off the list: nobody does it any more."""
    if Job.select().where(Job.name == name).exists():
        with write():
            Job.delete().where(Job.name == name).execute()


def done_until(name: str) -> date | None:
    """Return the last day that a job which goes day by day has done."""
    return Job.select(Job.done_until).where(Job.name == name).scalar()


def done(name: str, day: date) -> None:
    """Write that a job has done a day."""
    _keep(name, done_until=day)


def _keep(name: str, **values: Value) -> None:
    with write():
        Job.insert(name=name, **values).on_conflict(conflict_target=[Job.name], update=values).execute()
