"""A long list, a page at a time."""

from typing import TypeVar

from peewee import ModelSelect

from models import Table

Row = TypeVar("Row", bound=Table)


def page_of(rows: "ModelSelect[Row]", number: int, size: int) -> tuple[list[Row], int]:
    """Return the rows of a page of a query, the first page being 1, and how many pages there are."""
    return list(rows.paginate(number, size)), -(-rows.count() // size)
