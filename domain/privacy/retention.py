"""What is past its time is proposed, approved by somebody, destroyed, and the list of it kept. Never the ledger.

Only what is purely technical (sessions, links, limits) goes by itself: jobs of its own. Series and periods: series.py,
and `[retention]` of city.toml.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from peewee import IntegrityError

from city import City
from domain.common import audit, batches, clock
from domain.common.letters import Letters
from domain.privacy import given_up_letters, unused_accounts
from domain.privacy.past_time import Rule
from domain.privacy.series import PAST_A_TIME, Kind, Series
from models import Destruction, EmailConfirmation, StaffAccount, write

AT_ONCE = 20  # rows a transaction: one that erases a person is the longest
LIST_ROWS = 50
DEAD_LINKS_FOR = timedelta(days=40)  # after confirming, receipts are sent of as many days back as payer_letters says


class OtherList(Exception):
    """Tried to approve a list that is no more the one that was shown."""


def limit(series: Series, city: City) -> datetime:
    """Return the moment, the first of a day, before which a series is past its time."""
    day = clock.today() - series.period_of(city).length
    return clock.montreal_day(day)[0]


def count(city: City) -> dict[Kind, int]:
    """Return how many rows of each series are past their time."""
    return {series.kind: _rule(series).figures(limit(series, city), city)[0] for series in PAST_A_TIME}


def propose(city: City) -> None:
    """Write what is past its time of each series, in place of what was proposed and nobody approved."""
    for series in PAST_A_TIME:
        before = limit(series, city)
        rows, first, last = _rule(series).figures(before, city)
        figures = {"rows": rows, "first_on": first, "last_on": last, "before": before, "proposed_at": clock.now()}
        mine = (Destruction.series == series.kind) & Destruction.approved_at.is_null()
        with write():
            if not rows:
                Destruction.delete().where(mine).execute()
            elif not Destruction.update(number=series.period_of(city).number, **figures).where(mine).execute():
                _add(series=series.kind, number=series.period_of(city).number, **figures)


def _add(**values: str | int | date | datetime | None) -> None:
    """Propose something, unless what was approved of its series is not carried out yet."""
    try:
        with write():
            Destruction.create(**values)
    except IntegrityError:
        return


def proposed() -> list[Destruction]:
    """Return what waits for somebody to approve it."""
    return list(Destruction.select().where(Destruction.approved_at.is_null()).order_by(Destruction.id))


def approved() -> list[Destruction]:
    """Return what was approved, the latest first: the list that is kept."""
    rows = Destruction.select().where(Destruction.approved_at.is_null(False))
    return list(rows.order_by(Destruction.id.desc()).limit(LIST_ROWS))


def as_shown(row: Destruction) -> str:
    """Return what tells a proposal from what it becomes once another day's stands in its place."""
    return f"{row.id}:{row.rows}:{row.before:%Y%m%d}"


def approve(staff: StaffAccount, shown: Collection[str]) -> None:
    """Approve lists as they were shown, all or none: a job then carries them out. Raises: OtherList."""
    with write():
        chosen = [row for row in proposed() if as_shown(row) in shown]
        if len(chosen) != len(set(shown)):
            raise OtherList
        for row in chosen:
            mine = (Destruction.id == row.id) & (Destruction.rows == row.rows) & Destruction.approved_at.is_null()
            approval = {"approved_by": staff.username, "approved_at": clock.now()}
            if not Destruction.update(**approval).where(mine).execute():
                raise OtherList
            audit.by_staff(staff, audit.Act.DESTRUCTION_APPROVED, subject=f"{row.series} {row.rows}")


def carry_out(letters: Letters, city: City) -> dict[Kind, int]:
    """Destroy what was approved, a few rows a transaction; what is needed again stays. Return how many went."""
    done: dict[Kind, int] = {}
    waiting = Destruction.select().where(Destruction.approved_at.is_null(False), Destruction.finished_at.is_null())
    for work in list(waiting):
        series = next(one for one in PAST_A_TIME if one.kind == work.series)
        done[series.kind] = _destroy(work, _rule(series), letters, city)
    return done


def _destroy(work: Destruction, rule: Rule, letters: Letters, city: City) -> int:
    mine, went = Destruction.id == work.id, 0
    ids = list(rule.past(work.before, city).select(rule.table.id).tuples())
    for batch in batches.cut([row_id for (row_id,) in ids], AT_ONCE):
        with write():
            rows = list(rule.past(work.before, city).where(rule.table.id.in_(batch)))
            rule.destroy(rows, letters, city)
            Destruction.update(destroyed=Destruction.destroyed + len(rows)).where(mine).execute()
        went += len(rows)
    with write():
        Destruction.update(finished_at=clock.now()).where(mine).execute()
    return went


def clean_up(letters: Letters, city: City) -> None:
    """Do what needs nobody's approval: tell of unused accounts, close the links of letters that never left."""
    unused_accounts.tell_due(letters, city)
    given_up_letters.erase()
    with write():
        EmailConfirmation.delete().where(EmailConfirmation.expires_at < clock.now() - DEAD_LINKS_FOR).execute()


def _rule(series: Series) -> Rule:
    if series.rule is None:
        raise LookupError(series.kind)
    return series.rule
