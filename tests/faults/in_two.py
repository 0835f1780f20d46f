"""Two processes, kept for a file of tests, that each do something at the same instant on the same database."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

import pytest

import models
from app import create_app
from settings import load
from tests.databases import ON_POSTGRES, held
from tests.faults.test_races import wait_until, waiting
from views.web.portal import Portal

on_postgres = pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has one writer at a time, whatever its process")

SPAWN = multiprocessing.get_context("spawn")
_here: dict[str, Any] = {}


def _begin(barrier) -> None:
    _here["barrier"] = barrier


def portal_of(environment: dict[str, str]) -> Portal:
    """Return the portal of this process on a database."""
    url = environment["DATABASE_URL"]
    if _here.get("url") != url:
        if "url" in _here:
            models.database.close()
            models.database.obj.close_all()
        _here.update(url=url, portal=create_app(load(environment)).extensions["portal"])
    return _here["portal"]


def _do(environment: dict[str, str], act: Callable, words: tuple, wait: bool) -> object:
    """Do something in one of the processes, on its own connection; return what came of it, a problem by its name."""
    portal = portal_of(environment)
    if wait:
        _here["barrier"].wait(30)
    try:
        return act(portal, *words)
    except Exception as problem:
        return type(problem).__name__
    finally:
        models.database.close()


class Two:
    """Two processes."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(2, SPAWN, _begin, (SPAWN.Barrier(2),))

    def close(self) -> None:
        self._pool.shutdown()

    def at_once(self, environment: dict[str, str], *acts: tuple) -> list[object]:
        """Do both at the same instant: each act is a function and its words."""
        return [one.result(60) for one in [self._send(environment, act, True) for act in acts]]

    def one_then_the_other(
        self, environment: dict[str, str], acts: Sequence[tuple], stops_at: type[models.Table]
    ) -> list[object]:
        """Do the first until it would write to a table, then the second as far as it gets, and let both end.

        PostgreSQL only: on SQLite the second waits for the whole of the first.
        """
        with held(environment["DATABASE_URL"], stops_at):
            first = self._send(environment, acts[0], False)
            wait_until(lambda: waiting() == 1 or first.done())
            second = self._send(environment, acts[1], False)
            wait_until(lambda: waiting() == 2 or second.done())
        return [first.result(60), second.result(60)]

    def _send(self, environment: dict[str, str], act: tuple, wait: bool) -> Future:
        return self._pool.submit(_do, environment, act[0], act[1:], wait)


def drop_triggers(table: type[models.Table]) -> None:
    """Have the database count no places of a table any more."""
    name = table._meta.table_name
    for suffix in ("takes", "frees", "frees_by_change", "takes_by_change"):
        on = f" ON {name}" if ON_POSTGRES else ""
        models.database.execute_sql(f"DROP TRIGGER {name}_{suffix}{on}")


def meets() -> None:
    """Wait, in the middle of what one does, for the other to come as far."""
    _here["barrier"].wait(30)
