"""What one may register for: seasons, programmes and groups, with what is left of each, and who of a household may."""

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from peewee import fn

from city import City
from domain.activities import classes, eligibility, enrolled, price_list, pricing, windows
from domain.activities.eligibility import Reason
from domain.activities.enrolments import Enrolment
from domain.activities.pricing import PriceLine
from domain.activities.windows import State
from domain.common import clock
from domain.common.batches import among
from models import Activity, CartItem, ImportRun, Person, Place, PlacesTaken, PriceRule

KEPT_FOR = timedelta(seconds=5)
FEW = 3  # places: from there on the catalogue says so


class NoSuchActivity(Exception):
    """Tried to open what is not in the catalogue."""


@dataclass(frozen=True)
class Entry:
    """A group as it stands now. `free` is None when the city does not sell it here."""

    activity: Activity
    state: State
    free: int | None
    is_being_paid: bool  # some of its places are held: one may free yet

    @property
    def few(self) -> bool:
        return self.free is not None and 0 < self.free <= FEW


@dataclass(frozen=True)
class Programme:
    """The groups of one programme in one season."""

    code: str
    title: str
    season: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Search:
    """What somebody looks for in the catalogue; what is empty is not asked."""

    words: str = ""
    season: str = ""
    place: str = ""
    weekday: str = ""
    most_cents: int | None = None
    only_free: bool = False


@dataclass(frozen=True)
class Option:
    """What one may take beside a place, such as child care, and what it would cost, tax included.

    `label` is that of the row which sets this price: a third child's is not the first one's.
    """

    code: str
    label: str
    price_cents: int


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may take a group, why not, and what it would cost her, tax included."""

    reasons: Sequence[Reason]
    price_cents: int
    options: Sequence[Option]
    fees: Sequence[PriceLine]  # asked once beside it, and not in its price
    is_priced: bool = True  # what nobody has priced for her does not cost 0 $

    @property
    def is_yes(self) -> bool:
        return not self.reasons

    @property
    def is_of_age(self) -> bool:
        """Tell whether a group is of somebody's age: those that are not are shown apart."""
        return not {Reason.AGE, Reason.SCHOOL} & set(self.reasons)


Cost = tuple[int, list[Option], list[PriceLine], bool]  # the last four of a verdict


class Catalogue:
    """The rows of the catalogue, kept some seconds and never past an import; what is left is read each time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: Sequence[Activity] = ()
        self._unpriced: set[int] = set()
        self._read_at: datetime | None = None
        self._as_of: int | None = None

    def forget(self) -> None:
        """Have the rows read anew: somebody of the city changed them."""
        self._read_at = None

    def entries(self, now: datetime) -> list[Entry]:
        """Return every group of the catalogue as it stands now, by season, title and day."""
        rows = self._activities(now)  # only these are counted: past seasons have their counters too
        counters = {
            one.activity_id: one for one in among(PlacesTaken.select(), PlacesTaken.activity, [one.id for one in rows])
        }
        held = set(CartItem.select(CartItem.activity).where(CartItem.state == CartItem.HELD).distinct().scalars())
        return [
            entry_of(one, counters.get(one.id), one.id in held, now, has_price=one.id not in self._unpriced)
            for one in rows
        ]

    def _activities(self, now: datetime) -> Sequence[Activity]:
        imported = ImportRun.select(fn.MAX(ImportRun.id)).scalar()
        with self._lock:
            if imported != self._as_of or not self._read_at or not self._read_at <= now < self._read_at + KEPT_FOR:
                self._rows, self._as_of, self._read_at = _read(clock.local(now).date()), imported, now
                self._unpriced = price_list.unpriced(self._rows)
            return self._rows


def _read(today: date) -> Sequence[Activity]:
    shown = Activity.capacity.is_null(False) | (Activity.register_at != "")
    rows = Activity.select(Activity, Place).join(Place).where(shown, Activity.ends_on >= today)
    return list(rows.order_by(Activity.season, Activity.title, Activity.starts_on, Activity.starts_at, Activity.id))


def entry_of(
    activity: Activity, counter: PlacesTaken | None, is_held: bool, now: datetime, *, has_price: bool
) -> Entry:
    """Return how a group stands; one that nobody has priced is closed until somebody does."""
    free = counter.capacity - counter.taken if counter and counter.capacity is not None else None
    return Entry(activity, windows.state(activity, free, now) if has_price else State.CLOSED, free, is_held)


def one(code: str, now: datetime) -> Entry:
    """Return one group of the catalogue, even one that is over. Raises: NoSuchActivity."""
    shown = Activity.capacity.is_null(False) | (Activity.register_at != "")
    activity = Activity.select(Activity, Place).join(Place).where(Activity.code == code, shown).first()
    if activity is None:
        raise NoSuchActivity(code)
    held = CartItem.select().where(CartItem.activity == activity, CartItem.state == CartItem.HELD).exists()
    counter, has_price = PlacesTaken.get_or_none(PlacesTaken.activity == activity), not price_list.unpriced([activity])
    return entry_of(activity, counter, held, now, has_price=has_price)


def find(entries: Iterable[Entry], wanted: Search, also: Callable[[Activity], str] = lambda _one: "") -> list[Entry]:
    """Return what is looked for; accents and case do not count, and every word must begin a word there.

    So « nage » does not find « patinage ». `also` is what else a group may be called.
    """
    words = _words(wanted.words)

    def says(activity: Activity) -> bool:
        text = _text(activity, also(activity)) if words else ""
        return all(f" {word}" in text for word in words)

    return [one for one in entries if _fits(one, wanted) and says(one.activity)]


def _fits(entry: Entry, wanted: Search) -> bool:
    activity = entry.activity
    return (
        wanted.season in ("", activity.season)
        and wanted.place in ("", activity.place.code)
        and (not wanted.weekday or wanted.weekday in activity.weekdays.split())
        and (wanted.most_cents is None or (activity.price_cents or 0) <= wanted.most_cents)
        and (not wanted.only_free or entry.state in (State.SOON, State.OPEN))
    )


def _text(activity: Activity, also: str) -> str:
    """Return all that a group is found by, each word after a space."""
    named = (activity.title, activity.code, activity.program, activity.season, activity.level)
    return " " + " ".join(_words(" ".join((*named, activity.description, activity.place.name, also))))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", classes.folded(text))


def programmes(entries: Iterable[Entry]) -> list[Programme]:
    """Group entries by programme and season, in the order given."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.activity.season, entry.activity.programme), []).append(entry)
    return [Programme(code, title_of(found), season, found) for (season, code), found in groups.items()]


