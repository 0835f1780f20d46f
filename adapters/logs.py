"""Logs as one JSON object a line, without personal data: no exception's message, for it may quote a row."""

import logging
import sys
import time
import traceback
from types import TracebackType
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

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


def configure(stream: TextIO = sys.stderr) -> logging.Handler:
    """Have everything worth keeping written to a stream; return the handler."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Formatter())
    logging.getLogger().addHandler(handler)
    logging.getLogger("portal").setLevel(logging.INFO)
    return handler
