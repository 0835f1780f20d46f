"""Accompaniment: what a home asks for a child with special needs, and the city decides before registering opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from peewee import fn

from city import City
from domain.activities import windows
from domain.care import health_forms
from domain.common import alerts, audit, clock, outbox
from domain.common.alerts import Kind
from domain.common.letters import Letters
from domain.people import household
from models import Accompaniment, Account, Activity, Membership, Person, Value, write

WARN_BEFORE = timedelta(days=7)


class AlreadyDecided(Exception):
    """Tried to change or decide a request that the city has decided."""


@dataclass(frozen=True)
class Season:
    """A season for which accompaniment may be asked: when it opens (UTC), and the last day to ask in time."""

    name: str
    opens_at: datetime | None  # None: open already
    last_day: date | None
    good_until: date

    def is_in_time(self, day: date) -> bool:
        """Tell whether what is asked that day is decided before the opening."""
        return self.last_day is not None and day <= self.last_day


def seasons(camps: Sequence[Activity], city: City, now: datetime) -> list[Season]:
    """Return the seasons of some camps, the first to open first."""
    by_name: dict[str, list[Activity]] = {}
    for camp in camps:
        by_name.setdefault(camp.season or camp.programme, []).append(camp)
    found = [_season(name, groups, city, now) for name, groups in by_name.items()]
    return sorted(found, key=lambda one: (one.opens_at or now, one.name))


def _season(name: str, groups: Sequence[Activity], city: City, now: datetime) -> Season:
    ahead = [moment for moment in (windows.first_opening(group, now) for group in groups) if moment]
    opens_at = min(ahead) if len(ahead) == len(groups) else None
    before = timedelta(days=city.health_forms.accompaniment_days)
    last_day = clock.local(opens_at).date() - before if opens_at else None
    good_until = max(health_forms.year_end(group.ends_on, city) for group in groups)
    return Season(name, opens_at, last_day, good_until)


def of_home(person: Person, household_id: int) -> list[Accompaniment]:
    """Return what a home asked for a child, the latest first."""
    ours = Accompaniment.person == person, Accompaniment.household == household_id
    return list(Accompaniment.select().where(*ours).order_by(Accompaniment.id.desc()))


def ask(
    account: Account, person: Person, household_id: int, season: Season, words: str, letters: Letters, city: City
) -> None:
    """Ask for accompaniment, or say again what is asked while nobody has decided; the city is written to once.

    The letter says neither for whom nor what. Raises: AlreadyDecided.
    """
    ours = (
        (Accompaniment.person == person)
        & (Accompaniment.household == household_id)
        & (Accompaniment.season == season.name)
    )
    values: dict[str, Value] = {
        "words": words,
        "asked_by": account.person_id,
        "decide_by": season.opens_at,
        "good_until": season.good_until,
    }
    with write():
        asked = Accompaniment.get_or_none(ours)
        if asked is None:
            asked = Accompaniment.create(
                person=person, household=household_id, season=season.name, asked_at=clock.now(), **values
            )
            outbox.write(city.help.email, *letters.write("accompaniment_to_decide", asked=asked))
        elif not Accompaniment.update(**values).where(ours, Accompaniment.decided_at.is_null()).execute():
            raise AlreadyDecided
        audit.by_resident(account, audit.Act.ACCOMPANIMENT_ASKED, subject=str(asked.id))


def to_decide() -> list[Accompaniment]:
    """Return what nobody has decided, what must be decided first coming first."""
    waiting = list(Accompaniment.select().where(Accompaniment.decided_at.is_null()).order_by(Accompaniment.id))
    return sorted(waiting, key=lambda one: one.decide_by or one.asked_at)


def decide(asked: Accompaniment, decision: str, answer: str, decided_by: str, letters: Letters) -> None:
    """Grant or refuse, in the caller's transaction; whoever asked is told that there is an answer, not which.

    `decided_by` is a staff user name. Raises: AlreadyDecided.
    """
    values = {"decision": decision, "answer": answer, "decided_by": decided_by, "decided_at": clock.now()}
    open_still = (Accompaniment.id == asked.id) & Accompaniment.decided_at.is_null()
    if not Accompaniment.update(**values).where(open_still).execute():
        raise AlreadyDecided
    alerts.settle(Kind.ACCOMPANIMENT_TO_DECIDE, str(asked.id))
    outbox.write(household.address_of(asked.asked_by), *letters.write("accompaniment_decided", asked=asked))


def warn_undecided(now: datetime) -> int:
    """Put before a person what is not decided a week before the opening; return how many."""
    soon = Accompaniment.decided_at.is_null(), Accompaniment.decide_by < now + WARN_BEFORE
    undecided = list(Accompaniment.select().where(*soon))
    for asked in undecided:
        with write():
            alerts.list_once(Kind.ACCOMPANIMENT_TO_DECIDE, str(asked.id), number=asked.id)
    return len(undecided)


def erase_past(today: date) -> int:
    """Erase the requests whose year is over, and those of homes that the child has left; return how many."""
    still_there = Membership.select().where(
        Membership.person == Accompaniment.person, Membership.household == Accompaniment.household
    )
    with write():
        return Accompaniment.delete().where((Accompaniment.good_until < today) | ~fn.EXISTS(still_there)).execute()