def title_of(entries: Sequence[Entry]) -> str:
    """Return what the titles of a programme's groups begin with, up to a comma."""
    beginnings = {entry.activity.title.split(",")[0].strip() for entry in entries}
    return beginnings.pop() if len(beginnings) == 1 else entries[0].activity.title


def verdicts(
    household_id: int, people: Sequence[Person], activities: Sequence[Activity], city: City, now: datetime
) -> dict[tuple[int, int], Verdict]:
    """Judge each person for each group, with its price: a constant number of queries, however many there are."""
    if not people or not activities:
        return {}
    standing = eligibility.standing(household_id, people, activities, city, now)
    rules, settled = standing.rules, enrolled.of_household(household_id, activities)
    today = clock.local(now).date()

    named = {rule.program for rule in rules}

    def cost(person: Person, activity: Activity) -> Cost:
        labels = price_list.options_for(activity, person, today, rules, city)
        place = Enrolment(0, person, activity, tuple(labels), today, len(settled.places) + 1)
        own, *beside = pricing.price([place], settled.places, settled.paid_cents, rules, city)[0]
        options = [
            Option(line.option, line.label or labels[line.option], pricing.shown_cents([line]))
            for line in beside
            if not line.fee
        ]
        with_it = [own, *(line for line in beside if line.fee == PriceRule.EACH_PLACE)]
        once = [line for line in beside if line.fee in (PriceRule.ONCE_A_HOUSEHOLD, PriceRule.ONCE_A_CHILD)]
        is_priced = pricing.is_priced(person, activity, rules, city, today)
        return pricing.shown_cents(with_it), options, once, is_priced

    costs: dict[tuple[object, ...], Cost] = {}

    def judge(person: Person, activity: Activity) -> Verdict:
        """Work out once what costs the same every week: all that the price list does not name, nor a rank or cap."""
        alike = (person.id, *_priced_by(activity))
        if settled.places or settled.paid_cents or activity.code in named:
            alike = (person.id, activity.id)
        if alike not in costs:
            costs[alike] = cost(person, activity)
        return Verdict(eligibility.reasons(standing, person, activity), *costs[alike])

    return {(person.id, activity.id): judge(person, activity) for person in people for activity in activities}


def _priced_by(activity: Activity) -> tuple[object, ...]:
    """Return what of an activity its price depends on, as long as the household has nothing yet."""
    own = activity.price_cents, activity.price_non_resident_cents, activity.tax_code, activity.category
    return activity.programme, activity.season, *own
