"""Waiting for the network: who waits holds no connection to the database, and no transaction."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from models import give_back

P = ParamSpec("P")
R = TypeVar("R")


def waits(act: Callable[P, R]) -> Callable[P, R]:
    """Mark what waits for the network: this thread's connection is back in the pool meanwhile.

    Fifty charges under way would else keep fifty connections, each with its cache. The next statement takes one again.
    Raises: peewee.OperationalError in a transaction, which is never to wait for anybody.
    """

    @wraps(act)
    def waiting(*arguments: P.args, **named: P.kwargs) -> R:
        give_back()
        return act(*arguments, **named)

    return waiting
