"""What stands between the server and Flask; on the real server: tests/attacks/test_foreign_headers.py, test_http.py."""

import asyncio
from threading import Barrier, BrokenBarrierError

import pytest

from adapters.serving import CHANGING, THREADS, Served, environ_of

SCOPE = {
    "type": "http",
    "method": "POST",
    "raw_path": b"/caf%C3%A9%ff/a%2Fb",
    "query_string": b"x=%C3%A9",
    "server": ("127.0.0.1", 5000),
    "client": ("203.0.113.9", 4000),
    "http_version": "1.1",
    "scheme": "http",
    "headers": [(b"cookie", b"a=1"), (b"cookie", b"b=\xe9"), (b"x-y", b"1"), (b"x-y", b"2"), (b"x_y", b"3")],
}


def serve(served: Served, *messages: dict) -> list[dict]:
    """Return what is sent for a request that comes as these messages."""
    sent, left = [], list(messages)

    async def receive() -> dict:
        return left.pop(0)

    async def send(message: dict) -> None:
        sent.append(message)

    asyncio.run(served(SCOPE, receive, send))
    return sent


def part(body: bytes, more: bool = False) -> dict:
    return {"type": "http.request", "body": body, "more_body": more}


def echo(environ, start_response):
    start_response("201 CREATED", [("X-Length", environ["CONTENT_LENGTH"])])
    yield environ["wsgi.input"].read()


def test_texts_are_bytes_read_as_latin_1():
    environ = environ_of(SCOPE, b"")
    assert environ["PATH_INFO"].encode("latin-1") == b"/caf\xc3\xa9\xff/a/b"
    assert environ["QUERY_STRING"] == "x=%C3%A9"
    assert environ["REMOTE_ADDR"] == "203.0.113.9"


def test_headers_given_twice_are_joined_and_what_looks_like_one_is_none():
    environ = environ_of(SCOPE, b"")
    assert environ["HTTP_X_Y"] == "1, 2"
    assert environ["HTTP_COOKIE"].encode("latin-1") == b"a=1; b=\xe9"


def test_a_body_that_comes_in_parts_is_whole():
    start, body = serve(Served(echo, 10), part(b"abc", more=True), part(b"de"))
    assert (start["status"], start["headers"], body["body"]) == (201, [(b"X-Length", b"5")], b"abcde")


def test_of_a_body_too_long_only_so_much_is_read_that_it_is_refused():
    start, _body = serve(Served(echo, 10), part(b"x" * 8, more=True), part(b"x" * 8, more=True))
    assert start["headers"] == [(b"X-Length", b"16")]


def test_who_leaves_half_way_is_not_served():
    assert serve(Served(echo, 10), part(b"abc", more=True), {"type": "http.disconnect"}) == []


@pytest.mark.parametrize(
    ("methods", "meet"),
    [
        (["POST"] * CHANGING, True),
        (["POST"] * CHANGING + ["GET"], True),
        (["GET"] * THREADS, True),
        (["POST"] * (CHANGING + 1), False),
        (["GET"] * (THREADS + 1), False),
    ],
)
def test_so_many_are_served_at_once_and_no_more(methods, meet):
    at_once = len(methods)
    together = Barrier(at_once)

    def waits(_environ, start_response):
        start_response("200 OK", [])
        together.wait(timeout=1)
        return [b""]

    served = Served(waits, 10)

    async def ask() -> None:
        async def receive() -> dict:
            return part(b"")

        async def send(_message: dict) -> None:
            pass

        await asyncio.gather(*(served(SCOPE | {"method": method}, receive, send) for method in methods))

    if meet:
        asyncio.run(ask())
    else:
        with pytest.raises(BrokenBarrierError):
            asyncio.run(ask())
