"""What the house asks of whoever puts its letters into words. adapters/mail_templates.py keeps the promise."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from models import Table

Told = str | int | date | Table | Sequence[Table] | None  # what a letter's template is given


class Letters(Protocol):
    """Turns a message's name and values into its subject and body."""

    def write(self, name: str, **values: Told) -> tuple[str, str]:
        """Return (subject, body)."""
