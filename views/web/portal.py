"""What app.py built, at hand in the views."""

from dataclasses import dataclass
from typing import Any

from flask import current_app

from city import City
from settings import Settings


@dataclass(frozen=True)
class Portal:
    """The settings and the neighbours outside, as app.py built them."""

    settings: Settings
    listeners: Any
    letters: Any
    captcha: Any
    recaptcha: Any
    worker: Any
    gateway: Any
    tokens: Any
    documents: Any
    tax_documents: Any
    calendar: Any
    csv_files: Any
    simulator: Any
    schema_version: str
    version: str

    @property
    def city(self) -> City:
        return self.settings.city


def portal() -> Portal:
    """Return the running portal's parts."""
    return current_app.extensions["portal"]
