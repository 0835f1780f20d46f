"""When an activity may be taken, and by whom: residents first, then neighbours, then everyone. Moments are UTC."""

from datetime import date, datetime
from enum import StrEnum

from city import City
from domain.activities.classes import EVERYONE, NEIGHBOURS, RESIDENTS, window_class
from domain.common import clock
from models import Activity, Person

ALWAYS = datetime(1, 1, 1)  # open since nobody knows when
IN_ORDER = (RESIDENTS, NEIGHBOURS, EVERYONE)


class State(StrEnum):
    """How an activity stands in the catalogue, whoever looks."""

    SOON, OPEN, FULL, CLOSED, ELSEWHERE = "soon", "open", "full", "closed", "elsewhere"


def state(activity: Activity, free: int | None, now: datetime) -> State:
    """Return how an activity stands: open when any window is. `free` is None when nobody counts its places."""
    if activity.register_at:
        return State.ELSEWHERE
    if is_closed(activity, now):
        return State.CLOSED
    if now < min(openings(activity).values()):
        return State.SOON
    return State.FULL if free is not None and free <= 0 else State.OPEN


def is_closed(activity: Activity, now: datetime) -> bool:
    """Tell whether nobody may register any more, or never could: it is not sold here."""
    return activity.capacity is None or bool(activity.register_at) or now >= closes_at(activity)


def closes_at(activity: Activity) -> datetime:
    """Return when registering ends: when it starts, unless the city says another moment."""
    return activity.closes or clock.stored(datetime.combine(activity.starts_on, activity.starts_at))


def openings(activity: Activity) -> dict[str, datetime]:
    """Return when each class may register; one that never may is left out.

    Whoever has no hour of her own comes with everyone, and so does she whose own would be later.
    """
    if activity.opens_residents is None and activity.opens_everyone is None:
        return dict.fromkeys(IN_ORDER, ALWAYS)
    own = {RESIDENTS: activity.opens_residents, NEIGHBOURS: activity.opens_neighbours}
    moments = {each: [own.get(each), activity.opens_everyone] for each in IN_ORDER}
    known = {each: [one for one in those if one] for each, those in moments.items()}
    return {each: min(those) for each, those in known.items() if those}


def first_opening(activity: Activity, now: datetime) -> datetime | None:
    """Return when the class that comes first will be let in; None when one is already, or none ever is."""
    moments = openings(activity).values()
    return min(moments) if moments and now < min(moments) else None


def opening_for(person: Person, activity: Activity, city: City, day: date) -> datetime | None:
    """Return when somebody's window opens, or did; None when it never does."""
    return openings(activity).get(window_class(person, city, day))


def opens_at(activity: Activity, person: Person, city: City, now: datetime) -> datetime | None:
    """Return when somebody's window will open; None when it is open already, or never will be."""
    opening = opening_for(person, activity, city, clock.local(now).date())
    return opening if opening and now < opening else None


def phase(activity: Activity, now: datetime) -> str:
    """Return whose phase it is: of the last class that was let in; before the hour, of the first to be."""
    by_class = openings(activity)
    let_in = [each for each in IN_ORDER if each in by_class and by_class[each] <= now]
    return let_in[-1] if let_in else min(by_class, key=lambda each: (by_class[each], IN_ORDER.index(each)))
