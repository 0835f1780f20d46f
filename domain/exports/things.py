"""The rows of the files with a row a thing, as `flask import` reads them: cards, places, activities, registrations…"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from peewee import Field, ModelSelect

from models import Activity, Household, Membership, Person, Place, PriceRule, Registration, Reservation

Cells = dict[str, Any]  # by the column, or the field that it is known under


@dataclass(frozen=True)
class Things:
    """A kind of file: its table, the column that is its key, and what other things its columns name."""

    table: type[Place | Activity | PriceRule | Registration | Reservation]
    key: str
    names: tuple[tuple[str, Field], ...] = ()

    def rows(self) -> Iterator[Cells]:
        """Yield a row a thing, by its code."""
        named = [field.alias(f"named_{column}") for column, field in self.names]
        found = self.table.select(self.table, *named)
        for _column, field in self.names:
            found = found.join_from(self.table, field.model)
        if self.table is Registration:  # of a person on whom there is no card any more, nothing can be said
            found = found.where(Person.id.in_(with_a_home()))
        for row in found.order_by(self.table.code).dicts().iterator():
            yield row | {self.key: row["code"]} | {column: row[f"named_{column}"] for column, _field in self.names}


def with_a_home() -> "ModelSelect[Membership]":
    """Select those who are of a household: a card's row says one, who was erased has none."""
    return Membership.select(Membership.person)


def cards() -> Iterator[Cells]:
    """Yield a row a card and household, by number and code."""
    rows = Membership.select(Person, Household.code.alias("household")).join(Person)
    rows = rows.switch(Membership).join(Household)
    yield from rows.order_by(Person.card_number, Household.code).dicts().iterator()


places: Callable[[], Iterator[Cells]] = Things(Place, "place").rows
activities: Callable[[], Iterator[Cells]] = Things(Activity, "activity", (("place", Place.code),)).rows
prices: Callable[[], Iterator[Cells]] = Things(PriceRule, "price").rows
registrations: Callable[[], Iterator[Cells]] = Things(
    Registration, "registration", (("activity", Activity.code), ("card_number", Person.card_number))
).rows
reservations: Callable[[], Iterator[Cells]] = Things(
    Reservation, "reservation", (("place", Place.code), ("household", Household.code))
).rows
