"""Queries whose SQL is built once for each shape of their arguments, and then only filled.

Peewee takes longer to write a query than the database to answer it. It is for the pages asked most: elsewhere a query
is written as usual.
"""

from collections.abc import Callable
from functools import wraps
from itertools import count
from typing import Any, ParamSpec

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

    Its arguments are numbers, texts, days, moments, or lists of them: what the database takes as it is. The function
    sees blanks in their place: it may not look at them.
    """
    known: dict[tuple[object, ...], tuple[Query, str, list[Any]]] = {}

    @wraps(build)
    def ask(*given: Given.args, **_: Given.kwargs) -> list[Any]:
        shape = (type(database.obj), *(len(one) if isinstance(one, list) else None for one in given))
        if shape not in known:
            query = build(*map(_blanks, count(), given))  # type: ignore[call-arg]  # as many as were given
            known[shape] = query, *query.sql()
        query, sql, values = known[shape]
        filled = [value.of(given) if isinstance(value, Blank) else value for value in values]
        rows = query._get_cursor_wrapper(database.execute_sql(sql, filled))  # type: ignore[attr-defined]
        return list(rows)

    return ask


def _blanks(argument: int, given: object) -> Any:
    if isinstance(given, list):
        return [Blank(argument, place) for place in range(len(given))]
    return Blank(argument)
