"""What the house asks of whoever puts its letters into words. adapters/mail_templates.py keeps the promise."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from models import Table

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# What a letter's template is given: plain values, rows, or what a subject makes of rows.
Told = str | int | date | Table | Sequence["Table | DataclassInstance"] | None


class Letters(Protocol):
    """Turns a message's name and values into its subject and body."""

    def write(self, name: str, **values: Told) -> tuple[str, str]:
        """Return (subject, body)."""
