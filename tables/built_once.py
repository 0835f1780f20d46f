"""Queries whose SQL is built once for each shape of their arguments, and then only filled.

Peewee takes longer to write a query than the database to answer it. It is for the pages asked most: elsewhere a query
is written as usual.
"""

from collections.abc import Callable
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, cast

from peewee import Context, Node, Query

from tables.database import database

Given = ParamSpec("Given")


class Blank(Node):
    """Stands in a query for what will be given: an argument, or one value of an argument that is a list."""

    def __init__(self, argument: int, place: int | None = None) -> None:
        self.argument, self.place = argument, place

    def __sql__(self, ctx: Context) -> Context:
        """Leave the place of a value, which no field converts."""
        ctx._values.append(self)  # type: ignore[attr-defined]  # Peewee's own list, which its stubs leave out
        return ctx.literal(ctx.state.param or "?")

    def of(self, given: tuple[Any, ...]) -> object:
        """Return what is given in its place."""
        value = given[self.argument]
        return value if self.place is None else value[self.place]


def built_once(build: Callable[Given, Query]) -> Callable[Given, list[Any]]:
    """Make of a function that builds a query one that returns its rows, and builds it once.

    Its arguments are numbers, texts, days, moments: what the database takes as it is. A list is of those that a field
    is one of (IN). The function sees blanks in their place: it may not look at them.
    """
    known: dict[tuple[object, ...], tuple[Query, str, list[Any]]] = {}

    @wraps(build)
    def ask(*given: Any) -> list[Any]:
        values = tuple(map(_padded, given))
        shape = (type(database.obj), *(len(one) if isinstance(one, list) else None for one in values))
        if shape not in known:
            query = build(*map(_blanks, count(), values))  # type: ignore[call-arg]  # as many as given
            known[shape] = query, *query.sql()
        query, sql, places = known[shape]
        filled = [one.of(values) if isinstance(one, Blank) else one for one in places]
        rows = query._get_cursor_wrapper(database.execute_sql(sql, filled))  # type: ignore[attr-defined]  # Peewee's own
        return list(rows)

    return cast(Callable[Given, list[Any]], ask)


def _padded(given: Any) -> Any:
    """Repeat a list's last value until it is 1, 2, 4, 8… long: shapes are few, and IN answers the same."""
    if not isinstance(given, list) or not given:
        return given
    return given + given[-1:] * ((1 << (len(given) - 1).bit_length()) - len(given))


def _blanks(argument: int, given: object) -> Any:
    if isinstance(given, list):
        return [Blank(argument, place) for place in range(len(given))]
    return Blank(argument)
