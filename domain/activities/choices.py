"""What is wanted for whom: places that somebody chooses, or that stand in a cart."""

from collections.abc import Sequence
from dataclasses import dataclass

from models import Activity, CartItem, Person


@dataclass(frozen=True)
class Choice:
    """A place wanted for someone, and what would do instead, in order."""

    person: Person
    activity: Activity
    options: tuple[str, ...] = ()
    fallbacks: tuple[Activity, ...] = ()
    together: str = ""  # all that bear the same are had, or none


Pair = tuple[CartItem, Choice]  # something of a cart, and what it is for
Key = tuple[int, int]  # a person and an activity, by their ids


def key_of(person: Person, activity: Activity) -> Key:
    """Return what names a place of somebody."""
    return person.id, activity.id


def as_choices(found: Sequence[CartItem]) -> list[Choice]:
    """Return what stands in a cart as it is chosen: one query at most."""
    codes = {code for item in found for code in item.fallbacks.split()}
    known = {one.code: one for one in Activity.select().where(Activity.code.in_(list(codes)))} if codes else {}
    return [
        Choice(
            item.person,
            item.activity,
            tuple(item.options.split()),
            tuple(known[code] for code in item.fallbacks.split() if code in known),
            item.together,
        )
        for item in found
    ]


def in_groups(found: Sequence[CartItem], choices: Sequence[Choice]) -> list[list[Pair]]:
    """Return what stands in a cart with its choices, those that go together in one group, where the first stands."""
    groups: dict[str, list[Pair]] = {}
    for item, choice in zip(found, choices, strict=True):
        groups.setdefault(item.together or f"alone {item.id}", []).append((item, choice))
    return list(groups.values())
