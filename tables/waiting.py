"""How long a thread has waited for others' writes: ten seconds in all, in the server's line, here, at the database.

The time in the server's line counts as far as somebody before waited in vain. A town that presses at once waits longer
than that, each for those who are served before her, and is served all the same.
"""

import threading
from time import monotonic

PATIENCE_SECONDS = 10  # then a page says so rather than hang
LEAST_SECONDS = 1  # what is left to whoever has waited ten, lest she be refused by another who writes for a moment


class _Waits(threading.local):
    seconds = 0.0
    is_in_request = False
    is_cut_short = False  # its connection waits less than others


class _InVain:
    """When somebody last waited in vain, by the monotonic clock."""

    since = until = 0.0


waits = _Waits()
_in_vain = _InVain()


def begin_request(in_line: float) -> None:
    """Begin to count for a request that stood so many seconds in the server's line."""
    came = monotonic() - in_line
    waits.seconds = max(0.0, _in_vain.until - max(came, _in_vain.since))
    waits.is_in_request = True


def end_request() -> None:
    """Count no longer."""
    waits.seconds, waits.is_in_request = 0.0, False


def left() -> float:
    """Return how many seconds this thread may still wait."""
    return max(LEAST_SECONDS, PATIENCE_SECONDS - waits.seconds)


def left_ms() -> int:
    """Return the same as a database takes it."""
    return int(left() * 1_000)


def is_noticed() -> bool:
    """Tell whether this thread has waited so long that a database must be told."""
    return waits.seconds > LEAST_SECONDS


def count(seconds: float) -> None:
    """Count what this thread has just waited, when it was more than work takes."""
    if seconds > LEAST_SECONDS:
        waits.seconds += seconds


def forget(before: float) -> None:
    """Leave nothing of a write's waits to the next one, unless they are the same request's."""
    if not waits.is_in_request:
        waits.seconds = before


def note_in_vain(came: float) -> None:
    """Note that who came at this moment of the monotonic clock waited in vain until now."""
    goes_on = came <= _in_vain.until + LEAST_SECONDS
    _in_vain.since = min(_in_vain.since, came) if goes_on else came
    _in_vain.until = monotonic()
