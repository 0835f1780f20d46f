"""A telephone that was corrected here, and what the city's file says of it."""

import pytest

from domain.common import local_changes
from models import LocalChange, Person, write
from tests.factories import make_person


@pytest.fixture
def corrected(app) -> Person:
    """Someone whose telephone was corrected here."""
    person = make_person(phone="819 555-0142")
    with write():
        local_changes.note("cards", person.card_number, "phone", "819 555-0101", "819 555-0142", "lise")
    return person


@pytest.fixture
def disputed(corrected) -> LocalChange:
    """The same, the file saying a third number since."""
    LocalChange.update(other_value="819 555-0177").execute()
    return LocalChange.get()
