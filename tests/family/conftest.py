"""A household of two adults and a child."""

from datetime import timedelta

import pytest

from domain.common import clock
from tests.commands.conftest import brings, flask  # noqa: F401
from tests.factories import make_person
from tests.staff.conftest import clerk, hires  # noqa: F401


@pytest.fixture
def home(citizen):
    """The citizen signed in, with her spouse and her child."""
    citizen.joins()
    spouse = make_person(citizen.household, first_name="Marc", email="marc@example.com", phone="819 555-0199")
    child = make_person(
        citizen.household, first_name="Léa", birth_date=clock.today() - timedelta(days=9 * 366), phone="819 555-0123"
    )
    return citizen, spouse, child
