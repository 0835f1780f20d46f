"""Places to price, and which child of a household is the first."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from city_registration import Registration as Settings
from models import Activity, Person, PriceRule

Group = tuple[str, str, str, date | None]  # season, programme, option, and the first day when ranks are of each


@dataclass(frozen=True)
class Enrolment:
    """Somebody's place in an activity, and options beside it. `held_on` is Montreal's day of the hold."""

    key: int | str
    person: Person
    activity: Activity
    options: tuple[str, ...]
    held_on: date
    order: int  # as taken


Worth = Callable[[Enrolment, str], int]  # what a place, or its option, costs a first child, in cents


class Ranks:
    """Which child of the household each one is: those settled come first, each is counted once."""

    def __init__(
        self, places: Iterable[Enrolment], settled: Iterable[Enrolment], first_child: str, worth: Worth
    ) -> None:
        self._places, self._settled = in_order(places), in_order(settled)
        self._first_child, self._worth = first_child, worth
        self._known: dict[Group, list[int]] = {}

    def of(self, place: Enrolment, option: str, over: str) -> int:
        """Return the rank of a place's child among those with the place, or with that option."""
        activity = place.activity
        group = (activity.season, activity.programme, option, activity.starts_on if over == PriceRule.DATES else None)
        if group not in self._known:
            self._known[group] = self._in_rank(group)
        return self._known[group].index(place.person.id) + 1

    def _in_rank(self, group: Group) -> list[int]:
        settled = [one.person.id for one in self._settled if _is_of(one, group)]
        new = [one for one in self._places if _is_of(one, group)]
        return list(dict.fromkeys([*settled, *self._first_first(new, group[2])]))

    def _first_first(self, places: Sequence[Enrolment], option: str) -> list[int]:
        """Return whose places they are, as the city chooses who is first; those alike, as taken."""
        people = {place.person.id: place.person for place in places}
        if self._first_child == Settings.OLDEST:
            return sorted(people, key=lambda one: people[one].birth_date)
        if self._first_child == Settings.DEAREST:
            worth = dict.fromkeys(people, 0)
            for place in places:
                worth[place.person.id] += self._worth(place, option)
            return sorted(people, key=lambda one: -worth[one])
        return list(people)


def in_order(places: Iterable[Enrolment]) -> list[Enrolment]:
    """Return places as taken; those of one `order` stay as they come."""
    return sorted(places, key=lambda place: place.order)


def _is_of(place: Enrolment, group: Group) -> bool:
    season, programme, option, first_day = group
    activity = place.activity
    return (
        (activity.season, activity.programme) == (season, programme)
        and (not option or option in place.options)
        and first_day in (None, activity.starts_on)
    )
