"""The city's price list: which of its rows holds. The most precise one does."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from city import City
from domain.activities.classes import price_class
from models import Activity, Person, PriceRule

RankOver = Callable[[str], int]  # the child's rank, counted over what a row says


@dataclass(frozen=True)
class Asked:
    """What a price is looked up for: an activity or an option beside it, whose price, on which day of the hold."""

    activity: Activity
    option: str  # empty: the place itself
    price_class: str
    day: date
    is_fee: bool = False  # nobody chooses it, so its code is no option's


def rules_for(activities: Sequence[Activity]) -> list[PriceRule]:
    """Read the rows that speak of some activities: one query."""
    codes = {code for activity in activities for code in programs(activity)}
    return list(PriceRule.select().where(PriceRule.program.in_(codes)))


def unpriced(activities: Sequence[Activity]) -> set[int]:
    """Return the ids of the activities sold here to which nobody has given any price: one query."""
    bare = [one for one in activities if one.capacity is not None and one.price_cents is None and not one.register_at]
    named = (
        {rule.program for rule in rules_for(bare) if not rule.option and rule.amount_cents is not None}
        if bare
        else set()
    )
    return {one.id for one in bare if one.price_non_resident_cents is None and named.isdisjoint(programs(one))}


def programs(activity: Activity) -> list[str]:
    """Return what a row may call an activity: its code, and its programme."""
    return list(dict.fromkeys((activity.code, activity.programme)))


def options_of(activities: Sequence[Activity], rules: Sequence[PriceRule]) -> list[str]:
    """Return the codes of the options that the list has beside some activities, whatever the day."""
    called = {code for activity in activities for code in programs(activity)}
    return sorted({rule.option for rule in rules if rule.option and not rule.fee and rule.program in called})


def row_of(asked: Asked, rules: Sequence[PriceRule], rank: RankOver) -> PriceRule | None:
    """Return the row that sets a price; None leaves the activity's own."""
    rows = [
        rule
        for rule in _matching(asked, rules)
        if rule.amount_cents is not None and (rule.rank is None or rule.rank <= rank(rule.rank_over))
    ]
    return max(rows, key=lambda rule: _precision(rule, asked), default=None)


def caps_of(asked: Asked, rules: Sequence[PriceRule]) -> list[PriceRule]:
    """Return the rows that say the most a household pays: at most one for the activity, and one for its programme."""
    rows = [rule for rule in _matching(asked, rules) if rule.household_cap_cents is not None]
    by_program = {rule.program: rule for rule in sorted(rows, key=lambda rule: _precision(rule, asked))}
    return [by_program[program] for program in programs(asked.activity) if program in by_program]


def options_for(
    activity: Activity, person: Person, held_on: date, rules: Sequence[PriceRule], city: City
) -> dict[str, str]:
    """Return the options that somebody may take beside an activity that day: codes, and how the list calls them."""
    hers = price_class(person, city, held_on)
    found = {}
    for option in sorted({rule.option for rule in rules if rule.option}):
        if first := row_of(Asked(activity, option, hers, held_on), rules, lambda _over: 1):
            found[option] = first.label or option
    return found


def option_names(taken: Iterable[tuple[Activity, str]]) -> dict[tuple[int, str], str]:
    """Return how the list calls options beside activities, whoever takes them: one query, or none without options.

    By activity and code. It is what the labels of an option begin with, up to a comma, else the first; else its code.
    """
    pairs = {(activity.id, code): activity for activity, codes in taken for code in codes.split()}
    rules = rules_for(list(pairs.values())) if pairs else []
    return {(of_it, code): _name(code, activity, rules) for (of_it, code), activity in pairs.items()}


def _name(code: str, activity: Activity, rules: Sequence[PriceRule]) -> str:
    called = programs(activity)
    labels = [rule.label for rule in rules if rule.option == code and rule.label and rule.program in called]
    beginnings = {label.split(",")[0].strip() for label in labels}
    return beginnings.pop() if len(beginnings) == 1 else min(labels, default=code)


def _matching(asked: Asked, rules: Sequence[PriceRule]) -> list[PriceRule]:
    """Return the rows that speak of what is asked, whatever the rank."""
    called = programs(asked.activity)
    return [
        rule
        for rule in rules
        if rule.program in called
        and rule.option == asked.option
        and bool(rule.fee) == asked.is_fee
        and rule.who in ("", asked.price_class)
        and (rule.first_day or date.min) <= asked.day <= (rule.last_day or date.max)
    ]


def _precision(rule: PriceRule, asked: Asked) -> tuple[bool, bool, int, date, int, str]:
    """Return how precise a row is, to compare: dated before undated, the later to begin, then the sooner to end.

    The code decides between rows that are alike, so that the order of a file never does.
    """
    return (
        rule.program == asked.activity.code,
        bool(rule.who),
        rule.rank or 0,  # the last given holds for those after
        rule.first_day or date.min,
        -(rule.last_day or date.max).toordinal(),
        rule.code,
    )
