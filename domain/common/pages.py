"""A long list, a page at a time."""

from peewee import ModelSelect


def page_of(rows: ModelSelect, number: int, size: int) -> tuple[list, int]:
    """Return the rows of a page of a query, the first page being 1, and how many pages there are."""
    return list(rows.paginate(number, size)), -(-rows.count() // size)
