"""Between the server and Flask: headers arrive as the bytes they are, bodies are read before a thread is taken.

Granian's own WSGI drops a header that holds any byte beyond ASCII: a cookie of the city's other sites with an accent in
it, which browsers send here too, would take ours away with it. As ASGI it hands the bytes over.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from io import BytesIO
from time import monotonic
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]

CHANGING = 3  # at once; one may be hashing a password and one waiting to: domain/access/credentials
THREADS = CHANGING + 1  # who reads never waits for those who wait for the database
READING = ("GET", "HEAD", "OPTIONS")
SECONDS_IN_LINE = "portal.seconds_in_line"  # in the environ: how long a request waited for a thread


class Application(Protocol):
    """A WSGI application (PEP 3333)."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any], /) -> Iterable[bytes]:
        """Answer a request."""


class Served:
    """A WSGI application as ASGI serves it, on threads of its own."""

    def __init__(self, application: Application, largest_body: int) -> None:
        """`largest_body` is in bytes: of what is longer no more is read, and the application refuses it."""
        self._application = application
        self._largest_body = largest_body
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="serving")
        self._changing = asyncio.Semaphore(CHANGING)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        body = await _read(receive, self._largest_body)
        if body is None:
            return  # the browser left before it had sent all
        came = monotonic()
        async with nullcontext() if scope["method"] in READING else self._changing:
            work = partial(self._answer, environ_of(scope, body), came)
            status, headers, content = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _answer(self, environ: dict[str, Any], came: float) -> Answer:
        environ[SECONDS_IN_LINE] = monotonic() - came
        started: list[Any] = []
        chunks = self._application(environ, lambda status, headers, _problem=None: started.extend((status, headers)))
        try:
            content = b"".join(chunks)
        finally:
            if close := getattr(chunks, "close", None):
                close()
        status, headers = started[-2:]
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return int(status.split(" ", 1)[0]), encoded, content


async def _read(receive: Receive, most: int) -> bytes | None:
    """Return a request's body, of one too long no more than tells so; None when its sender is gone."""
    body, more = b"", True
    while more and len(body) <= most:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def environ_of(scope: Scope, body: bytes) -> dict[str, Any]:
    """Return what WSGI calls a request, its texts being bytes read as Latin-1 (PEP 3333)."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"].partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": scope["server"][0],
        "SERVER_PORT": str(scope["server"][1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" not in name:  # X_Forwarded_For would pass for X-Forwarded-For
            _add_header(environ, name.decode("latin-1").upper().replace("-", "_"), value)
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _add_header(environ: dict[str, Any], name: str, value: bytes) -> None:
    key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
    text = value.decode("latin-1")
    if key in environ:  # RFC 9110 5.3; cookies of HTTP/2 come apart (RFC 9113 8.2.3)
        text = environ[key] + ("; " if name == "COOKIE" else ", ") + text
    environ[key] = text
