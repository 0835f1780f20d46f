"""Failures on demand, to see what a client does when the gateway misbehaves."""

import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps

from flask import Response, copy_current_request_context, current_app, g, request
from werkzeug.exceptions import HTTPException

from .refusal import Refusal

CALLS = ("sale", "find", "search", "client_token", "void", "refund", "tokenize", "vault", "any")
STATUSES = {f"http_{status}": status for status in (401, 403, 408, 426, 429, 500, 502, 503, 504)}
SPOILED = ("refused", "duplicate", "wrong_amount")  # answered properly, but the charge itself is not what was asked


class Faults:
    """The failures waiting to happen, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[dict] = []

    def add(self, wish: dict) -> dict:
        """Arrange a failure. Raise ValueError when the wish is not understood."""
        call, kind = wish.get("call", "any"), wish.get("fault")
        if call not in CALLS or kind not in KINDS:
            raise ValueError(f"call is one of {', '.join(CALLS)}; fault is one of {', '.join(KINDS)}")
        fault = {
            "call": call,
            "fault": kind,
            "times": int(wish.get("times", 1)),
            "seconds": float(wish.get("seconds", 1)),
            "percent": float(wish.get("percent", 100)),
            "happened": 0,
        }
        with self._lock:
            self._waiting.append(fault | {"random": random.Random(wish.get("seed"))})
        return fault

    def take(self, call: str) -> dict | None:
        """Return the failure this call must suffer, if any, and count it."""
        with self._lock:
            for fault in self._waiting:
                if fault["call"] in (call, "any") and fault["random"].random() * 100 < fault["percent"]:
                    fault["happened"] += 1
                    if fault["happened"] == fault["times"]:
                        self._waiting.remove(fault)
                    return fault
        return None

    def listing(self) -> list[dict]:
        """Return the failures still waiting."""
        with self._lock:
            return [{key: fault[key] for key in fault if key != "random"} for fault in self._waiting]

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._waiting.clear()


def exposed(call: str) -> Callable[[Callable], Callable]:
    """Mark a view as a call that failures can strike."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def exposed_view(*args: str, **kwargs: str) -> object:
            fault = current_app.extensions["faults"].take(call)
            if fault is None:
                return view(*args, **kwargs)
            request.get_data()  # a body left unread is waited for by werkzeug, until the client gives up
            return KINDS[fault["fault"]](fault, lambda: view(*args, **kwargs))

        return exposed_view

    return decorate


def _drop(abruptly: bool = False) -> Response:
    if abruptly:  # lingering for no time makes the kernel send a reset instead of an orderly end
        connection = request.environ["werkzeug.socket"]
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return Response(_silence())


def _silence() -> Iterator[bytes]:
    # The server takes this for a client that left: it closes the connection without a word.
    raise ConnectionAbortedError
    yield b""


def _quietly(perform: Callable) -> None:
    # A refusal is an answer too, and nobody is there to hear it.
    with suppress(Refusal, HTTPException):
        perform()


def _answer_lost(fault: dict, perform: Callable) -> Response:
    _quietly(perform)
    return _drop()


def _late(fault: dict, perform: Callable) -> Response:
    task = threading.Timer(fault["seconds"], copy_current_request_context(lambda: _quietly(perform)))
    task.daemon = True
    task.start()
    return _drop()


def _hang(fault: dict, perform: Callable) -> Response:
    time.sleep(fault["seconds"])
    return _drop()


def _hang_after(fault: dict, perform: Callable) -> Response:
    _quietly(perform)
    time.sleep(fault["seconds"])
    return _drop()


def _slow(fault: dict, perform: Callable) -> object:
    time.sleep(fault["seconds"])
    return perform()


def _reset(fault: dict, perform: Callable) -> Response:
    return _drop(abruptly=True)


def _garbage(fault: dict, perform: Callable) -> Response:
    return Response("<html><body><p>It works!</p></body></html>", content_type="text/html")


def _empty(fault: dict, perform: Callable) -> Response:
    return Response(b"")


def _status(fault: dict, perform: Callable) -> Response:
    return Response(status=STATUSES[fault["fault"]])


def _spoiled(fault: dict, perform: Callable) -> object:
    g.fault = fault["fault"]
    return perform()


KINDS: dict[str, Callable] = {
    "answer_lost": _answer_lost,
    "late": _late,
    "hang": _hang,
    "hang_after": _hang_after,
    "slow": _slow,
    "reset": _reset,
    "garbage": _garbage,
    "empty": _empty,
    **dict.fromkeys(STATUSES, _status),
    **dict.fromkeys(SPOILED, _spoiled),
}
