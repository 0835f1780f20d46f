"""What is corrected of a card's file: written here at once, and remembered, for the nightly file may not know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.common import local_changes
from models import Person

FIELDS = ("first_name", "last_name", "address", "city", "postal_code", "phone", "email")

Value = str | date | bool


class ChangedSince(Exception):
    """Tried to correct what was changed since the page was shown."""


@dataclass(frozen=True)
class Correction:
    """What a field was when it was read, and what it is to be."""

    seen: Value
    now: Value


def correct(person: Person, corrections: Mapping[str, Correction], made_by: str) -> None:
    """Write corrections in the caller's transaction, all or none. Raises: ChangedSince."""
    if not corrections:
        return
    as_seen = [getattr(Person, name) == one.seen for name, one in corrections.items()]
    now = {name: one.now for name, one in corrections.items()}
    if not Person.update(**now).where(Person.id == person.id, *as_seen).execute():
        raise ChangedSince
    for name, one in corrections.items():
        before, after = local_changes.as_text(one.seen), local_changes.as_text(one.now)
        local_changes.note("cards", person.card_number, name, before, after, made_by)
