"""Six press at once while nobody can write: each waits ten seconds in all, in the server's line too, and pages come."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from time import monotonic

import pytest

from models import CartItem
from tables.waiting import PATIENCE_SECONDS
from tests.databases import held
from tests.faults.test_starved_holding import Parent, says_that_nothing_was_done
from tests.faults.town import Town

AT_ONCE = 6  # twice as many as the server lets change something at once


@pytest.fixture
def town(database_url, tmp_path) -> Iterator[Town]:
    town = Town(tmp_path, database_url, HOLD_FOR="600", HOLD_AT_MOST="600")
    town.server.start()
    yield town
    town.close()


def timed_press(parent: Parent) -> tuple[bool, float]:
    """Press; return whether the page says that nothing was done, and after how many seconds."""
    came = monotonic()
    return says_that_nothing_was_done(parent.takes()), monotonic() - came


@pytest.mark.parametrize("mode", ["EXCLUSIVE", "ACCESS EXCLUSIVE"])
def test_each_of_six_waits_once_and_not_in_turn(town, mode):
    parents = [Parent(town) for _ in range(AT_ONCE)]
    reader = town.resident()
    with held(town.database_url, CartItem, mode=mode), ThreadPoolExecutor(AT_ONCE) as pool:
        pressed = [pool.submit(timed_press, parent) for parent in parents]
        wait(pressed, timeout=1)
        read = reader.gets("/panier") if mode == "EXCLUSIVE" else None
        early = [one for one in pressed if one.done()]
        answers = [one.result() for one in pressed]
    assert all(told for told, _seconds in answers), answers
    slowest = max(seconds for _told, seconds in answers)
    assert slowest < 1.5 * PATIENCE_SECONDS, answers  # in turn, the last would wait twice or three times as long
    assert not early, "nobody waited: the control"
    assert read is None or read.status_code == 200
    assert [parent.takes().status_code for parent in parents] == [303] * AT_ONCE
