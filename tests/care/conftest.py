"""A family with two children, and a camp that is for them."""

from datetime import timedelta

import pytest

from domain.common import clock
from tests.factories import make_group
from tests.registering.family import child_of


@pytest.fixture
def family(citizen):
    """The citizen signed in, with Zoé, 8, and Léa, 6."""
    zoe, lea = child_of(citizen, 8, first_name="Zoé"), child_of(citizen, 6, first_name="Léa")
    citizen.joins()
    return citizen, zoe, lea


@pytest.fixture
def camp(family):
    """A camp for 4 to 11 that opens in a month."""
    return make_group(age_min=4, age_max=11, opens_residents=clock.now() + timedelta(days=35))
