"""What the house asks of whoever puts its letters into words. adapters/mail_templates.py keeps the promise."""

from typing import Protocol


class Letters(Protocol):
    """Turns a message's name and values into its subject and body."""

    def write(self, name: str, **values: object) -> tuple[str, str]:
        """Return (subject, body)."""
