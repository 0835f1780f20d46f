"""Files of the city, brought in as `flask import` does, without the file."""

from collections.abc import Callable

from domain.imports.carry_out import carry_out
from domain.imports.outcome import Outcome, Row
from domain.imports.two_sources import Ours

FILE_IS_MASTER = Ours({}, None)


def bring_in(plan: Callable, *rows: dict, ours: Ours = FILE_IS_MASTER, absent: frozenset[str] = frozenset()) -> Outcome:
    """Plan rows, the first being line 2, and carry the plan out unless one is rejected."""
    planned = plan([Row(line, values, absent) for line, values in enumerate(rows, 2)], ours)
    return planned.outcome if planned.outcome.rejected else carry_out(planned)


def told(plan: Callable, listener: object) -> Callable:
    """Return a plan of money that a listener hears of."""
    return lambda rows, ours: plan(rows, ours, listener)
