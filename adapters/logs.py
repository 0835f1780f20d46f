"""Logs as one JSON object a line, without personal data: no exception's message, for it may quote a row."""

import logging
import re
import sys
import time
import traceback
from collections import Counter
from types import TracebackType
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

REQUESTS = "portal.requests"
REPEATED_SECONDS, MOST_KEPT = 600, 1_000
NUMBERS = re.compile(r"0x[0-9a-f]+|\d+")
FIELDS = "{asctime}{levelname}{name}{message}"


class Formatter(JsonFormatter):
    """Writes a record; of an exception, its kind and where it happened."""

    converter = time.gmtime
    default_time_format, default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__(FIELDS, style="{", rename_fields={"asctime": "at", "levelname": "level", "name": "logger"})

    def formatException(  # noqa: N802  logging's own name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None]
    ) -> str:
        """Return an exception's kind and the lines it passed through, the last first."""
        kind, _problem, trace = ei
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return " < ".join([kind.__name__, *reversed(places)])


class Bounded(logging.Filter):
    """Passes a sentence once in ten minutes, with how many times it was held back: a gateway down wrote 17,000 a day.

    What a request logs is one line a request, and is never held back.
    """

    def __init__(self) -> None:
        super().__init__()
        self._passed_at: dict[str, float] = {}
        self._held: Counter[str] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to write a record; one that speaks of what was held back says so in `repeated`."""
        if record.name == REQUESTS:
            return True
        said, now = _alike(record), record.created
        if now - self._passed_at.get(said, -REPEATED_SECONDS) < REPEATED_SECONDS:
            self._held[said] += 1
            return False
        if len(self._passed_at) >= MOST_KEPT:
            self._passed_at.clear()
        self._passed_at[said] = now
        if held := self._held.pop(said, 0):
            record.repeated = held
        return True


def _alike(record: logging.LogRecord) -> str:
    """Return what records that say the same have in common: numbers and addresses of memory left out."""
    kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    return f"{record.name} {kind} {NUMBERS.sub('#', record.getMessage())}"


def configure(stream: TextIO = sys.stderr) -> logging.Handler:
    """Have everything worth keeping written to a stream; return the handler."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Formatter())
    handler.addFilter(Bounded())
    logging.getLogger().addHandler(handler)
    logging.getLogger("portal").setLevel(logging.INFO)
    return handler
