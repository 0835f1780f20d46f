"""A long list by pages: every row on one page and one only."""

import pytest

from domain.common.pages import page_of
from models import Household
from tests.factories import make_household

pytestmark = pytest.mark.usefixtures("db")


def pages_of(rows: int, size: int = 2) -> tuple[list[list[str]], int]:
    """Return the pages there are, and one more, of so many rows."""
    for number in range(rows):
        make_household(f"D{number}")
    query = Household.select().order_by(Household.code)
    count = page_of(query, 1, size)[1]
    return [[row.code for row in page_of(query, number, size)[0]] for number in range(1, count + 2)], count


@pytest.mark.parametrize(
    ("rows", "pages"),
    [
        (0, []),
        (1, [["D0"]]),
        (2, [["D0", "D1"]]),
        (3, [["D0", "D1"], ["D2"]]),
        (4, [["D0", "D1"], ["D2", "D3"]]),
    ],
)
def test_rows_fill_pages_in_order_and_nothing_follows_the_last(rows, pages):
    assert pages_of(rows) == ([*pages, []], len(pages))


def test_only_the_querys_own_rows_are_counted():
    for code in ("D0", "D1", "E0"):
        make_household(code)
    rows, pages = page_of(Household.select().where(Household.code.startswith("D")).order_by(Household.code), 1, 2)
    assert ([row.code for row in rows], pages) == (["D0", "D1"], 1)
