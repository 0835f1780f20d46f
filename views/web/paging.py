"""Which page of a list was asked for."""

from collections.abc import Sequence
from typing import TypeVar

from flask import request

Thing = TypeVar("Thing")

ROWS = 10
LAST = 100_000


def asked() -> int:
    """Return the number of the page asked for: 1 when it is missing or odd."""
    return max(1, min(request.args.get("page", 1, type=int), LAST))


def cut(things: Sequence[Thing], number: int, rows: int = ROWS) -> tuple[Sequence[Thing], int]:
    """Return a page of a list in memory, and how many pages it has."""
    return things[(number - 1) * rows : number * rows], -(-len(things) // rows)
