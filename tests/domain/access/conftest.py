"""What tests of access may ask for."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask

from domain.access import credentials
from models import Account
from tests.factories import make_account, make_person
from tests.walker import PASSWORD


@pytest.fixture
def account(app: Flask) -> Account:
    """The account `genevieve`, its password PASSWORD, an address on its holder's file."""
    person = make_person(email="file@example.com")
    return make_account(person, "genevieve", password_hash=credentials.hash_password(PASSWORD))


@pytest.fixture
def stopped() -> Iterator[time_machine.Traveller]:
    """A clock that moves when told to. To be asked for before what is to be of that moment."""
    with time_machine.travel(datetime(2026, 11, 23, 12), tick=False) as traveller:
        yield traveller
