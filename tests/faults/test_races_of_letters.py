"""Letters asked for at once in several processes: as many leave as in one. On SQLite a writer is alone anyway."""

from functools import partial

import pytest

import models
from domain.common import letter_limits, rate_limits
from models import Attempt
from settings import LIMITS
from tests.databases import ON_POSTGRES
from tests.faults.test_races import at_once

BURST, ROUNDS = 8, 20
MOST = LIMITS[rate_limits.LETTERS_OF_A_KIND].most
pytestmark = pytest.mark.usefixtures("app")


def counted(address: str) -> None:
    """Count a letter as another process would: in a transaction that this one's write lock does not guard."""
    with models.database.atomic():
        letter_limits.count("password_changed", address)
        letters_to(address)  # the transaction goes on, as the act's does


def unheld(address: str) -> None:
    """The same as it would be if nobody waited for anybody."""
    with models.database.atomic():
        if not rate_limits.is_reached(rate_limits.LETTERS_OF_A_KIND, address):
            rate_limits.count(rate_limits.LETTERS_OF_A_KIND, address)
            letters_to(address)


def letters_to(address: str) -> int:
    keys = (address, f"password_changed {letter_limits.pseudonym(address)}")
    return Attempt.select().where(Attempt.kind == rate_limits.LETTERS_OF_A_KIND, Attempt.key.in_(keys)).count()


def most_written(write) -> int:
    """Return how many letters one address was written at most, the first of them before the others were asked for."""
    most = 0
    for n in range(ROUNDS):
        address = f"marie{n}@example.com"
        write(address)
        at_once([partial(write, address)] * BURST)
        most = max(most, letters_to(address))
    return most


def test_processes_at_once_write_no_more_than_one():
    assert most_written(counted) == MOST


@pytest.mark.skipif(not ON_POSTGRES, reason="on SQLite a writer is alone")
def test_without_waiting_for_each_other_the_race_is_real():
    assert most_written(unheld) > MOST
