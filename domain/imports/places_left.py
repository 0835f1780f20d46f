"""What the database would refuse of a file, seen before it does: it counts the places itself (tables/places_taken.py).

Another process may take the last place between the plan and its writing: what is refused then is left alone and listed
all the same.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from domain.cart import holds
from domain.common.batches import columns_among
from domain.common.facts import Values
from domain.imports.outcome import Cells, Reason
from models import Activity, CartItem, PlacesTaken, Registration, Table


@dataclass(frozen=True)
class Refusal:
    """What cannot be written of a row: these columns, or when there is none, all of it."""

    reason: Reason
    values: Values
    columns: frozenset[str] = frozenset()


class Limits:
    """What the rows of a file run into one after the other: nothing but a key that another process took meanwhile."""

    def __init__(self, rows: Sequence[Cells], known: Iterable[Table]) -> None:
        """Look at what the rows, as they will be, and what they change have to do with."""

    def takes(self, _before: Cells | None, _after: Cells) -> bool:
        """Tell whether a row takes what others free: it is written after them, in the file's order."""
        return False

    def refusal(self, _before: Cells | None, _after: Cells) -> Refusal | None:
        """Take what a row takes, and free what it frees; or say what of it cannot be written."""
        return None

    def keep(self, _rows: Sequence[Cells]) -> None:
        """Keep others off what some rows run into, until the transaction ends."""

    def late(self, _rows: Sequence[Cells]) -> dict[str, Refusal]:
        """Return, by code, which new rows cannot be written any more, though the database would take them."""
        return {}

    def why(self, row: Cells) -> Refusal:
        """Say why the database refused a row."""
        return Refusal(Reason.THING_CHANGED, {"key": row["code"]})


class Capacities(Limits):
    """Activities: a capacity is never below what is taken. The rest of the row is written."""

    def __init__(self, rows: Sequence[Cells], known: Iterable[Table]) -> None:
        activities = [one.id for one in known]
        counted = PlacesTaken.select(PlacesTaken.activity, PlacesTaken.taken)
        self._taken = dict(columns_among(counted, PlacesTaken.activity, activities))

    def refusal(self, before: Cells | None, after: Cells) -> Refusal | None:
        if before is None or after["capacity"] is None or after["capacity"] == before["capacity"]:
            return None
        taken = self._taken.get(before["id"], 0)
        return self._below(after, taken) if after["capacity"] < taken else None

    def why(self, row: Cells) -> Refusal:
        counted = PlacesTaken.get_or_none(PlacesTaken.activity == row["id"]) if "id" in row else None
        if counted is None or row.get("capacity") is None or row["capacity"] >= counted.taken:
            return super().why(row)
        return self._below(row, counted.taken)

    @staticmethod
    def _below(row: Cells, taken: int) -> Refusal:
        values = {"key": row["code"], "capacity": row["capacity"], "taken": taken}
        return Refusal(Reason.CAPACITY_BELOW, values, frozenset({"capacity"}))


class PlacesLeft(Limits):
    """Registrations: no more than there are places, and none for someone whose place is held in a cart here.

    What frees a place comes first, wherever it stands in the file; what takes one, in the file's order.
    """

    def __init__(self, rows: Sequence[Cells], known: Iterable[Table]) -> None:
        activities = {row["activity"] for row in rows} | {one.__data__["activity"] for one in known}
        left = PlacesTaken.capacity - PlacesTaken.taken
        counted = PlacesTaken.select(PlacesTaken.activity, left).where(PlacesTaken.capacity.is_null(False))
        self._left: dict[int | None, int] = dict(columns_among(counted, PlacesTaken.activity, activities))
        self._in_carts = _in_carts(activities)
        names = Activity.select(Activity.id, Activity.code)
        self._codes = dict(columns_among(names, Activity.id, activities))

    def takes(self, before: Cells | None, after: Cells) -> bool:
        return _place(after) not in (None, _place(before))

    def refusal(self, before: Cells | None, after: Cells) -> Refusal | None:
        if _is_new(before, after) and (after["person"], after["activity"]) in self._in_carts:
            return Refusal(Reason.HELD_IN_CART, {"key": after["code"]})
        was, takes = _place(before), _place(after)
        if self.takes(before, after) and self._left.get(takes, 1) < 1:
            return self._full(after)
        if was in self._left:
            self._left[was] += 1
        if takes in self._left:
            self._left[takes] -= 1
        return None

    def keep(self, rows: Sequence[Cells]) -> None:
        holds.keep_places({row["activity"] for row in rows})

    def late(self, rows: Sequence[Cells]) -> dict[str, Refusal]:
        held = _in_carts({row["activity"] for row in rows})
        return {
            row["code"]: Refusal(Reason.HELD_IN_CART, {"key": row["code"]})
            for row in rows
            if (row["person"], row["activity"]) in held and row["status"] != Registration.CANCELLED
        }

    def why(self, row: Cells) -> Refusal:
        of_hers = (Registration.person == row["person"]) & (Registration.activity == row["activity"])
        live = Registration.get_or_none(of_hers, Registration.status != Registration.CANCELLED)
        if live and live.code != row["code"]:
            return Refusal(Reason.REGISTERED_ALREADY, {"key": row["code"], "holder": live.code})
        counted = PlacesTaken.get(PlacesTaken.activity == row["activity"])
        is_full = counted.capacity is not None and counted.taken >= counted.capacity
        return self._full(row) if is_full else super().why(row)

    def _full(self, row: Cells) -> Refusal:
        return Refusal(Reason.ACTIVITY_FULL, {"key": row["code"], "activity": self._codes[row["activity"]]})


def _place(row: Cells | None) -> int | None:
    """Return the activity of which a registration takes a place."""
    return row["activity"] if row and row["status"] == Registration.CONFIRMED else None


def _is_new(before: Cells | None, after: Cells) -> bool:
    """Tell whether a row makes someone registered for an activity who was not."""
    if after["status"] == Registration.CANCELLED:
        return False
    same = before and all(before[name] == after[name] for name in ("person", "activity"))
    return not same or bool(before and before["status"] == Registration.CANCELLED)


def _in_carts(activities: Collection[int]) -> set[tuple[int, int]]:
    """Return by person and activity the places of some activities that are held."""
    held = CartItem.select(CartItem.person, CartItem.activity).where(CartItem.state.in_(CartItem.TAKING))
    return set(columns_among(held, CartItem.activity, activities))
